"""What happened in a case: read from all that belongs to it, newest first, never written a second time."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hotline.callbacks.models import OPEN, Callback
from hotline.casework.conversation import read_conversation
from hotline.casework.models import Case, CaseChange, CaseNote, VoiceReply
from hotline.intake.models import Message, Report
from hotline.intake.text_fate import LOST, why_not_arrived
from hotline.mailbox.models import Mailbox
from hotline.staff.models import User
from hotline.transcription.models import Transcript
from hotline.transcription.read_attachments import Shown, read_attachments
from hotline.transcription.segments import Segment, read_segments


@dataclass(frozen=True)
class Moment:
    """One thing that happened; ours, or the worker's."""

    at: datetime
    by_worker: ClassVar[bool] = False


@dataclass(frozen=True)
class Heard(Moment):
    """A worker told us something, by voicemail or text."""

    report: Report
    body: str  # of a text, also of one with a voice note
    segments: tuple[Segment, ...]  # as spoken and its meaning, where somebody handed them in
    written_by: User | None
    attached: tuple[Shown, ...]  # what came with it, where this is its text's report
    by_worker = True


@dataclass(frozen=True)
class Texted(Moment):
    """We sent a text."""

    message: Message
    body: str
    language: str
    call_owed: bool  # to them, whatever asked for it
    tells_code: bool  # of their mailbox: theirs alone, and not in the words that we keep

    @property
    def lost(self) -> bool:
        return self.message.status in LOST

    @property
    def why(self) -> str:
        """Why it did not arrive, where that is known."""
        return why_not_arrived(self.message.error)


@dataclass(frozen=True)
class Wrote(Moment):
    """They sent a text that is no part of a case: an answer to a menu of ours, or what still queues."""

    body: str
    language: str
    report: Report | None
    by_worker = True


@dataclass(frozen=True)
class Noted(Moment):
    """A member of staff wrote a note."""

    by: User
    words: str


@dataclass(frozen=True)
class Changed(Moment):
    """A member of staff changed a field."""

    change: CaseChange


@dataclass(frozen=True)
class Opened(Moment):
    """A member of staff opened the case."""

    by: User


@dataclass(frozen=True)
class Answered(Moment):
    """A member of staff answered by voice."""

    reply: VoiceReply


def read_timeline(session: Session, case: Case) -> list[Moment]:
    """Everything that belongs to the case."""
    moments: list[Moment] = [Opened(case.opened_at, case.opened_by)]
    reports = session.scalars(
        sa.select(Report)
        .where(Report.case_id == case.id)
        .options(joinedload(Report.recording), joinedload(Report.message))
    ).all()
    moments += _heard(session, case, reports)
    moments += _texted(session, case)
    moments += _noted(session, case)
    moments += _changed(session, case)
    moments += _answered(session, case)
    return sorted(
        moments, key=lambda moment: (moment.at, not moment.by_worker), reverse=True
    )  # an answer is later


def _heard(session: Session, case: Case, reports: Iterable[Report]) -> Iterator[Heard]:
    transcripts = _handed_in(session, [report.id for report in reports])
    attached = read_attachments(session, [report.message_id for report in reports if report.message_id])
    for report in reports:
        written = transcripts.get(report.id)
        yield Heard(
            at=report.received_at,
            report=report,
            body=_body(case, report.message) if report.message else "",
            segments=tuple(read_segments(case.contact, written)) if written else (),
            written_by=written.author if written else None,
            attached=tuple(attached.get(report.message_id, ())) if report.message_id else (),
        )


def _handed_in(session: Session, report_ids: list[uuid.UUID]) -> dict[uuid.UUID, Transcript]:
    """The transcript handed in last, of each report."""
    found = session.scalars(
        sa.select(Transcript)
        .where(Transcript.report_id.in_(report_ids), Transcript.handed_in_at.is_not(None))
        .options(joinedload(Transcript.author))
        .order_by(Transcript.handed_in_at)
    )
    return {transcript.report_id: transcript for transcript in found}


def _texted(session: Session, case: Case) -> Iterator[Texted | Wrote]:
    is_owed = sa.exists().where(Callback.contact_id == case.contact_id, Callback.state.in_(OPEN))
    call_owed = bool(session.scalar(sa.select(is_owed)))
    codes = set(session.scalars(sa.select(Mailbox.id).where(Mailbox.contact_id == case.contact_id)))
    for text in read_conversation(session, case):
        message, report = text.message, text.report
        body, spoken = _body(case, message), report.language if report else case.language
        if message.direction == "out":
            yield Texted(message.at, message, body, spoken, call_owed, message.id in codes)
        elif body.strip() and (report is None or report.case_id is None):  # else it is told as its report
            yield Wrote(message.at, body, spoken, report)


def _noted(session: Session, case: Case) -> Iterator[Noted]:
    notes = sa.select(CaseNote).where(CaseNote.case_id == case.id).options(joinedload(CaseNote.by))
    for note in session.scalars(notes):
        words = case.contact.open(note.words, f"case_notes.words:{note.id}").decode()
        yield Noted(note.at, note.by, words)


def _changed(session: Session, case: Case) -> Iterator[Changed]:
    changes = sa.select(CaseChange).where(CaseChange.case_id == case.id).options(joinedload(CaseChange.by))
    return (Changed(change.at, change) for change in session.scalars(changes))


def _answered(session: Session, case: Case) -> Iterator[Answered]:
    replies = sa.select(VoiceReply).where(VoiceReply.case_id == case.id).options(joinedload(VoiceReply.by))
    return (Answered(reply.at, reply) for reply in session.scalars(replies))


def _body(case: Case, message: Message) -> str:
    return case.contact.open(message.body, f"messages.body:{message.id}").decode(errors="replace")
