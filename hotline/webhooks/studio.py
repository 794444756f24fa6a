"""A call to a studio line. It is no worker's: no row of calls, steps, contacts or reports is ever written for it.

What cannot be written down is not recorded: with the database away the studio says so and hangs up.
"""

import logging

from flask import Blueprint
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hotline.carrier.numbers import caller_number
from hotline.flow import studio
from hotline.flow.engine import (
    Clip,
    Heard,
    NoKey,
    NotAdmitted,
    NothingRecorded,
    Pressed,
    Record,
    Recorded,
    Turn,
)
from hotline.flow.numbered import NUMBERS, read_numbers
from hotline.flow.position import BadPosition, Position
from hotline.flow.prompts import LAST_RESORT, Catalogue
from hotline.flow.studio import LetIn, Shelf
from hotline.intake.line_book import KnownLine
from hotline.studio.announce_spoken import Spoken, announce_spoken
from hotline.studio.enter_by_pin import Try, enter_by_pin
from hotline.studio.open_microphone import AtMicrophone, open_microphone
from hotline.studio.say_anew import say_anew
from hotline.webhooks.door import from_carrier, nothing_more
from hotline.webhooks.form import Form
from hotline.webhooks.said import said_address
from hotline.webhooks.switchboard import Switchboard, switchboard
from hotline.webhooks.twiml import EMPTY
from hotline.writer import Away, is_there

DOOR = "/voice/studio"
pages = Blueprint("studio_line", __name__, url_prefix=DOOR)

log = logging.getLogger(__name__)


def greet(line: KnownLine) -> str:
    """Somebody calls the studio."""
    board = switchboard()
    try:
        board.writer.write(is_there)
    except Away:
        return not_now(line)
    return board.answer(studio.greet(line.languages[0]), door=DOOR)


def not_now(line: KnownLine | None) -> str:
    """Call again later."""
    language = line.languages[0] if line else LAST_RESORT
    return _not_now(Position(tree=studio.STUDIO, node="end", language=language))


def out_of_order(form: Form) -> str:
    """Something broke, or the database is away."""
    try:
        here = Position.from_address(form.query)
    except BadPosition:
        here = Position(tree=studio.STUDIO, node="end", language=LAST_RESORT)
    return _not_now(here)


@pages.post("/step")
@from_carrier(otherwise=out_of_order)
def step(form: Form) -> str:
    """Keys were pressed, or none."""
    pressed = form.text("Digits", 20)
    return _go_on(form, Pressed(pressed) if pressed else NoKey())


@pages.post("/recorded")
@from_carrier(otherwise=out_of_order)
def recorded(form: Form) -> str:
    """Record has ended; some carriers say so with nothing recorded, too."""
    seconds = form.number("RecordingDuration")
    return _go_on(form, Recorded(seconds) if form.recording_sid() and seconds != 0 else NothingRecorded())


@pages.post("/unrecorded")
@from_carrier(otherwise=out_of_order)
def unrecorded(form: Form) -> str:
    """Record fell through: nothing was said."""
    return _go_on(form, NothingRecorded())


@pages.post("/recording")
@from_carrier(otherwise=nothing_more, told_again=True)
def recording(form: Form) -> str:
    """What becomes of a recording, told apart from the call."""
    if form.recording_sid() and form.text("RecordingStatus", 40) == "completed":
        board = switchboard()
        with board.sessions.begin() as session:
            _announce(session, form, Position.from_address(form.query))
        board.bell.press()
    return EMPTY


def _go_on(form: Form, heard: Heard) -> str:
    board, here = switchboard(), Position.from_address(form.query)
    try:
        with board.sessions.begin() as session:
            learnt = _learn(session, form, here, heard)
            turn = studio.go_on(here, learnt, _shelf(board.catalogue, here.language or LAST_RESORT))
            turn = _write_down(session, board, form, here, turn)
    except OperationalError as away:
        log.error("the studio is closed: %s", type(away).__name__)
        return _not_now(here)
    if isinstance(heard, Recorded) or turn.does:  # something was promised
        board.bell.press()
    own = said_address(board, form.text("CallSid", 80), here) if turn.replay else ""
    return board.answer(turn, ((1, own),) if own else (), door=DOOR)


def _learn(session: Session, form: Form, here: Position, heard: Heard) -> Heard | LetIn:
    """What digits are worth as a PIN; and that something was recorded is written down before all else."""
    call_sid = form.text("CallSid", 80)
    if isinstance(heard, Recorded):
        _announce(session, form, here)
    if here.node == "pin" and isinstance(heard, Pressed):
        caller = caller_number(form.text("From", 80))
        speaker = enter_by_pin(session, Try(call_sid, here.turn, heard.digits, caller, form.at))
        return LetIn(speaker.language) if speaker else NotAdmitted()
    return heard


def _write_down(session: Session, board: Switchboard, form: Form, here: Position, turn: Turn) -> Turn:
    """Before the tone sounds it is known who speaks what; a call that nobody let in ends instead."""
    call_sid, position = form.text("CallSid", 80), turn.position
    if "say_anew" in turn.does:
        say_anew(session, call_sid, here.turn, form.at)
    if not isinstance(turn.wait, Record):
        return turn
    language = position.language or LAST_RESORT
    prompt = _numbers()[position.page]
    words = board.catalogue.scripts[language].prompts[prompt]
    asked = AtMicrophone(call_sid, position.turn, language, prompt, words, form.at)
    return turn if open_microphone(session, asked) else studio.end(position)


def _announce(session: Session, form: Form, here: Position) -> None:
    call_sid, seconds = form.text("CallSid", 80), form.number("RecordingDuration")
    announce_spoken(session, Spoken(form.recording_sid(), call_sid, form.at, seconds, here.turn))


def _not_now(here: Position) -> str:
    return switchboard().answer(studio.not_now(here), door=DOOR)


def _numbers() -> dict[int, str]:
    return {one.number: one.prompt for one in read_numbers(NUMBERS)}


def _shelf(words: Catalogue, language: str) -> Shelf:
    """What this language has words for, and sounds of its own."""
    written = words.scripts[language].prompts if language in words.scripts else {}
    numbers = {number: prompt for number, prompt in _numbers().items() if prompt in written}
    return Shelf(numbers, {prompt for prompt in written if _is_its_own(words, Clip(prompt, language))})


def _is_its_own(words: Catalogue, clip: Clip) -> bool:
    found = words.sound(clip)
    return found.source != "tone" and found.language == clip.language
