"""Reports for tests: voicemails with sound that plays, and texts, as intake leaves them."""

import itertools
import json
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from hotline.db import new_id, utcnow
from hotline.flow.prompts import Catalogue
from hotline.flow.reference import new_reference
from hotline.flow.turn import Clip
from hotline.intake.find_contact import find_contact
from hotline.intake.models import (
    Attachment,
    AttachmentState,
    Contact,
    Message,
    Recording,
    Report,
    ReportState,
    Urgency,
    Verdict,
)
from hotline.intake.take_in_attachment import file_names
from hotline.intake.take_in_attachment import place_of as place_of_attachment
from hotline.intake.take_in_recording import place_of
from hotline.media.examine import examine
from hotline.media.listen import Listened, listen
from hotline.media.open_store import open_store
from hotline.settings import Settings
from tests.conftest import PLACEHOLDERS, ROOT

NUMBERS = itertools.count(66810000001)


@cache
def somebody_speaks() -> Listened:
    """A prompt as eSpeak says it, listened to as a voicemail is."""
    return listen(Catalogue.load(ROOT / "ivr_prompts", PLACEHOLDERS).sound(Clip("rights", "my")).audio)


def make_contact(session: Session, number: str | None = "") -> Contact:
    """Somebody who called; None: the number withheld; left out: a new one."""
    return find_contact(session, f"+{next(NUMBERS)}" if number == "" else number, utcnow(), rehearsal=False)


def make_voicemail(
    session: Session,
    settings: Settings | None = None,
    *,
    language: str = "my",
    urgency: Urgency = "standard",
    state: ReportState = "waiting",
    verdict: Verdict = "speech",
    chosen: bool = True,
    received_at: datetime | None = None,
    contact: Contact | None = None,
) -> Report:
    """A voicemail, committed; with `settings` its sound is in the store."""
    contact = contact or make_contact(session)
    sid = f"RE{new_id().hex}"
    recording = Recording(
        sid=sid, call_sid=f"CA{sid[2:]}", contact_id=contact.id, announced_at=utcnow(), carrier_seconds=11
    )
    if settings is not None:
        heard = somebody_speaks()
        recording.stored_at, recording.seconds, recording.verdict = utcnow(), heard.seconds, verdict
        recording.peaks = contact.seal(json.dumps(heard.peaks).encode(), place_of(sid, "peaks"))
        recording.playback = f"{sid}-playback"
        store = open_store(settings)
        store.put(recording.playback, contact.seal(heard.playback, place_of(sid, "playback")))
    session.add(recording)
    session.flush()
    return _keep(
        session,
        Report(
            kind="voice",
            contact_id=contact.id,
            call_sid=recording.call_sid,
            recording_sid=sid,
            language=language,
            language_chosen=chosen,
            urgency=urgency,
            state=state,
            received_at=received_at or utcnow(),
            reference=new_reference(),
        ),
    )


def make_text(
    session: Session,
    words: str,
    *,
    language: str = "my",
    urgency: Urgency = "standard",
    contact: Contact | None = None,
    received_at: datetime | None = None,
) -> Report:
    """A text, committed."""
    contact = contact or make_contact(session)
    message_id, at = new_id(), received_at or utcnow()
    session.add(
        Message(
            id=message_id,
            direction="in",
            dialled="+6620000142",
            contact_id=contact.id,
            at=at,
            body=contact.seal(words.encode(), f"messages.body:{message_id}"),
        )
    )
    session.flush()
    return _keep(
        session,
        Report(
            kind="text",
            contact_id=contact.id,
            message_id=message_id,
            language=language,
            language_chosen=False,
            urgency=urgency,
            state="waiting",
            received_at=at,
            reference=new_reference(),
        ),
    )


def attach(
    session: Session, settings: Settings, report: Report, data: bytes, number: int = 1, *, state: AttachmentState = "stored"
) -> Attachment:  # fmt: skip
    """What came with the report's text, as intake leaves it: looked into, sealed, in the store."""
    message, contact, one = report.message, report.contact, new_id()
    assert message is not None
    made = Attachment(
        id=one, message_id=message.id, contact_id=contact.id, sid=f"ME{one.hex}", number=number,
        announced_as="image/jpeg", announced_at=message.at, state=state, at_carrier="deleted", holds_place=False,
    )  # fmt: skip
    if state == "stored":
        found, store, (original, shown) = examine(data), open_store(settings), file_names(one)
        made.kind, made.format, made.holds_place = found.kind, found.format, found.holds_place
        made.stored_at, made.size, made.original = utcnow(), len(data), original
        store.put(original, contact.seal(data, place_of_attachment(one, "original")))
        if found.picture:
            made.shown, made.width, made.height = shown, found.picture.width, found.picture.height
            store.put(shown, contact.seal(found.picture.copy, place_of_attachment(one, "shown")))
    session.add(made)
    session.commit()
    return made


def _keep(session: Session, report: Report) -> Report:
    session.add(report)
    session.commit()
    return report
