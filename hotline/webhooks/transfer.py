"""A caller and a member of staff, put through to each other; nobody who takes the call ends at the microphone."""

from flask import Blueprint

from hotline.flow.engine import Clip, NobodyTook, Talked
from hotline.flow.position import Position
from hotline.webhooks.door import from_carrier, hang_up
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import switchboard
from hotline.webhooks.twiml import EMPTY, GOODBYE, ask_for_key
from hotline.webhooks.voice import go_on, take_the_call, to_the_microphone

pages = Blueprint("transfer", __name__, url_prefix="/voice")

WAITS = 8  # seconds for the key


@pages.post("/accept")
@from_carrier(otherwise=hang_up)
def accept(_form: Form) -> str:
    """A phone of staff's has answered: a voicemail presses no key."""
    board = switchboard()
    sound = board.catalogue.sound(Clip("talk_accept", board.settings.working_language))
    return ask_for_key(board.settings.public_url, sound.sha, "/voice/accepted", WAITS)


@pages.post("/accepted")
@from_carrier(otherwise=hang_up)
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
    return take_the_call(
        form
    )  # a callback whose member of staff did not answer: its person is heard all the same
