"""A report is in another language: those who have it get it."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.staff.models import User
from hotline.transcription.claim_report import lock_open_report, release, standing_claim
from hotline.transcription.errors import HeldByAnother
from hotline.vault.audit import record


def pass_to_language(
    session: Session, report_id: uuid.UUID, member: User, language: str, now: datetime
) -> None:
    """Send the report to the queue of this language. Somebody heard it: it is assumed no more.

    Raises:
        NotYours: not there, or not in this member's languages.
        NotOpen: on its way, or done.
        HeldByAnother: somebody else works on it.
    """
    report = lock_open_report(session, report_id, member)
    held = standing_claim(session, report.id)
    if held is not None and held.ends_at > now and held.holder_id != member.id:
        raise HeldByAnother(held)
    release(session, held, now)
    record(session, member.id, "language", "reports", report.id, before=report.language, after=language)
    report.language, report.language_chosen = language, True
