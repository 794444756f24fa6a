"""What waits, for whom: read with two statements, whatever its length."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from hotline.intake.models import URGENCIES, Contact, Report, Urgency
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.models import Claim

MOST = 300  # rows on a page; beyond that the counts still tell

RANK = sa.case({word: rank for rank, word in enumerate(URGENCIES)}, value=Report.urgency)


@dataclass(frozen=True)
class Waiting:
    """One report in the queue, and who holds it."""

    report: Report
    claim: Claim | None  # not lapsed
    nth: int  # which report of this contact it is, from 1

    @property
    def free(self) -> bool:
        return self.claim is None and self.report.state in ("waiting", "not_received")


def targets(settings: Settings) -> dict[Urgency, timedelta]:
    """How long each may wait."""
    return {
        "danger": timedelta(minutes=settings.danger_minutes),
        "urgent": timedelta(hours=settings.urgent_hours),
        "standard": timedelta(hours=settings.standard_hours),
    }


def read_queue(session: Session, languages: Sequence[str] | None, now: datetime) -> list[Waiting]:
    """What is not done, danger first, then urgent, then standard, oldest first; None: every language."""
    earlier = aliased(Report)
    nth = (
        sa.select(sa.func.count())
        .where(earlier.contact_id == Report.contact_id, earlier.received_at <= Report.received_at)
        .scalar_subquery()
    )
    wanted = (
        sa.select(Report, Claim, nth)
        .outerjoin(
            Claim,
            sa.and_(Claim.report_id == Report.id, Claim.released_at.is_(None), Claim.ends_at > now),
        )
        .where(Report.state != "done")
        .options(
            joinedload(Report.contact),
            joinedload(Report.recording),
            joinedload(Report.message),
            joinedload(Report.line),
            joinedload(Claim.holder),
        )
        .order_by(RANK, Report.received_at)
        .limit(MOST)
    )
    if languages is not None:
        wanted = wanted.where(Report.language.in_(languages))
    return [Waiting(report, claim, count) for report, claim, count in session.execute(wanted).unique()]


def count_by_language(session: Session) -> Counter[str]:
    """How many wait in each language, everybody's."""
    rows = session.execute(
        sa.select(Report.language, sa.func.count()).where(Report.state != "done").group_by(Report.language)
    )
    return Counter(dict(rows.all()))


def next_for(session: Session, member: User, now: datetime) -> Report | None:
    """The one that this member should take next: the most pressing that nobody holds."""
    held = sa.exists().where(Claim.report_id == Report.id, Claim.released_at.is_(None), Claim.ends_at > now)
    wanted = (
        sa.select(Report)
        .where(Report.state.in_(("waiting", "not_received")), Report.language.in_(member.languages), ~held)
        .order_by(RANK, Report.received_at)
        .limit(1)
    )
    return session.scalars(wanted).first()


def earlier_reports(session: Session, contact: Contact, than: Report) -> list[Report]:
    """What the same contact told before, newest first."""
    wanted = (
        sa.select(Report)
        .where(Report.contact_id == contact.id, Report.id != than.id, Report.received_at <= than.received_at)
        .order_by(Report.received_at.desc())
        .limit(20)
    )
    return list(session.scalars(wanted))
