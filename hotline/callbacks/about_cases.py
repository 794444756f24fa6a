"""Which cases a call that is owed is about: whoever places it reads them first."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.intake.models import Report
from hotline.intake.whose_matter import whose_matter


def cases_about(session: Session, owed: Callback) -> list[str]:
    """The codes of the open ones, newest first: of the mailbox that was opened in the call that asked for it, if any,
    else of the phone's person."""
    matter = whose_matter(session, owed.call_sid, owed.asked_at)
    theirs = Report.matter_id == matter.id if matter and matter.id else Report.contact_id == owed.contact_id
    codes = sa.text(
        "SELECT code FROM cases WHERE id = ANY(:ids) AND state <> 'closed' ORDER BY opened_at DESC"
    )
    ids = session.scalars(
        sa.select(Report.case_id).where(theirs, Report.case_id.is_not(None)).distinct()
    ).all()
    return list(session.scalars(codes, {"ids": list(ids)})) if ids else []
