"""Open a case from what a worker told us."""

import uuid
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.casework.models import Case, Category
from hotline.db import new_id
from hotline.flow.reference import new_reference
from hotline.intake.models import Report, Urgency
from hotline.staff.models import User
from hotline.vault.audit import record

TRIES = 100  # of a million codes; this many taken ones in a row mean that they run out


class NoFreeCode(Exception):
    """Nearly every code names a case already."""


def open_case(
    session: Session, report: Report, member: User, *, urgency: Urgency, category: Category, now: datetime
) -> Case:
    """A new case of the report's contact, with the report as its first part.

    Raises:
        NoFreeCode: see there.
    """
    case = session.get_one(Case, _insert(session, report, member, urgency, category, now))
    report.case_id = case.id
    record(session, member.id, "opened", "cases", case.id, report=str(report.id))
    return case


def _insert(
    session: Session, report: Report, member: User, urgency: Urgency, category: Category, now: datetime
) -> uuid.UUID:
    """Insert under a code that no case bears: two who draw the same at once do not both get it."""
    for _ in range(TRIES):
        row = insert(Case).values(
            id=new_id(),
            code=new_reference(),
            contact_id=report.contact_id,
            language=report.language,
            urgency=urgency,
            category=category,
            opened_by_id=member.id,
            opened_at=now,
            rehearsal=report.rehearsal,
        )
        made: uuid.UUID | None = session.scalar(
            row.on_conflict_do_nothing(index_elements=[Case.code]).returning(Case.id)
        )
        if made is not None:
            return made
    raise NoFreeCode
