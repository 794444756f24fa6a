"""The studio by telephone: a PIN, then prompt after prompt: its number, what is there now, the tone, keep it or anew.

It is no tree: all ways of a tree lead to the microphone, and past the consent. Here staff speak the hotline's own
words, and whoever is lost is told goodbye. The position is the same; `page` is the number of the prompt.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from hotline.flow.nodes.base import leave
from hotline.flow.position import Position
from hotline.flow.prompts import LONGEST
from hotline.flow.turn import (
    Clip,
    Gather,
    Heard,
    NoKey,
    NotAdmitted,
    NothingRecorded,
    Pressed,
    Record,
    Recorded,
    Turn,
    Wait,
)

STUDIO = "studio"  # stands where other lines name their tree
PIN = 10  # digits
KEEP, ANEW = "1", "2"
PATIENCE, DECIDING = 15, 10  # seconds between keys
SILENCE = 5  # seconds that end a recording
WRONG_PINS, MISSES = 3, 3  # times, then goodbye
UNDECIDED = 2  # times that no key comes, then it is kept: as where they hang up
MOST_TURNS = 900  # some three hundred prompts; a position has no room for more than 999
SAID = "studio_said"  # what was recorded follows
UNUSABLE = "studio_unusable"
# Words that staff alone hear.
STUDIO_PROMPTS = (
    "studio_pin",
    "studio_number",
    "studio_no_such",
    "studio_now",
    "studio_nothing",
    "studio_speak",
    SAID,
    "studio_keep",
    "studio_kept",
    UNUSABLE,
    "studio_not_now",
)


@dataclass(frozen=True, slots=True)
class LetIn:
    """The PIN is right: whose it is records in this language."""

    language: str


@dataclass(frozen=True)
class Shelf:
    """The prompts of one language: by number those that have words, and those that have a sound of their own."""

    prompts: Mapping[int, str]
    sounds: Collection[str]


def greet(language: str) -> Turn:
    """The call begins; until the PIN is known it is spoken in this language."""
    return _ask_pin(Position(tree=STUDIO, node="pin", language=language))


def go_on(position: Position, heard: Heard | LetIn, shelf: Shelf) -> Turn:
    """What comes next."""
    here = replace(position, turn=position.turn + 1)
    if here.turn > MOST_TURNS:
        return end(here)
    match here.node, heard:
        case "pin", LetIn(language=language):
            return _ask_number(replace(here, language=language))
        case "pin", NotAdmitted():
            return _mistaken(here)
        case "number", Pressed(digits=digits):
            return _open(here, digits, shelf)
        case "speak", Recorded():
            return _let_decide(replace(leave(here), page=here.page, asked=False), SAID, replay=True)
        case "speak", NothingRecorded() if not here.asked:
            return _microphone(replace(here, asked=True), "speak_again")
        case "speak", NothingRecorded():
            return _ask_number(here)
        case "decide", Pressed(digits=digits) if digits == KEEP:
            return _ask_number(here, "studio_kept")
        case "decide", Pressed(digits=digits) if digits == ANEW:
            anew = _microphone(replace(leave(here), page=here.page), "studio_speak")
            return replace(anew, does=("say_anew",))
        case "decide", Pressed():
            return _let_decide(here, "wrong_key")
        case _, NoKey():
            return _missed(here)
    return end(here)


def end(position: Position, *first: str) -> Turn:
    """Goodbye, after other words if there are any."""
    return _turn(replace(position, node="end"), (*first, "goodbye"), None)


def not_now(position: Position) -> Turn:
    """Nothing can be written down: better no recording than one that nobody knows of."""
    return _turn(replace(position, node="end"), ("studio_not_now",), None)


def _ask_pin(position: Position, *first: str) -> Turn:
    return _turn(position, (*first, "studio_pin"), Gather(PATIENCE, PIN))


def _mistaken(position: Position) -> Turn:
    position = replace(position, wrong=position.wrong + 1)
    refused = "mailbox_refused"
    return end(position, refused) if position.wrong >= WRONG_PINS else _ask_pin(position, refused)


def _ask_number(position: Position, *first: str, misses: int = 0) -> Turn:
    position = replace(leave(position), node="number", asked=False, misses=misses)
    return _turn(position, (*first, "studio_number"), Gather(PATIENCE, digits=0))


def _open(position: Position, digits: str, shelf: Shelf) -> Turn:
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 3 else 0
    prompt = shelf.prompts.get(number)
    if prompt is None:
        return _ask_number(position, "studio_no_such")
    there = ("studio_now", prompt) if prompt in shelf.sounds else ("studio_nothing",)
    return _microphone(replace(leave(position), page=number), *there, "studio_speak")


def _microphone(position: Position, *says: str) -> Turn:
    return _turn(replace(position, node="speak"), says, Record(LONGEST, SILENCE))


def _let_decide(position: Position, *first: str, replay: bool = False, misses: int = 0) -> Turn:
    position = replace(position, node="decide", misses=misses)
    return replace(_turn(position, (*first, "studio_keep"), Gather(DECIDING)), replay=replay)


def _missed(position: Position) -> Turn:
    """No key came: asked again, and then kept, or goodbye."""
    misses = position.misses + 1
    match position.node:
        case "decide" if misses < UNDECIDED:
            return _let_decide(position, misses=misses)
        case "decide":
            return _ask_number(position, "studio_kept")
        case "number" if misses < MISSES:
            return _ask_number(position, misses=misses)
        case "pin" if misses < MISSES:
            return _ask_pin(replace(position, misses=misses))
    return end(position)


def _turn(position: Position, says: tuple[str, ...], wait: Wait | None) -> Turn:
    language = position.language or ""
    return Turn(position, tuple(Clip(prompt, language) for prompt in says), wait)
