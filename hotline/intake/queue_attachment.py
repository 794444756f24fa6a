"""Where what came with a text queues: beside its words, and a voice note as a voicemail does.

A text is one report. Its first voice note makes it a report by voice, with the words and pictures beside, unless
somebody has begun on the words; then that note, as each further one, is a report of its own: it has one waveform
and one transcript, and may be given to others.
"""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.free_reference import free_reference
from hotline.intake.models import Attachment, Message, Report

# The room that claims are of lies above this one.
BEGUN = sa.text("SELECT EXISTS (SELECT FROM claims WHERE report_id = :id)")
AWAITED = ("arriving", "not_received")


def queue_attachment(session: Session, attachment: Attachment) -> None:
    """It is stored, or given up: its text's report waits for somebody, or once more. Nobody turned away queues."""
    session.flush()
    this = sa.select(Report).where(Report.message_id == attachment.message_id)
    report = session.scalars(
        this.with_for_update(), execution_options={"populate_existing": True}
    ).one_or_none()
    if report is None:
        return
    if attachment.recording_sid is not None and not _takes_voice(session, report):
        _queue_alone(session, report, attachment.recording_sid)
        _wait_for_people(session, report, attachment)
        return
    if attachment.recording_sid is not None:
        report.kind, report.recording_sid = "voice", attachment.recording_sid
    elif report.state == "done":  # it came after its words were handed in: somebody has to look at it
        report.state, report.done_at = "waiting", None
    _wait_for_people(session, report, attachment)


def _takes_voice(session: Session, report: Report) -> bool:
    """Whether this report can become that of a voice note: it has none, and nobody has begun on it."""
    return report.recording_sid is None and not session.scalar(BEGUN, {"id": report.id})


def _wait_for_people(session: Session, report: Report, attachment: Attachment) -> None:
    if report.state not in AWAITED:
        return
    if attachment.state == "stored":
        report.state = "waiting"
    elif not _awaits_more(session, attachment.message_id):
        report.state = "not_received"


def _awaits_more(session: Session, message_id: uuid.UUID) -> bool:
    more = sa.exists().where(Attachment.message_id == message_id, Attachment.state == "arriving")
    return bool(session.scalar(sa.select(more)))


def _queue_alone(session: Session, beside: Report, recording_sid: str) -> None:
    message = session.get_one(Message, beside.message_id)
    session.add(
        Report(
            reference=free_reference(session),
            kind="voice",
            contact_id=beside.contact_id,
            line_id=beside.line_id,
            recording_sid=recording_sid,
            language=beside.language,
            language_chosen=beside.language_chosen,
            urgency=beside.urgency,
            state="waiting",
            received_at=message.at,
            rehearsal=beside.rehearsal,
        )
    )
