"""Danger that nobody holds: the supervisors on duty are told by text, at once and again until somebody takes it."""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.errors import RefusedByCarrier
from hotline.carrier.numbers import is_phone
from hotline.carrier.try_again import trying_again
from hotline.db import utcnow
from hotline.flow.opening import is_within
from hotline.flow.reference import printed
from hotline.intake.models import Call, Line, Report
from hotline.outbox import RANKS, Promised, give_up, keep, promise
from hotline.settings import Settings
from hotline.staff.models import Role, User
from hotline.transcription.models import Claim

VALID_SECONDS = 600  # an alarm that comes later has been followed by another


def promise_alarms(session: Session, settings: Settings, now: datetime) -> int:
    """Promise what is due by now, once a round and phone; the answer is how many calls and texts nobody holds."""
    again = timedelta(minutes=settings.danger_minutes)
    # A call may have left several reports.
    origin = sa.func.coalesce(Report.call_sid, sa.cast(Report.id, sa.Text))
    oldest = (
        sa.select(Report)
        .ext(distinct_on(origin))
        .where(_is_alone(now))
        .order_by(origin, Report.received_at, Report.id)
    )
    alone = session.scalars(oldest).all()
    phones = _to_tell(session, settings, now) if alone else []  # asked each second: mostly there is no danger
    for report in alone:
        number = int((now - report.received_at) / again)
        for member in phones:
            what = {"report_id": str(report.id), "user_id": str(member.id)}
            key = f"alarm:{report.id}:{number}:{member.id}"
            promise(session, "alarm", key, what, rank=RANKS["danger"])
    return len(alone)


def send_alarm(sessions: sessionmaker[Session], carrier: Carrier, held: Promised, settings: Settings) -> None:
    """Text one supervisor, unless somebody has taken the report meanwhile. Raises: TryAgain, LeaseLost."""
    with sessions.begin() as session:
        this = Report.id == uuid.UUID(held.payload["report_id"])
        report = session.scalars(sa.select(Report).where(this, _is_alone(utcnow()))).one_or_none()
        member = session.get(User, uuid.UUID(held.payload["user_id"]))
        if report is None or member is None or not member.phone:
            keep(session, held)
            return
        ours, theirs = _number_to_tell_from(session, report), member.phone
        if ours is None:
            give_up(session, held, "NoNumberOfOurs")
            return
        # No word of what was said, nor of us: phones lie on tables.
        words = f"Danger: {printed(report.reference)} waits, and nobody holds it."
    try:
        with trying_again(lost_after=20):
            sent = carrier.find_sent_text(theirs, ours, held.made_at, words) if held.attempts > 1 else None
            if sent is None:
                carrier.send_text(ours, theirs, words, f"{settings.public_url}/sms/status", VALID_SECONDS)
    except RefusedByCarrier as refused:
        with sessions.begin() as session:
            give_up(session, held, type(refused).__name__)
        return
    with sessions.begin() as session:
        keep(session, held)


def _is_alone(now: datetime) -> sa.ColumnElement[bool]:
    """In danger, not done, and held by nobody: also where what was said has not come, or never will."""
    held = sa.exists().where(Claim.report_id == Report.id, Claim.released_at.is_(None), Claim.ends_at > now)
    return sa.and_(Report.urgency == "danger", Report.state != "done", ~held)


def _number_to_tell_from(session: Session, report: Report) -> str | None:
    """The report's line; of a number in no line that number, as it was dialled; else any line of ours."""
    if report.line is not None:
        return report.line.number
    call = session.get(Call, report.call_sid) if report.call_sid else None
    dialled = call.dialled if call else report.message.dialled if report.message else ""
    if is_phone(dialled):
        return dialled
    return session.scalars(sa.select(Line.number).order_by(Line.rehearsal, Line.added_at).limit(1)).first()


def _to_tell(session: Session, settings: Settings, now: datetime) -> list[User]:
    """Supervisors on duty with a phone; where nobody is on duty, every supervisor who has one."""
    supervisors = session.scalars(
        sa.select(User).where(User.active, User.phone.is_not(None), User.roles.any(Role.name == "supervisor"))
    ).all()
    on_duty = [
        one for one in supervisors if one.takes_calls and is_within(one.duty, now, one.zone or settings.zone)
    ]
    return on_duty or list(supervisors)
