"""What waits: read with two statements, whatever its length, and kept for a second."""

import hashlib
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from hotline.intake.models import URGENCIES, Attachment, Call, Report, ReportState, Urgency, Verdict
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.claim_report import OPEN
from hotline.transcription.models import Claim
from hotline.transcription.snippet import snippet_of

MOST = 2000  # rows read; beyond that the counts still tell
KEPT = 1.0  # seconds that a process answers from what it read

SHUT = sa.or_(Attachment.kind.is_(None), Attachment.kind == "file")
RANK = sa.case({word: rank for rank, word in enumerate(URGENCIES)}, value=Report.urgency)


@dataclass(frozen=True)
class Waiting:
    """One report in the queue, and who holds it: values alone, so that threads may share it."""

    report_id: uuid.UUID
    kind: str
    language: str
    language_chosen: bool
    urgency: Urgency
    state: ReportState
    received_at: datetime
    rehearsal: bool
    contact: str  # K-…
    withheld: bool
    nth: int  # which report of this contact it is, from 1
    seconds: float | None
    verdict: Verdict | None
    words: str  # the beginning of a text
    holder_id: uuid.UUID | None  # whose claim has not lapsed
    holder: str
    initials: str
    until: datetime | None
    called: str = ""  # Voicemail, Voice note, Text
    pictures: int = 0  # that came with a text
    silence: str = ""  # of a call in danger without a recording (Report.silence)
    files: int = 0  # that did and are neither pictures nor heard, or are on their way


@dataclass(frozen=True)
class Snapshot:
    """The queue of one moment. `version` changes when anything in it does."""

    rows: tuple[Waiting, ...]
    counts: Counter[str]  # by language, everybody's
    version: str


class KeptQueue:
    """What a process read last, given to whoever asks within a second."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read_at = 0.0
        self._kept: Snapshot | None = None

    def look(self, session: Session, now: datetime, *, fresh: bool = False) -> Snapshot:
        with self._lock:
            if fresh or self._kept is None or time.monotonic() - self._read_at > KEPT:
                self._kept, self._read_at = read_queue(session, now), time.monotonic()
            return self._kept


def targets(settings: Settings) -> dict[Urgency, timedelta]:
    """How long each may wait."""
    return {
        "danger": timedelta(minutes=settings.danger_minutes),
        "urgent": timedelta(hours=settings.urgent_hours),
        "standard": timedelta(hours=settings.standard_hours),
    }


def read_queue(session: Session, now: datetime) -> Snapshot:
    """What is not done: danger first, then urgent, then standard; oldest first in each."""
    earlier = aliased(Report)
    nth = (
        sa.select(sa.func.count())
        .where(earlier.contact_id == Report.contact_id, earlier.received_at <= Report.received_at)
        .scalar_subquery()
    )
    held = sa.and_(Claim.report_id == Report.id, Claim.released_at.is_(None), Claim.ends_at > now)
    wanted = (
        sa.select(Report, Claim, nth, _attached(Attachment.kind == "picture"), _attached(SHUT))
        .outerjoin(Claim, held)
        .where(Report.state != "done")
        .options(
            joinedload(Report.contact),
            joinedload(Report.recording),
            joinedload(Report.message),
            joinedload(Report.call).load_only(Call.ended_at),
            joinedload(Claim.holder).lazyload(User.roles),
        )
        .order_by(RANK, Report.received_at, Report.id)
        .limit(MOST)
    )
    rows = tuple(_waiting(*row) for row in session.execute(wanted))
    counts = _count_by_language(session)
    return Snapshot(rows, counts, hashlib.blake2b(repr((rows, counts)).encode(), digest_size=8).hexdigest())


def next_for(session: Session, member: User, now: datetime) -> Report | None:
    """The one that this member should take next: the most pressing that nobody holds.

    In the member's languages; a supervisor who has none is offered every one.
    """
    held = sa.exists().where(Claim.report_id == Report.id, Claim.released_at.is_(None), Claim.ends_at > now)
    wanted = (
        sa.select(Report).where(Report.state.in_(OPEN), ~held).order_by(RANK, Report.received_at).limit(1)
    )
    if member.languages or member.role != "supervisor":
        wanted = wanted.where(Report.language.in_(member.languages))
    return session.scalars(wanted).first()


def _count_by_language(session: Session) -> Counter[str]:
    wanted = sa.select(Report.language, sa.func.count()).where(Report.state != "done")
    return Counter(dict(session.execute(wanted.group_by(Report.language)).all()))  # type: ignore[arg-type]


def _attached(which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count()).where(Attachment.message_id == Report.message_id, which)
    return counted.correlate(Report).scalar_subquery()


def _waiting(report: Report, claim: Claim | None, nth: int, pictures: int, files: int) -> Waiting:
    heard = report.recording
    return Waiting(
        report_id=report.id,
        kind=report.kind,
        language=report.language,
        language_chosen=report.language_chosen,
        urgency=report.urgency,
        state=report.state,
        received_at=report.received_at,
        rehearsal=report.rehearsal,
        contact=report.contact.code,
        withheld=report.contact.number_index is None,
        nth=nth,
        seconds=heard.seconds if heard else None,
        verdict=heard.verdict if heard else None,
        words=snippet_of(report),
        holder_id=claim.holder_id if claim else None,
        holder=claim.holder.name if claim else "",
        initials=claim.holder.initials if claim else "",
        until=claim.ends_at if claim else None,
        called=report.called,
        silence=report.silence,
        pictures=pictures,
        files=files,
    )
