"""Who listened to what, or looked at its pictures: one row of the audit trail a person, report and claim."""

import uuid

from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.staff.models import User
from hotline.transcription.claim_report import standing_claim
from hotline.vault.audit import record


def note_listen(session: Session, report_id: uuid.UUID, member: User, did: str = "listened") -> None:
    """However often they play it under one claim, it is one listen; without a claim, one a day."""
    claim = standing_claim(session, report_id)
    under = claim.id if claim and claim.holder_id == member.id else utcnow().date().isoformat()
    once = f"{did}:{report_id}:{member.id}:{under}"
    record(session, member.id, did, "reports", report_id, once=once)
