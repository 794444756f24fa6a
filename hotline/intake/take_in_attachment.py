"""Take in what came with a text: fetch it, seal the original, look into it, then let the carrier forget it.

As with recordings, whoever dies on the way leaves a promise that is due again; whoever is overtaken writes nothing.
"""

import json
import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier, Fetched
from hotline.carrier.errors import CarrierError, LedElsewhere, TooLarge, TryLater
from hotline.db import utcnow
from hotline.intake.models import Attachment, Contact, Message, Recording
from hotline.intake.queue_attachment import queue_attachment
from hotline.intake.take_in_recording import file_names as names_of_recording
from hotline.intake.take_in_recording import place_of as place_of_recording
from hotline.media.examine import Examined, examine
from hotline.media.listen import Listened
from hotline.media.store import MediaStore
from hotline.outbox import RANKS, Promised, TryAgain, give_up, keep, promise
from hotline.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Stored:
    """What an attempt wrote to the store, and what it is."""

    fetched: Fetched
    found: Examined
    shown: bool  # whether there is a copy, or a playback copy


def take_in_attachment(
    sessions: sessionmaker[Session], carrier: Carrier, media: MediaStore, held: Promised, settings: Settings
) -> None:
    """Keep the promise of one.

    Raises:
        TryAgain: the carrier does not have it yet, or not whole.
        LeaseLost: another worker has it.
    """
    attachment_id = uuid.UUID(held.payload["attachment_id"])
    with sessions.begin() as session:
        attachment = session.get_one(Attachment, attachment_id)
        contact = session.get_one(Contact, attachment.contact_id)
        sids = session.get_one(Message, attachment.message_id).sid or "", attachment.sid
        if attachment.state == "stored" or contact.erased_at is not None:
            keep(session, held)
            return
    try:
        fetched = carrier.fetch_media(*sids)
    except CarrierError as failed:
        _later_or_never(sessions, held, settings, failed)
        return
    stored = _store(media, contact, attachment_id, fetched)
    with sessions.begin() as session:
        _mark_stored(session, attachment_id, stored, held)


def _store(media: MediaStore, contact: Contact, attachment_id: uuid.UUID, fetched: Fetched) -> _Stored:
    """Seal and write; the original is opened again and is the same, byte for byte.

    Names come from the attachment alone: who tries again writes over the same files.
    """
    original, shown = file_names(attachment_id)
    media.put(original, contact.seal(fetched.body, place_of(attachment_id, "original")))
    if contact.open(media.get(original), place_of(attachment_id, "original")) != fetched.body:
        raise OSError("what was stored is not what was fetched")
    found = examine(fetched.body)
    if found.picture:
        media.put(shown, contact.seal(found.picture.copy, place_of(attachment_id, "shown")))
    elif found.heard and found.heard.playback:
        sid = str(attachment_id)
        sealed = contact.seal(found.heard.playback, place_of_recording(sid, "playback"))
        media.put(names_of_recording(sid)[1], sealed)
    return _Stored(fetched, found, bool(found.picture or (found.heard and found.heard.playback)))


def _mark_stored(session: Session, attachment_id: uuid.UUID, stored: _Stored, held: Promised) -> None:
    """One transaction: what it is, where it queues, the promise kept, and the next one made."""
    attachment = session.get_one(Attachment, attachment_id, with_for_update=True)
    found, (original, shown) = stored.found, file_names(attachment_id)
    attachment.state, attachment.stored_at = "stored", utcnow()
    attachment.size, attachment.sha256 = len(stored.fetched.body), stored.fetched.sha256
    attachment.kind, attachment.format, attachment.holds_place = found.kind, found.format, found.holds_place
    attachment.original = original
    if found.picture:
        attachment.shown = shown
        attachment.width, attachment.height = found.picture.width, found.picture.height
    if found.heard:
        attachment.recording_sid = _record(session, attachment, found.heard, playable=stored.shown)
    queue_attachment(session, attachment)
    if found.whole:
        what = {"attachment_id": str(attachment_id)}
        promise(
            session, "delete_attachment", f"delete-attachment:{attachment_id}", what, rank=RANKS["background"]
        )
    else:
        attachment.at_carrier = "kept"  # what we hold may have come broken
    keep(session, held)


def _record(session: Session, attachment: Attachment, heard: Listened, *, playable: bool) -> str:
    """A voice note is heard as a voicemail is: by its recording."""
    sid, contact = str(attachment.id), session.get_one(Contact, attachment.contact_id)
    recording = Recording(
        sid=sid,
        message_id=attachment.message_id,
        contact_id=contact.id,
        announced_at=attachment.announced_at,
        at_carrier="held" if heard.verdict == "speech" else "kept",
        stored_at=utcnow(),
        size=attachment.size,
        seconds=heard.seconds,
        verdict=heard.verdict,
        playback=names_of_recording(sid)[1] if playable else None,
        peaks=contact.seal(json.dumps(heard.peaks).encode(), place_of_recording(sid, "peaks")),
    )
    session.add(recording)
    session.flush()
    return sid


def _later_or_never(
    sessions: sessionmaker[Session], held: Promised, settings: Settings, failed: CarrierError
) -> None:
    """Try again with growing delays; after two days staff see that it was not received."""
    if isinstance(failed, LedElsewhere):
        log.warning("what came with a text lies at %s, which is not named as a media host", failed.host)
    over = utcnow() - held.made_at > timedelta(hours=settings.intake_hours)
    if not over and not isinstance(failed, TooLarge):
        raise TryAgain(type(failed).__name__, failed.after if isinstance(failed, TryLater) else None)
    with sessions.begin() as session:
        this = Attachment.id == uuid.UUID(held.payload["attachment_id"])
        attachment = session.scalars(sa.select(Attachment).where(this).with_for_update()).one()
        attachment.state, attachment.at_carrier = "not_received", "kept"
        queue_attachment(session, attachment)
        give_up(session, held, type(failed).__name__)


def file_names(attachment_id: uuid.UUID) -> tuple[str, str]:
    """The names of its files in the store (original, copy), whether or not they are there."""
    return f"{attachment_id.hex}-original", f"{attachment_id.hex}-shown"


def all_file_names(attachment_id: uuid.UUID) -> tuple[str, ...]:
    """Likewise, with the playback copy that it has where it is a voice note."""
    return (*file_names(attachment_id), names_of_recording(str(attachment_id))[1])


def place_of(attachment_id: uuid.UUID, what: str) -> str:
    """The place that an original or a copy is sealed for."""
    return f"attachments.{what}:{attachment_id}"
