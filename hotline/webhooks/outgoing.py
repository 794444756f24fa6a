"""A call that we place. Nothing is said about the hotline until a key is pressed by who answers."""

import uuid
from urllib.parse import parse_qs

from flask import Blueprint

from hotline.callbacks.models import Callback
from hotline.callbacks.note_outcome import note_answered, note_outcome
from hotline.flow.engine import Clip, Dial
from hotline.flow.nodes.request import HELLO, NOT_YOU
from hotline.intake.models import Call
from hotline.webhooks.door import from_carrier, hang_up, nothing_more
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import switchboard
from hotline.webhooks.twiml import EMPTY, GOODBYE, ask_for_key, play_and_hang_up, put_through
from hotline.webhooks.voice import line_of, note, take_the_call, to_the_microphone

pages = Blueprint("outgoing", __name__, url_prefix="/voice")

WAITS = 10  # seconds for the key
OUR_KEY, NOT_ME = "1", "2"  # docs/menu-trees.md tells staff of both
AGAIN = "&again=1"


@pages.post("/calling")
@from_carrier(otherwise=hang_up)
def calling(form: Form) -> str:
    """Somebody, or a machine, has answered: a greeting that names nothing, and a key is asked for."""
    return _ask(form)


@pages.post("/answered")
@from_carrier(otherwise=to_the_microphone)  # once the key was noted; before, it is rung off
def answered(form: Form) -> str:
    """The right key: the call is theirs. NOT_ME: somebody else's phone. None: a machine, or nobody.

    Any other is asked for once more; after the second the call ends as one that nobody answered, and is tried again.
    Where staff cannot be asked for a key, a voicemail could take the call, so its person is heard instead.
    """
    board, pressed = switchboard(), form.text("Digits", 20)
    if not pressed:
        return GOODBYE
    if pressed not in (OUR_KEY, NOT_ME):
        return GOODBYE if form.query.endswith(AGAIN) else _ask(form, AGAIN)
    is_theirs = pressed == OUR_KEY
    with board.sessions.begin() as session:
        owed = note_answered(session, _id(form), "reached" if is_theirs else "given_up", form.at)
        ours, phone = (owed.line.number, owed.by.phone) if owed and owed.by else ("", None)
    if not is_theirs:
        return play_and_hang_up(board.settings.public_url, _sound(form, NOT_YOU))
    if phone and board.profile.whispers:  # a member of staff waits for them
        return put_through(board.settings.public_url, [phone], ours, Dial(30), f"c={_id(form)}")
    return take_the_call(form)


@pages.post("/called")
@from_carrier(otherwise=nothing_more, told_again=True)
def called(form: Form) -> str:
    """What became of it."""
    with switchboard().sessions.begin() as session:
        attempt = int(parse_qs(form.query)["n"][0])
        note_outcome(session, _id(form), attempt, form.text("CallStatus", 40), form.at)
        became_theirs = session.get(Call, form.text("CallSid", 80)) is not None
    if became_theirs:  # then it is over as any other is
        note(form, "call", form.text("CallSid", 80), form.text("CallStatus", 40))
    switchboard().bell.press()
    return EMPTY


def _ask(form: Form, again: str = "") -> str:
    leads_to = f"/voice/answered?c={_id(form)}{again}"
    return ask_for_key(switchboard().settings.public_url, _sound(form, HELLO), leads_to, WAITS)


def _sound(form: Form, prompt: str) -> str:
    """The name of this prompt in the language of whom we owe the call."""
    board = switchboard()
    with board.sessions() as session:
        owed = session.get(Callback, _id(form))
        language = (owed.language if owed else None) or board.languages_of(line_of(board, form))[0]
    return board.catalogue.sound(Clip(prompt, language)).sha


def _id(form: Form) -> uuid.UUID:
    """Raises: ValueError, KeyError: an address that we never gave."""
    return uuid.UUID(parse_qs(form.query)["c"][0])
