"""A call that we place. Nothing is said about the hotline until a key is pressed by who answers."""

import uuid
from urllib.parse import parse_qs

from flask import Blueprint

from hotline.callbacks.models import Callback
from hotline.callbacks.note_outcome import note_answered, note_outcome
from hotline.flow.engine import Clip, Dial, Gather, Turn, start
from hotline.flow.position import Position
from hotline.webhooks.door import from_carrier
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import switchboard
from hotline.webhooks.twiml import EMPTY, GOODBYE, put_through, write_twiml
from hotline.webhooks.voice import begin, facts_of, line_of, say

pages = Blueprint("outgoing", __name__, url_prefix="/voice")

WAITS = 10  # seconds for the key
OUR_KEY = "1"


def _hang_up(_form: Form) -> str:
    return GOODBYE


@pages.post("/calling")
@from_carrier(otherwise=_hang_up)
def calling(form: Form) -> str:
    """Somebody, or a machine, has answered: a greeting that names nothing, and a key is asked for."""
    return _play(form, "callback_hello", Gather(WAITS))


@pages.post("/answered")
@from_carrier(otherwise=_hang_up)
def answered(form: Form) -> str:
    """The right key: the call is theirs. Another one: somebody else's phone. None: a machine, or nobody."""
    board, pressed = switchboard(), form.text("Digits", 20)
    if not pressed:
        return GOODBYE
    is_theirs = pressed == OUR_KEY
    with board.sessions.begin() as session:
        owed = note_answered(session, _id(form), "reached" if is_theirs else "given_up", form.at)
        ours, phone = (owed.line.number, owed.by.phone) if owed and owed.by else ("", None)
    if not is_theirs:
        return _play(form, "callback_not_you", None)
    if phone:  # a member of staff waits for them
        return put_through(board.settings.public_url, [phone], ours, Dial(30), f"c={_id(form)}")
    begun = begin(board, form, line_of(board, form))
    return say(board, form, start(board.tree_of(line_of(board, form)), facts_of(board, form, begun.language)))


@pages.post("/called")
@from_carrier(otherwise=lambda _form: EMPTY, told_again=True)
def called(form: Form) -> str:
    """What became of it."""
    with switchboard().sessions.begin() as session:
        attempt = int(parse_qs(form.query)["n"][0])
        note_outcome(session, _id(form), attempt, form.text("CallStatus", 40), form.at)
    switchboard().bell.press()
    return EMPTY


def _play(form: Form, prompt: str, wait: Gather | None) -> str:
    board = switchboard()
    line = line_of(board, form)
    with board.sessions() as session:
        owed = session.get(Callback, _id(form))
        language = (owed.language if owed else None) or board.facts(line).languages[0]
    sound = board.catalogue.sound(Clip(prompt, language)).sha
    turn = Turn(Position(tree=board.tree_of(line).name, node="calling"), (), wait)
    return write_twiml(turn, board.settings.public_url, (sound,), action=f"/voice/answered?c={_id(form)}")


def _id(form: Form) -> uuid.UUID:
    """Raises: ValueError, KeyError: an address that we never gave."""
    return uuid.UUID(parse_qs(form.query)["c"][0])
