"""Hold a report for one member of staff, for a while.

Every verb about a claim locks the report first, so that two of them follow one another.
"""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import Report
from hotline.staff.models import User
from hotline.transcription.errors import HeldByAnother, NotHeld, NotOpen, NotYours
from hotline.transcription.models import Claim
from hotline.vault.audit import record

OPEN = ("waiting", "not_received")  # what is offered, and what somebody may take


def claim_report(
    session: Session, report_id: uuid.UUID, member: User, now: datetime, lasts: timedelta
) -> Claim:
    """Give the member this report to work on; who holds it already goes on.

    Raises:
        NotYours: not there, or in a language that the member does not take.
        NotOpen: on its way and no danger, or done.
        HeldByAnother: another's claim has not lapsed; the error carries it.
    """
    report = lock_open_report(session, report_id, member)
    held = standing_claim(session, report.id)
    if held is not None and held.ends_at > now:
        if held.holder_id != member.id:
            raise HeldByAnother(held)
        held.ends_at = now + lasts
        return held
    release(session, held, now)
    made = Claim(report_id=report.id, holder=member, taken_at=now, ends_at=now + lasts)
    session.add(made)
    session.flush()
    record(session, member.id, "claimed", "reports", report.id)
    return made


def hold_on(session: Session, report_id: uuid.UUID, member: User, now: datetime, lasts: timedelta) -> Claim:
    """The member saved, played or sought: the claim lasts from now. Raises: NotHeld."""
    held = held_by(session, report_id, member, now)
    held.ends_at = now + lasts
    return held


def give_back(session: Session, report_id: uuid.UUID, member: User, now: datetime) -> None:
    """Let others take it; what was written stays the member's draft. Raises: NotHeld."""
    release(session, held_by(session, report_id, member, now), now)
    record(session, member.id, "gave back", "reports", report_id)


def reassign(
    session: Session, report_id: uuid.UUID, to: User | None, by: User, now: datetime, lasts: timedelta
) -> None:
    """A supervisor gives a report to a member who reads its language, or frees it.

    Raises:
        NotYours: not there, or the member does not read it.
        NotOpen: on its way and no danger, or done.
    """
    report = lock_open_report(session, report_id, to or by)
    release(session, standing_claim(session, report.id), now)
    if to is not None:
        session.add(Claim(report_id=report.id, holder=to, taken_at=now, ends_at=now + lasts))
    record(session, by.id, "reassigned", "reports", report.id, to=str(to.id) if to else None)


def lock_open_report(session: Session, report_id: uuid.UUID, member: User) -> Report:
    """The report, for this transaction alone. Raises: NotYours, NotOpen."""
    report = session.get(Report, report_id, with_for_update=True)
    if report is None or not takes(member, report):
        raise NotYours
    # Danger is taken while its recording is on its way, too: else it is alarmed, and nobody can end that.
    if report.state not in OPEN and (report.state, report.urgency) != ("arriving", "danger"):
        raise NotOpen(report.state)
    return report


def held_by(session: Session, report_id: uuid.UUID, member: User, now: datetime) -> Claim:
    """The member's claim, its report locked. Raises: NotHeld."""
    session.get(Report, report_id, with_for_update=True)
    held = standing_claim(session, report_id)
    if held is None or held.holder_id != member.id or held.ends_at <= now:
        raise NotHeld
    return held


def standing_claim(session: Session, report_id: uuid.UUID) -> Claim | None:
    """The claim that was not released, lapsed or not, as the database has it now."""
    wanted = sa.select(Claim).where(Claim.report_id == report_id, Claim.released_at.is_(None))
    return session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()


def release(session: Session, claim: Claim | None, now: datetime) -> None:
    """End a claim, if there is one, before the next is written."""
    if claim is not None:
        claim.released_at = now
        session.flush()


def takes(member: User, report: Report) -> bool:
    """Whether a report is in a language that this member is given; supervisors take every language."""
    return report.language in member.languages or member.role == "supervisor"
