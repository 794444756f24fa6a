"""Every report as outsiders see it: names and states, no words."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import Message, Recording, Report
from hotline.transcription.models import Claim


def list_reports(session: Session, now: datetime) -> list[dict[str, Any]]:
    """All of them, oldest first, in the shape that `hotline queue --json` promises.

    `language` is a BCP 47 tag, `received_at` ISO 8601 in UTC, `seconds` the decoded length of what was spoken. A voice
    note that came by text is of kind `voice` and names its text's `message_sid`.
    """
    held = sa.exists().where(Claim.report_id == Report.id, Claim.released_at.is_(None), Claim.ends_at > now)
    rows = session.execute(
        sa.select(Report, Recording, Message.sid, held)
        .outerjoin(Recording, Recording.sid == Report.recording_sid)
        .outerjoin(Message, Message.id == sa.func.coalesce(Report.message_id, Recording.message_id))
        .order_by(Report.received_at, Report.id)
    )
    return [_shown(report, recording, message_sid, taken) for report, recording, message_sid, taken in rows]


def _shown(
    report: Report, recording: Recording | None, message_sid: str | None, taken: bool
) -> dict[str, Any]:
    by_call = report.kind == "voice" and report.call_sid is not None
    origin = {"call_sid": report.call_sid} if by_call else {"message_sid": message_sid}
    return {
        "report": report.reference,
        "kind": report.kind,
        **origin,
        "language": report.language,
        "language_chosen": report.language_chosen,
        "urgency": report.urgency,
        "state": "claimed" if taken and report.state == "waiting" else report.state,
        "received_at": report.received_at.isoformat(timespec="seconds"),
        "seconds": recording.seconds if recording else None,
    }
