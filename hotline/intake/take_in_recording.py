"""Take a recording in: fetch it, seal the original, make it playable, then let the carrier forget it.

Whoever dies on the way leaves a promise that is due again; whoever is overtaken writes nothing.
"""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier, Fetched
from hotline.carrier.recordings import SLACK, NeverCame, fetch_promised, is_whole
from hotline.db import utcnow
from hotline.intake.models import Contact, Recording, Report
from hotline.media.listen import Listened, listen
from hotline.media.store import MediaStore
from hotline.outbox import RANKS, Promised, give_up, keep, promise
from hotline.settings import Settings


@dataclass(frozen=True)
class _Stored:
    """What an attempt wrote to the store."""

    fetched: Fetched
    heard: Listened
    original: str
    playback: str | None


def take_in_recording(
    sessions: sessionmaker[Session], carrier: Carrier, media: MediaStore, held: Promised, settings: Settings
) -> None:
    """Keep the promise of one announced recording.

    Raises:
        TryAgain: the carrier does not have it yet, or not whole.
        LeaseLost: another worker has it.
    """
    sid = str(held.payload["recording_sid"])
    with sessions.begin() as session:
        recording = session.get_one(Recording, sid)
        contact = session.get_one(Contact, recording.contact_id)
        if recording.stored_at is not None:
            keep(session, held)
            return
    try:
        fetched = fetch_promised(carrier, sid, held, settings.intake_hours)
    except NeverCame as never:
        _give_up(sessions, held, never)
        return
    stored = _store(media, contact, sid, fetched, settings.voicemail_seconds + SLACK)
    with sessions.begin() as session:
        _mark_ready(session, sid, stored, held)


def _store(media: MediaStore, contact: Contact, sid: str, fetched: Fetched, most_seconds: float) -> _Stored:
    """Seal and write both files; the original is opened again and is the same, byte for byte.

    Their names come from the recording alone: whoever tries again, or was overtaken and does not know
    it yet, writes the same words over the same files, and nothing is left over.
    """
    original, playback = file_names(sid)
    media.put(original, contact.seal(fetched.body, place_of(sid, "original")))
    if contact.open(media.get(original), place_of(sid, "original")) != fetched.body:
        raise OSError("what was stored is not what was fetched")
    heard = listen(fetched.body, most_seconds)
    if heard.playback:
        media.put(playback, contact.seal(heard.playback, place_of(sid, "playback")))
    return _Stored(fetched, heard, original, playback if heard.playback else None)


def _mark_ready(session: Session, sid: str, stored: _Stored, held: Promised) -> None:
    """One transaction: the recording, its report, the promise kept, and the next one made."""
    recording = session.get_one(Recording, sid, with_for_update=True)
    heard, contact = stored.heard, session.get_one(Contact, recording.contact_id)
    recording.stored_at = utcnow()
    recording.size, recording.sha256 = len(stored.fetched.body), stored.fetched.sha256
    recording.seconds, recording.verdict = heard.seconds, heard.verdict
    recording.original, recording.playback = stored.original, stored.playback
    recording.peaks = contact.seal(json.dumps(heard.peaks).encode(), place_of(sid, "peaks"))
    for report in session.query(Report).filter(Report.recording_sid == sid):
        # Also where somebody was done with it before it was heard.
        report.state, report.done_at = "waiting", None
    if heard.verdict == "speech" and is_whole(heard.seconds, recording.carrier_seconds):
        promise(
            session, "delete_at_carrier", f"delete:{sid}", {"recording_sid": sid}, rank=RANKS["background"]
        )
    else:
        recording.at_carrier = "kept"  # what we hold may be less than what was said
    keep(session, held)


def _give_up(sessions: sessionmaker[Session], held: Promised, never: NeverCame) -> None:
    """After two days staff see that it was not received."""
    with sessions.begin() as session:
        sid = str(held.payload["recording_sid"])
        for report in session.query(Report).filter(Report.recording_sid == sid, Report.state == "arriving"):
            report.state = "not_received"
        session.get_one(Recording, sid).at_carrier = "kept"
        give_up(session, held, str(never))


def file_names(sid: str) -> tuple[str, str]:
    """The names of a recording's files in the store, whether or not they are there."""
    name = hashlib.sha256(sid.encode()).hexdigest()[:32]
    return f"{name}-original", f"{name}-playback"


def place_of(sid: str, what: str) -> str:
    """The place that a recording's original, playback or peaks are sealed for."""
    return f"recordings.{what}:{sid}"
