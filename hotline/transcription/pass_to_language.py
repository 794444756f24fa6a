"""A report is in another language: those who have it get it."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.intake.models import Report
from hotline.staff.models import User
from hotline.transcription.claim_report import standing_claim, takes
from hotline.transcription.errors import HeldByAnother, NotYours
from hotline.vault.audit import record


def pass_to_language(
    session: Session, report_id: uuid.UUID, member: User, language: str, now: datetime
) -> None:
    """Send the report to the queue of this language. Somebody heard it: it is assumed no more.

    Raises:
        NotYours: not there, or not in this member's languages.
        HeldByAnother: somebody else works on it.
    """
    report = session.get(Report, report_id, with_for_update=True)
    if report is None or report.state == "done" or not takes(member, report):
        raise NotYours
    held = standing_claim(session, report_id, lock=True)
    if held is not None and held.ends_at > now and held.holder_id != member.id:
        raise HeldByAnother(held)
    if held is not None:
        held.released_at = now
    record(session, member.id, "language", "reports", report_id, before=report.language, after=language)
    report.language, report.language_chosen = language, True
