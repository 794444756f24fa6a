"""What lies on the workbench beside the words: the way in, what was told before, who else could do it."""

import json
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hotline.intake.models import Report, Step
from hotline.intake.take_in_recording import place_of
from hotline.staff.models import User
from hotline.transcription.models import Transcript
from hotline.transcription.save_draft import draft_of
from hotline.transcription.segments import Segment, read_segments
from hotline.transcription.snippet import words_of

MOST_EARLIER = 20


def read_report(session: Session, report_id: uuid.UUID) -> Report | None:
    """A report with all that it is made of, in one statement."""
    parts = [joinedload(part) for part in (Report.contact, Report.recording, Report.message, Report.line)]
    return session.get(Report, report_id, options=parts)


def peaks_of(report: Report) -> list[int]:
    """The waveform, 0 to 100; empty where there is none."""
    recording = report.recording
    if recording is None or recording.peaks is None:
        return []
    opened: list[int] = json.loads(report.contact.open(recording.peaks, place_of(recording.sid, "peaks")))
    return opened


def lines_of(report: Report, written: Transcript | None) -> list[Segment]:
    """What was written down; before that one empty line, or a text's own words."""
    if written:
        return read_segments(report.contact, written)
    return [Segment(0.0, words_of(report) if report.kind == "text" else "", "")]


def way_in(session: Session, report: Report) -> list[Step]:
    """The steps that led to the microphone."""
    if report.call_sid is None:
        return []
    return list(
        session.scalars(sa.select(Step).where(Step.call_sid == report.call_sid).order_by(Step.number))
    )


def earlier_reports(session: Session, report: Report) -> list[Report]:
    """What the same contact told before, newest first."""
    wanted = (
        sa.select(Report)
        .where(
            Report.contact_id == report.contact_id,
            Report.id != report.id,
            Report.received_at <= report.received_at,
        )
        .order_by(Report.received_at.desc())
        .limit(MOST_EARLIER)
    )
    return list(session.scalars(wanted))


def readers_of(session: Session, language: str) -> list[User]:
    """Members who have this language."""
    has = sa.literal(language) == sa.any_(User.languages)
    return list(session.scalars(sa.select(User).where(User.active, has).order_by(User.name)))


def written_for(session: Session, report: Report, member: User, *, may_read: bool) -> Transcript | None:
    """The member's own draft; where they may read the case and have none, what was handed in."""
    own = draft_of(session, report.id, member)
    if own is not None or not may_read:
        return own
    handed_in = (
        sa.select(Transcript)
        .where(Transcript.report_id == report.id, Transcript.handed_in_at.is_not(None))
        .options(joinedload(Transcript.author))
        .order_by(Transcript.handed_in_at.desc())
    )
    return session.scalars(handed_in).first()
