"""A call to the studio: prompt after prompt, and whoever is lost is told goodbye."""

from dataclasses import replace

import pytest

from hotline.flow.position import Position
from hotline.flow.studio import (
    MISSES,
    MOST_TURNS,
    STUDIO_PROMPTS,
    WRONG_PINS,
    LetIn,
    Shelf,
    go_on,
    greet,
    not_now,
)
from hotline.flow.turn import (
    Gather,
    Heard,
    NoKey,
    NotAdmitted,
    NothingRecorded,
    Pressed,
    Record,
    Recorded,
    Turn,
)
from tests.flow.calling import prompts_in

SHELF = Shelf({104: "consent", 201: "speak"}, {"consent"})


def _hear(turn: Turn, *heard: Heard | LetIn) -> Turn:
    for one in heard:
        travelled = Position.from_address(turn.position.to_query())
        turn = go_on(travelled, one, SHELF)
    return turn


INSIDE = LetIn("th")


def test_the_pin_is_asked_for_whole_and_then_numbers_until_the_hash_key_in_the_members_language() -> None:
    begun = greet("en")
    assert (prompts_in(begun), begun.wait) == (["studio_pin"], Gather(15, 10))
    inside = _hear(begun, INSIDE)
    assert (prompts_in(inside), inside.wait) == (["studio_number"], Gather(15, 0))
    assert {clip.language for clip in inside.plays} == {"th"}


def test_what_is_there_now_is_heard_before_the_tone_or_that_nothing_is() -> None:
    there = _hear(greet("en"), INSIDE, Pressed("104"))
    assert prompts_in(there) == ["studio_now", "consent", "studio_speak"] and isinstance(there.wait, Record)
    nothing = _hear(greet("en"), INSIDE, Pressed("201"))
    assert prompts_in(nothing) == ["studio_nothing", "studio_speak"]


@pytest.mark.parametrize("digits", ["999", "0", "1", "1041", "1*4", "0000000000000104"])
def test_a_wrong_number_says_so_and_asks_again(digits: str) -> None:
    again = _hear(greet("en"), INSIDE, *[Pressed(digits)] * 12)
    assert prompts_in(again) == ["studio_no_such", "studio_number"]
    assert isinstance(_hear(again, Pressed("104")).wait, Record)


def test_it_is_heard_back_and_kept_or_said_anew() -> None:
    heard = _hear(greet("en"), INSIDE, Pressed("104"), Recorded(4))
    assert prompts_in(heard) == ["studio_said", "studio_keep"] and heard.replay
    kept = _hear(heard, Pressed("1"))
    assert prompts_in(kept) == ["studio_kept", "studio_number"] and not kept.does
    anew = _hear(heard, Pressed("2"))
    assert anew.does == ("say_anew",) and anew.position.page == 104 and isinstance(anew.wait, Record)
    assert prompts_in(_hear(kept, Pressed("201")))[-1] == "studio_speak"


def test_who_decides_nothing_has_kept_it() -> None:
    heard = _hear(greet("en"), INSIDE, Pressed("104"), Recorded(4))
    assert prompts_in(_hear(heard, Pressed("9"))) == ["wrong_key", "studio_keep"]
    assert prompts_in(_hear(heard, NoKey())) == ["studio_keep"]
    assert prompts_in(_hear(heard, NoKey(), NoKey())) == ["studio_kept", "studio_number"]


def test_who_says_nothing_is_asked_once_more_and_then_for_a_number() -> None:
    silent = _hear(greet("en"), INSIDE, Pressed("104"), NothingRecorded())
    assert prompts_in(silent) == ["speak_again"] and isinstance(silent.wait, Record)
    assert prompts_in(_hear(silent, NothingRecorded())) == ["studio_number"]
    assert prompts_in(_hear(silent, NothingRecorded(), Pressed("104"), NothingRecorded())) == ["speak_again"]


def test_wrong_pins_and_silence_end_the_call() -> None:
    assert prompts_in(_hear(greet("en"), NotAdmitted())) == ["mailbox_refused", "studio_pin"]
    refused = _hear(greet("en"), *[NotAdmitted()] * WRONG_PINS)
    assert (prompts_in(refused), refused.wait) == (["mailbox_refused", "goodbye"], None)
    for begun in (greet("en"), _hear(greet("en"), INSIDE)):
        silent = _hear(begun, *[NoKey()] * MISSES)
        assert (prompts_in(silent), silent.wait) == (["goodbye"], None)


def test_no_way_leads_past_the_pin() -> None:
    for heard in (Pressed("104"), Recorded(3), NothingRecorded(), Pressed("")):
        assert _hear(greet("en"), heard).wait is None


def test_a_call_without_end_ends_while_its_position_still_fits_the_address() -> None:
    inside = _hear(greet("en"), INSIDE)
    late = replace(inside, position=replace(inside.position, turn=MOST_TURNS))
    assert prompts_in(_hear(late, Pressed("104"))) == ["goodbye"]


def test_all_that_is_said_is_known_to_be_the_studios() -> None:
    begun = greet("en")
    heard = _hear(begun, INSIDE, Pressed("104"), Recorded(4))
    turns = [begun, not_now(begun.position), heard, _hear(heard, Pressed("1")), _hear(heard, Pressed("2"))]
    turns += [_hear(begun, INSIDE, Pressed(digits)) for digits in ("104", "201", "5")]
    shared = {"consent", "wrong_key", "goodbye"}
    spoken = {clip.prompt for turn in turns for clip in turn.plays} - shared
    assert spoken | {"studio_unusable"} == set(STUDIO_PROMPTS)  # heard in the place of what was said
