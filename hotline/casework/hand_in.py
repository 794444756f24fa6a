"""Hand a report in: what was written down becomes part of a case, in one transaction."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.casework.add_to_case import add_to_case
from hotline.casework.models import Case, Category
from hotline.casework.open_case import open_case
from hotline.intake.models import Contact, Urgency
from hotline.staff.models import User
from hotline.transcription.hand_in_transcript import hand_in_transcript


def hand_in(
    session: Session,
    report_id: uuid.UUID,
    member: User,
    *,
    urgency: Urgency,
    category: Category,
    case_id: uuid.UUID | None,
    now: datetime,
) -> Case:
    """The report is done; it opens a new case, or extends one of the same contact.

    Raises:
        NotHeld, NothingWritten: the member cannot hand it in.
        OtherContact: the case is another person's.
    """
    report, _ = hand_in_transcript(session, report_id, member, urgency, now)
    if case_id is None:
        return open_case(session, report, member, urgency=urgency, category=category, now=now)
    case = session.get_one(Case, case_id)
    add_to_case(session, report, case, member, now)
    return case


def cases_of(session: Session, contact: Contact) -> list[Case]:
    """The contact's cases, those that are open first, then the newest."""
    wanted = sa.select(Case).where(Case.contact_id == contact.id)
    return list(session.scalars(wanted.order_by(Case.state == "closed", Case.opened_at.desc()).limit(10)))
