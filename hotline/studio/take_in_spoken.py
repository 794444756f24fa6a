"""Take in what was spoken by telephone: fetch it, make a take of it, then let the carrier forget it.

Whoever dies on the way leaves a promise that is due again; whoever is overtaken writes nothing.
"""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.recordings import SLACK, NeverCame, fetch_promised, forget_recording, is_whole
from hotline.db import utcnow
from hotline.flow.prompts import LONGEST
from hotline.media.ffmpeg import CannotDecode
from hotline.media.listen import length_of
from hotline.media.make_prompt import Made, make_prompt
from hotline.media.placeholders import pause_after
from hotline.outbox import RANKS, Promised, give_up, keep, promise
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.studio.models import SpokenPrompt, Take
from hotline.studio.take import NotYours, lay_take, require_speaker


@dataclass(frozen=True)
class _Came:
    """What the carrier gave: its length in seconds as it came, and a prompt made of it."""

    seconds: float
    made: Made


def take_in_spoken(
    sessions: sessionmaker[Session], carrier: Carrier, held: Promised, settings: Settings
) -> None:
    """Keep the promise of one spoken prompt; one that cannot be used says why to who spoke it.

    Raises:
        TryAgain: the carrier does not have it yet, or not whole.
        LeaseLost: another worker has it.
    """
    spoken_id = uuid.UUID(str(held.payload["spoken_id"]))
    with sessions.begin() as session:
        spoken = session.get(SpokenPrompt, spoken_id)
        if spoken is None or spoken.state != "spoken":
            return keep(session, held)
        sid, pause = str(spoken.recording_sid), pause_after(str(spoken.prompt))
    try:
        fetched = fetch_promised(carrier, sid, held, settings.intake_hours)
        came = _Came(length_of(fetched.body, LONGEST + SLACK), make_prompt(fetched.body, pause))
    except NeverCame as never:
        with sessions.begin() as session:
            _cannot_use(session, spoken_id, "The telephone company never gave it to us.")
            give_up(session, held, str(never))
        return None
    except CannotDecode as cannot:
        with sessions.begin() as session:
            _cannot_use(session, spoken_id, f"This cannot be used: {cannot}.")
            keep(session, held)
        return None
    with sessions.begin() as session:
        _take_in(session, spoken_id, came)
        keep(session, held)


def forget_spoken(sessions: sessionmaker[Session], carrier: Carrier, held: Promised) -> None:
    """Delete the carrier's copy; a carrier that will not keeps it, and that is written down.

    Raises:
        TryAgain: not now.
        LeaseLost: another worker has it.
    """
    left = forget_recording(carrier, str(held.payload["recording_sid"]))
    with sessions.begin() as session:
        spoken = session.get(SpokenPrompt, uuid.UUID(str(held.payload["spoken_id"])))
        if spoken is not None:
            spoken.at_carrier = left
        keep(session, held)


def promise_to_forget(session: Session, spoken: SpokenPrompt) -> None:
    sid = spoken.recording_sid
    payload = {"spoken_id": str(spoken.id), "recording_sid": sid}
    promise(session, "forget_spoken", f"forget:{sid}", payload, rank=RANKS["background"])


def _take_in(session: Session, spoken_id: uuid.UUID, came: _Came) -> None:
    """The take, and what becomes of the carrier's copy; nothing, where it was said anew meanwhile."""
    spoken = session.get_one(SpokenPrompt, spoken_id, with_for_update=True)
    if spoken.state != "spoken":
        return
    member = session.get_one(User, spoken.member_id)
    language, prompt, words = str(spoken.language), str(spoken.prompt), str(spoken.words)
    try:
        require_speaker(member, language)
    except NotYours as not_yours:
        return _cannot_use(session, spoken_id, str(not_yours))
    take = lay_take(session, language, prompt, words, came.made, "telephone", member, utcnow())
    spoken.state, spoken.take_id = "taken", take.id
    stored = session.scalar(sa.select(Take.audio).where(Take.id == take.id)) == came.made.audio
    if stored and is_whole(came.seconds, spoken.carrier_seconds):
        promise_to_forget(session, spoken)
    else:
        spoken.at_carrier = "kept"  # what we hold may be less than what was said


def _cannot_use(session: Session, spoken_id: uuid.UUID, reason: str) -> None:
    spoken = session.get_one(SpokenPrompt, spoken_id, with_for_update=True)
    if spoken.state == "spoken":
        spoken.state, spoken.reason, spoken.at_carrier = "unusable", reason, "kept"
