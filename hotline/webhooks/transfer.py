"""A caller and a member of staff, put through to each other; nobody who takes the call ends at the microphone."""

from flask import Blueprint

from hotline.flow.engine import Clip, NobodyTook, Talked, start
from hotline.flow.position import Position
from hotline.webhooks.door import from_carrier
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import switchboard
from hotline.webhooks.twiml import EMPTY, GOODBYE, ask_to_accept
from hotline.webhooks.voice import begin, facts_of, go_on, line_of, say, to_the_microphone

pages = Blueprint("transfer", __name__, url_prefix="/voice")


def _hang_up(_form: Form) -> str:
    return GOODBYE


@pages.post("/accept")
@from_carrier(otherwise=_hang_up)
def accept(_form: Form) -> str:
    """A phone of staff's has answered: a voicemail presses no key."""
    board = switchboard()
    sound = board.catalogue.sound(Clip("talk_accept", board.settings.working_language))
    return ask_to_accept(board.settings.public_url, sound.sha)


@pages.post("/accepted")
@from_carrier(otherwise=_hang_up)
def accepted(form: Form) -> str:
    """The key was pressed: an empty document connects them."""
    return EMPTY if form.text("Digits", 20) == "1" else GOODBYE


@pages.post("/dialled")
@from_carrier(otherwise=to_the_microphone)
def dialled(form: Form) -> str:
    """They have talked, or nobody took the call."""
    bridged = form.text("DialBridged", 10) or str(form.text("DialCallStatus", 20) == "completed").lower()
    talked = bridged == "true"
    if not form.query.startswith("c="):
        Position.from_address(form.query)  # nonsense ends at the microphone
        return go_on(form, Talked() if talked else NobodyTook())
    if talked:
        return GOODBYE
    board = switchboard()  # a callback whose member of staff did not answer: its person is heard all the same
    begun = begin(board, form, line_of(board, form))
    return say(board, form, start(board.tree_of(line_of(board, form)), facts_of(board, form, begun.language)))
