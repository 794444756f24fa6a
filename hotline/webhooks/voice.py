"""A call, webhook by webhook: ask the flow what is heard next, write down what happened, answer."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from flask import Blueprint

from hotline.carrier.numbers import caller_number
from hotline.flow.engine import (
    Dial,
    Facts,
    Heard,
    NobodyTook,
    NoKey,
    NothingRecorded,
    Pressed,
    Record,
    Recorded,
    Turn,
    rescue,
    resume,
    start,
)
from hotline.flow.nodes.base import spoken
from hotline.flow.nodes.mailbox import REPLY
from hotline.flow.nodes.review import ON_ITS_WAY
from hotline.flow.position import BadPosition, Position
from hotline.flow.reference import reference_of
from hotline.intake.announce_recording import Announcement, announce_recording
from hotline.intake.line_book import KnownLine
from hotline.intake.note_event import note_event
from hotline.intake.report_danger import InDanger, report_danger
from hotline.intake.start_call import Begun, NewCall, NoSuchCall, start_call
from hotline.intake.write_step import NewStep, write_step
from hotline.webhooks import studio
from hotline.webhooks.acts import do_acts
from hotline.webhooks.before_key import says_nothing_yet
from hotline.webhooks.call_back import calls_back
from hotline.webhooks.door import from_carrier, nothing_more
from hotline.webhooks.form import Form
from hotline.webhooks.mailbox import carry_mark, is_secret, look_up
from hotline.webhooks.replay import replay_address, reply_address
from hotline.webhooks.switchboard import Switchboard, switchboard, with_reference, write_or_keep
from hotline.webhooks.twiml import BUSY, EMPTY, GOODBYE, put_through
from hotline.writer import Connection

pages = Blueprint("voice", __name__, url_prefix="/voice")
EITHER = {"methods": ["GET", "POST"], "strict_slashes": False}  # what an operator may have pasted


def to_the_microphone(form: Form) -> str:
    """Something broke: a spoken sentence in the caller's language, then the microphone."""
    board = switchboard()
    line = line_of(board, form)
    if line and line.is_studio:
        return studio.not_now(line)
    position = _position_here(form)
    if position is None and says_nothing_yet(board, form):
        return GOODBYE
    return say(board, form, _rescue(board, line, position))


@pages.route("/incoming", **EITHER)
@from_carrier(otherwise=to_the_microphone)
def incoming(form: Form) -> str:
    """A call comes in."""
    board = switchboard()
    line = line_of(board, form)
    if line and line.is_studio:
        return studio.greet(line)
    begun = begin(board, form, line)
    if begun.turned_away or (line and line.answer_mode == "call_back" and calls_back(board, form)):
        return BUSY
    return _start(board, form, begun)


@pages.post("/step")
@from_carrier(otherwise=to_the_microphone)
def step(form: Form) -> str:
    """A key was pressed, or none."""
    pressed = form.text("Digits", 20)
    return go_on(form, Pressed(pressed) if pressed else NoKey())


@pages.post("/recorded")
@from_carrier(otherwise=to_the_microphone)
def recorded(form: Form) -> str:
    """Record has ended; some carriers say so with nothing recorded, too."""
    seconds = form.number("RecordingDuration")
    sid = form.recording_sid()
    if not sid or seconds == 0:
        return go_on(form, NothingRecorded())
    _announce(form, sid, seconds)
    return go_on(form, Recorded(seconds))


@pages.post("/unrecorded")
@from_carrier(otherwise=to_the_microphone)
def unrecorded(form: Form) -> str:
    """Record fell through: the caller said nothing."""
    return go_on(form, NothingRecorded())


@pages.post("/recording")
@from_carrier(otherwise=nothing_more, told_again=True)
def recording(form: Form) -> str:
    """What becomes of a recording, told apart from the call."""
    status, sid = form.text("RecordingStatus", 40), form.recording_sid()
    if sid and status == "completed":
        _announce(form, sid, form.number("RecordingDuration"), told=True)
    elif sid:
        note(form, "recording", sid, status)
    return EMPTY


@pages.post("/status")
@from_carrier(otherwise=nothing_more, told_again=True)
def status(form: Form) -> str:
    """What becomes of a call; of one to the studio nothing is written down."""
    line = line_of(switchboard(), form)
    if line and line.is_studio:
        return EMPTY
    note(form, "call", form.text("CallSid", 80), form.text("CallStatus", 40))
    return EMPTY


@pages.route("/fallback", **EITHER)
@from_carrier(otherwise=to_the_microphone)
def fallback(form: Form) -> str:
    """The carrier could not have an answer from us: where the caller was stands in the address it asked.

    Before the key of a call that we placed there is no such place.
    """
    board = switchboard()
    line = line_of(board, form)
    if line and line.is_studio:
        return studio.not_now(line)
    try:
        position = Position.from_address(urlsplit(form.text("ErrorUrl")).query)
    except BadPosition:
        if says_nothing_yet(board, form):
            return GOODBYE
        position = None
        begin(board, form, line)
    return say(board, form, _rescue(board, line, position))


def _rescue(board: Switchboard, line: KnownLine | None, position: Position | None) -> Turn:
    tree = board.tree_at(position, line) if position else board.tree_of(line)
    return rescue(tree, position, board.facts(line))


def take_the_call(form: Form) -> str:
    """A call that we placed has become its person's: from here on it is as any other."""
    board = switchboard()
    return _start(board, form, begin(board, form, line_of(board, form)))


def _start(board: Switchboard, form: Form, begun: Begun) -> str:
    tree = board.tree_of(line_of(board, form))
    return say(board, form, start(tree, facts_of(board, form, begun.language)))


def line_of(board: Switchboard, form: Form) -> KnownLine | None:
    return board.lines.find(numbers_of(form)[0])


def numbers_of(form: Form) -> tuple[str, str | None]:
    """Our number, and theirs where it was not withheld."""
    ours, theirs = ("From", "To") if form.is_outgoing else ("To", "From")
    return form.text(ours, 80), caller_number(form.text(theirs, 80))


def facts_of(board: Switchboard, form: Form, remembered: str | None = None) -> Facts:
    return board.facts(line_of(board, form), remembered, caller=numbers_of(form)[1], at=form.at)


def _position_here(form: Form) -> Position | None:
    try:
        return Position.from_address(form.query)
    except BadPosition:
        return None


def begin(board: Switchboard, form: Form, line: KnownLine | None) -> Begun:
    """Write the call down. With the database away nothing is known of who calls, and nobody turned away."""
    ours, theirs = numbers_of(form)
    call = NewCall(
        sid=form.text("CallSid", 80),
        line_id=line.id if line else None,
        dialled=ours,
        caller=theirs,
        tree=board.tree_of(line).name,
        at=form.at,
        event=form.kept(),
        rehearsal=board.is_rehearsal(line),
        calls_a_minute=0 if form.is_outgoing else board.settings.most_calls_a_minute,
    )
    return write_or_keep(form, lambda connection: start_call(connection, call)) or Begun()


def go_on(form: Form, heard: Heard, here: Position | None = None) -> str:
    """The call goes on from here, or from where its address says. Raises: BadPosition."""
    board = switchboard()
    line = line_of(board, form)
    position = here or Position.from_address(form.query)
    tree = board.tree_at(position, line)
    facts, node = facts_of(board, form), tree.nodes.get(position.node)
    heard = look_up(board, form, position, node, heard, board.zone_of(line))
    turn = carry_mark(resume(tree, position, heard, facts), node, heard)
    if "report_by_keys" in turn.does and not position.reference:  # its number is told at once
        position = replace(position, reference=reference_of(form.text("CallSid", 80)))
        turn = resume(tree, position, heard, facts)
    return say(board, form, turn)


def say(board: Switchboard, form: Form, turn: Turn) -> str:
    """Write the step down, do what it asks for, then answer."""
    call_sid = form.text("CallSid", 80)
    turn = with_reference(turn, reference_of(call_sid))
    if turn.position.turn or isinstance(turn.wait, Record):  # the call's own row is its first step
        _write(board, form, turn, call_sid)
    turn = do_acts(board, form, turn, board.zone_of(line_of(board, form)))
    if isinstance(turn.wait, Dial):
        return _put_through(board, form, turn, turn.wait)
    if turn.replies:
        told = (at for at, clip in enumerate(turn.plays, 1) if clip.prompt == REPLY)
        own = zip(told, (reply_address(board, reply) for reply in turn.replies), strict=True)
        return board.answer(turn, tuple(own))
    if not turn.replay:
        return board.answer(turn)
    mine = replay_address(board, call_sid)
    if mine is None:
        turn = replace(
            turn, plays=(*spoken((ON_ITS_WAY,), turn.position, facts_of(board, form)), *turn.plays)
        )
    return board.answer(turn, ((0, mine),) if mine else ())


def _put_through(board: Switchboard, form: Form, turn: Turn, wait: Dial) -> str:
    spoken_in = turn.position.language or board.languages_of(line_of(board, form))[0]
    phones, ours = board.duty.phones(spoken_in), numbers_of(form)[0]
    if not phones:  # they went off duty this moment
        return go_on(form, NobodyTook(), turn.position)
    sounds = board.sounds(turn.plays)
    return put_through(board.settings.public_url, phones, ours, wait, turn.position.to_query(), sounds)


def _write(board: Switchboard, form: Form, turn: Turn, call_sid: str) -> None:
    position = turn.position
    waits = "end" if turn.wait is None else type(turn.wait).__name__.lower()
    came_from = _position_here(form)
    secret = came_from is not None and is_secret(
        board.tree_at(position, line_of(board, form)).nodes.get(came_from.node)
    )
    made = NewStep(
        call_sid=call_sid,
        number=position.turn,
        at=form.at,
        node=position.node,
        waits=waits,
        pressed=None if secret else form.text("Digits", 20) or None,
        language=position.language or board.languages_of(line_of(board, form))[0],
        language_chosen=position.chosen,
        urgency=position.urgency,
        reference=position.reference or None,
        event=b"" if secret else form.kept(),
    )
    if isinstance(turn.wait, Record) and position.urgency == "danger":  # urgent before a word is said
        told = InDanger(call_sid, form.at, made.language, made.language_chosen, position.reference)
        _write_of_call(board, form, lambda connection: report_danger(connection, told))
    write_or_keep(form, lambda connection: write_step(connection, made, choice=turn.chose_language))


def _announce(form: Form, sid: str, seconds: int | None, *, told: bool = False) -> None:
    """Promise to fetch the recording; `told` by a callback of its own, which is kept, too.

    Whatever the address says, what was said is fetched.
    """
    board = switchboard()
    line = line_of(board, form)
    tree = board.tree_of(line)
    position = _position_here(form) or Position(tree=tree.name, version=tree.version, node=tree.microphone)
    call_sid = form.text("CallSid", 80)
    announced = Announcement(
        recording_sid=sid,
        call_sid=call_sid,
        at=form.at,
        seconds=seconds,
        language=position.language or board.languages_of(line)[0],
        language_chosen=position.chosen,
        urgency=position.urgency,
        reference=position.reference or reference_of(call_sid),
        event=form.kept() if told else None,
    )
    _write_of_call(board, form, lambda connection: announce_recording(connection, announced))
    board.bell.press()


def _write_of_call(board: Switchboard, form: Form, verb: Callable[[Connection], None]) -> None:
    """Write what belongs to a call: after the call itself, where its first webhook never came, or not yet."""
    try:
        write_or_keep(form, verb)
    except NoSuchCall:
        begin(board, form, line_of(board, form))
        write_or_keep(form, verb)


def note(form: Form, kind: str, sid: str, said: str) -> None:
    """Keep what the carrier says of a call or a recording after the fact."""
    sequence = form.number("SequenceNumber") or 0
    call_sid = form.text("CallSid", 80) or None
    write_or_keep(
        form,
        lambda connection: note_event(
            connection, kind, sid, said, sequence, form.at, form.kept(), call_sid=call_sid
        ),
    )
