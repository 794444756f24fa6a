"""Hold a report for one member of staff, for a while."""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import Report
from hotline.staff.models import User
from hotline.transcription.errors import HeldByAnother, NotHeld, NotYours
from hotline.transcription.models import Claim
from hotline.vault.audit import record

OPEN = ("waiting", "not_received")  # what somebody may take


def claim_report(
    session: Session, report_id: uuid.UUID, member: User, now: datetime, lasts: timedelta
) -> Claim:
    """Give the member this report to work on; who holds it already goes on.

    Raises:
        NotYours: not there, or in a language that the member does not take.
        HeldByAnother: another's claim has not lapsed; the error carries it.
    """
    report = session.get(Report, report_id, with_for_update=True)
    if report is None or report.state not in OPEN or not takes(member, report):
        raise NotYours
    held = standing_claim(session, report_id)
    if held is not None and held.holder_id == member.id and held.ends_at > now:
        held.ends_at = now + lasts
        return held
    if held is not None and held.ends_at > now:
        raise HeldByAnother(held)
    if held is not None:
        held.released_at = now
        session.flush()
    made = Claim(report_id=report_id, holder=member, taken_at=now, ends_at=now + lasts)
    session.add(made)
    session.flush()
    record(session, member.id, "claimed", "reports", report_id)
    return made


def hold_on(session: Session, report_id: uuid.UUID, member: User, now: datetime, lasts: timedelta) -> Claim:
    """The member saved, played or sought: the claim lasts from now. Raises: NotHeld."""
    held = held_by(session, report_id, member, now)
    held.ends_at = now + lasts
    return held


def give_back(session: Session, report_id: uuid.UUID, member: User, now: datetime) -> None:
    """Let others take it; what was written stays the member's draft. Raises: NotHeld."""
    held_by(session, report_id, member, now).released_at = now
    record(session, member.id, "gave back", "reports", report_id)


def reassign(
    session: Session, report_id: uuid.UUID, to: User | None, by: User, now: datetime, lasts: timedelta
) -> None:
    """A supervisor gives a report to a member who reads its language, or frees it.

    Raises:
        NotYours: not there, or the member does not read it.
    """
    report = session.get(Report, report_id, with_for_update=True)
    if report is None or report.state not in OPEN or (to is not None and not takes(to, report)):
        raise NotYours
    held = standing_claim(session, report_id)
    if held is not None:
        held.released_at = now
        session.flush()
    if to is not None:
        session.add(Claim(report_id=report_id, holder=to, taken_at=now, ends_at=now + lasts))
    record(session, by.id, "reassigned", "reports", report_id, to=str(to.id) if to else None)


def held_by(session: Session, report_id: uuid.UUID, member: User, now: datetime) -> Claim:
    """The member's claim, locked. Raises: NotHeld."""
    held = standing_claim(session, report_id, lock=True)
    if held is None or held.holder_id != member.id or held.ends_at <= now:
        raise NotHeld
    return held


def standing_claim(session: Session, report_id: uuid.UUID, *, lock: bool = False) -> Claim | None:
    """The claim that was not released, lapsed or not."""
    wanted = sa.select(Claim).where(Claim.report_id == report_id, Claim.released_at.is_(None))
    if lock:
        wanted = wanted.with_for_update(of=Claim)
    return session.scalars(wanted).one_or_none()


def takes(member: User, report: Report) -> bool:
    """Whether a report is in a language that this member is given; supervisors take every language."""
    return report.language in member.languages or member.role == "supervisor"
