"""The member has written a report down: it waits no more."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.intake.models import Report, Urgency
from hotline.staff.models import User
from hotline.transcription.claim_report import held_by, release
from hotline.transcription.models import Transcript
from hotline.transcription.save_draft import draft_of
from hotline.vault.audit import record


class NothingWritten(Exception):
    """There is no draft to hand in."""


def hand_in_transcript(
    session: Session, report_id: uuid.UUID, member: User, urgency: Urgency, now: datetime
) -> tuple[Report, Transcript]:
    """Hand in the member's draft and end their claim; the report is done.

    Raises:
        NotHeld: the claim has lapsed, or another's stands.
        NothingWritten: see there.
    """
    held = held_by(session, report_id, member, now)
    report = session.get_one(Report, report_id)
    draft = draft_of(session, report_id, member)
    if draft is None:
        raise NothingWritten
    draft.handed_in_at = now
    release(session, held, now)
    if report.urgency != urgency:
        record(session, member.id, "urgency", "reports", report_id, before=report.urgency, after=urgency)
        report.urgency = urgency
    report.state, report.done_at = "done", now
    record(session, member.id, "handed in", "reports", report_id, version=draft.version)
    return report, draft
