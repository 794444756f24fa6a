"""The register of measures: each figure has one name, one definition, and one statement.

"Today" begins at midnight of the zone that is asked for: instants are converted, then cut.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.ledger import Ledger, keep_ledger
from hotline.intake.models import Call, Contact, Line, Report, Step, Urgency
from hotline.outbox import OutboxRow
from hotline.staff.models import User
from hotline.transcription.models import Claim

SLOW = timedelta(minutes=1)  # that a promise may be due before somebody is told
PRESENT = timedelta(minutes=5)  # since somebody was last here


@dataclass(frozen=True)
class CallNow:
    """A call that has not ended."""

    line: str  # its name or number; a number unknown to us as it was dialled
    known_line: bool
    language: str | None  # none: not chosen, and not known from before
    node: str  # where in the tree
    started_at: datetime


@dataclass(frozen=True)
class Waits:
    """What waits in one language."""

    language: str
    count: int
    oldest_at: datetime
    oldest_urgency: Urgency


@dataclass(frozen=True)
class Pressing:
    """One report that must not wait."""

    language: str
    urgency: Urgency
    received_at: datetime
    holder: str | None


def midnight(zone: ZoneInfo, now: datetime) -> datetime:
    """When today began there."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def calls_now(session: Session) -> list[CallNow]:
    """Calls whose end was not told, the longest first."""
    last = (
        sa.select(Step.node, Step.language)
        .where(Step.call_sid == Call.sid)
        .order_by(Step.number.desc())
        .limit(1)
        .lateral()
    )
    rows = session.execute(
        sa.select(Call, Line, last.c.node, last.c.language, Contact.language)
        .select_from(Call)
        .outerjoin(last, sa.true())
        .outerjoin(Line, Line.id == Call.line_id)
        .outerjoin(Contact, Contact.id == Call.contact_id)
        .where(Call.ended_at.is_(None))
        .order_by(Call.started_at)
        .limit(100)
    )
    return [
        CallNow(
            line=(line.name or line.number) if line else call.dialled,
            known_line=line is not None,
            language=language or known,
            node=node or "the beginning",
            started_at=call.started_at,
        )
        for call, line, node, language, known in rows
    ]


def waiting_by_language(session: Session) -> list[Waits]:
    """Reports that are not done, by language, with the oldest; the oldest first."""
    ranked = (
        sa.select(
            Report.language,
            Report.received_at,
            Report.urgency,
            sa.func.count().over(partition_by=Report.language).label("waits"),
            sa.func.row_number().over(partition_by=Report.language, order_by=Report.received_at).label("nth"),
        )
        .where(Report.state != "done")
        .subquery()
    )
    rows = session.execute(sa.select(ranked).where(ranked.c.nth == 1).order_by(ranked.c.received_at))
    return [Waits(row.language, row.waits, row.received_at, row.urgency) for row in rows]


def pressing(session: Session, now: datetime) -> list[Pressing]:
    """Danger, then urgent, oldest first, and who holds them."""
    rows = session.execute(
        sa.select(Report.language, Report.urgency, Report.received_at, User.name)
        .outerjoin(
            Claim, sa.and_(Claim.report_id == Report.id, Claim.released_at.is_(None), Claim.ends_at > now)
        )
        .outerjoin(User, User.id == Claim.holder_id)
        .where(Report.state != "done", Report.urgency != "standard")
        .order_by(Report.urgency, Report.received_at)
        .limit(12)
    )
    return [Pressing(language, urgency, at, holder) for language, urgency, at, holder in rows]


def calls_by_hour(session: Session, zone: ZoneInfo, now: datetime) -> dict[int, dict[str, int]]:
    """Calls that began today, by hour and language; `?` where none was chosen or known."""
    chosen = (
        sa.select(Step.language)
        .where(Step.call_sid == Call.sid, Step.language_chosen)
        .order_by(Step.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    hour = sa.cast(sa.extract("hour", sa.func.timezone(zone.key, Call.started_at)), sa.Integer)
    language = sa.func.coalesce(chosen, Contact.language, "?")
    rows = session.execute(
        sa.select(hour, language, sa.func.count())
        .select_from(Call)
        .outerjoin(Contact, Contact.id == Call.contact_id)
        .where(Call.started_at >= midnight(zone, now))
        .group_by(hour, language)
    )
    counted: dict[int, dict[str, int]] = {}
    for at, spoken, count in rows:
        counted.setdefault(at, {})[spoken] = count
    return counted


def ledger_today(session: Session, zone: ZoneInfo, now: datetime) -> Ledger:
    """What became of the calls and texts that began today."""
    return keep_ledger(session, since=midnight(zone, now))


def stopped_since(session: Session, now: datetime) -> datetime | None:
    """Since when nobody keeps what is promised (voicemails taken in, texts sent); nothing while all is well."""
    nobody = sa.or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < now)
    oldest = sa.select(sa.func.min(OutboxRow.due_at)).where(OutboxRow.state == "due", nobody)
    since: datetime | None = session.scalar(oldest)
    return since if since is not None and now - since > SLOW else None


def heard_within_target(
    session: Session, zone: ZoneInfo, now: datetime, targets: dict[Urgency, timedelta]
) -> float | None:
    """Of the reports handed in today, the share within their target; nothing where there is none."""
    in_time = sa.or_(
        *(
            sa.and_(Report.urgency == urgency, Report.done_at - Report.received_at <= target)
            for urgency, target in targets.items()
        )
    )
    done, well = session.execute(
        sa.select(sa.func.count(), sa.func.count().filter(in_time)).where(
            Report.done_at >= midnight(zone, now)
        )
    ).one()
    return well / done if done else None


def on_duty(session: Session, now: datetime) -> dict[str, list[str]]:
    """Who is here, by language; a language that waits and has nobody is listed empty."""
    present = session.scalars(
        sa.select(User).where(User.active, User.last_seen_at > now - PRESENT).order_by(User.name)
    )
    duty: dict[str, list[str]] = {}
    for member in present:
        for language in member.languages:
            duty.setdefault(language, []).append(member.name)
    for language in session.scalars(sa.select(Report.language).where(Report.state != "done").distinct()):
        duty.setdefault(language, [])
    return dict(sorted(duty.items()))
