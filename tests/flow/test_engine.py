"""Whatever a caller does, the way leads to a goodbye or to the microphone, and never past the consent."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.flow.engine import (
    Clip,
    Facts,
    Gather,
    Heard,
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
from hotline.flow.load_tree import load_tree
from hotline.flow.position import BadPosition, Position
from tests.flow.calling import prompts_in

TREE = load_tree(Path(__file__).parents[2] / "ivr_prompts" / "trees" / "main.yaml")
FACTS = Facts(("my", "th", "ne", "en"))
CONSENT = {TREE.consent.says[0], "danger_recorded"}  # the tree's own, and the shorter one of who is in danger

answers: st.SearchStrategy[Heard] = st.one_of(
    st.builds(Pressed, st.text("0123456789*#", min_size=1, max_size=3)),
    st.builds(Pressed, st.text(max_size=4)),
    st.just(NoKey()),
    st.just(NothingRecorded()),
    st.builds(Recorded, st.one_of(st.none(), st.integers(0, 400))),
)
positions = st.builds(
    Position,
    tree=st.just("main"),
    node=st.sampled_from([*TREE.nodes, "gone"]),
    turn=st.integers(0, 40),
    language=st.sampled_from([None, "my", "ne", "km"]),
    chosen=st.booleans(),
    consented=st.booleans(),
    urgency=st.sampled_from(["danger", "urgent", "standard"]),
    misses=st.integers(0, 9),
    wrong=st.integers(0, 9),
    asked=st.booleans(),
    reference=st.sampled_from(["", "7712043"]),
)


@given(positions, st.lists(answers, min_size=60, max_size=60))
def test_from_every_node_any_answers_end_in_a_goodbye_within_the_limit(
    position: Position, heard: list[Heard]
) -> None:
    consented, turns = position.consented, 0
    for answer in heard:
        turn = resume(TREE, position, answer, FACTS)
        turns += 1
        consented = consented or bool(CONSENT & set(prompts_in(turn)))
        if turn.wait is None:
            break
        if isinstance(turn.wait, Record):
            assert consented, "nobody reaches the microphone without the consent"
        assert turn.plays, "nobody is left in silence"
        if position.turn >= FACTS.most_turns:
            assert isinstance(turn.wait, Record), "after so many turns there are no more menus"
        position = turn.position
    else:
        pytest.fail("the call goes on for ever")
    assert turn.plays


def test_after_so_many_turns_asking_for_another_language_leads_to_the_microphone_too() -> None:
    late = Position(tree="main", node="main_menu", turn=FACTS.most_turns, language="my", chosen=True)
    assert isinstance(resume(TREE, late, Pressed("*"), FACTS).wait, Record)


@given(st.one_of(st.none(), positions))
def test_rescue_speaks_and_offers_the_microphone(position: Position | None) -> None:
    turn = rescue(TREE, position, FACTS)
    assert prompts_in(turn)[0] == "sorry"
    assert isinstance(turn.wait, Record) or (position is not None and position.turn > FACTS.most_turns)
    if isinstance(turn.wait, Record) and not (position and position.consented):
        assert CONSENT & set(prompts_in(turn))


@given(positions)
def test_a_position_travels_unchanged_and_needs_no_escapes(position: Position) -> None:
    query = position.to_query()
    assert Position.from_address(query) == position
    names = [part.partition("=")[0] for part in query.split("&")]
    assert names == sorted(names)
    assert all(sign.isalnum() or sign in "=&_-." for sign in query)


@given(st.one_of(st.text(max_size=80), st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))))
def test_nonsense_is_a_bad_position_and_nothing_else(query: str) -> None:
    with pytest.raises(BadPosition):
        Position.from_address(query)


def _after(*keys: str, facts: Facts = FACTS) -> Turn:
    turn = start(TREE, facts)
    for key in keys:
        turn = resume(TREE, turn.position, Pressed(key) if key else NoKey(), facts)
    return turn


def test_each_language_offers_itself_in_the_lines_order() -> None:
    turn = _after()
    assert turn.plays[:4] == (
        Clip("language.press", "my"),
        Clip("digit.1", "my"),
        Clip("language.press", "th"),
        Clip("digit.2", "th"),
    )
    assert turn.plays[-1] == Clip("danger_here", "my"), "said in one language, so after all of them"
    assert turn.wait == Gather(5)


def test_the_first_call_hears_of_danger_then_consent_and_the_menu_in_the_chosen_language() -> None:
    turn = _after("3")
    assert turn.plays == (Clip("danger_here", "ne"), Clip("consent", "ne"), Clip("main_menu", "ne"))
    assert turn.chose_language and turn.position.chosen


def test_one_leads_to_the_microphone() -> None:
    turn = _after("1", "1")
    assert isinstance(turn.wait, Record) and turn.position.urgency == "standard"
    assert prompts_in(turn) == ["speak"]


@pytest.mark.parametrize("keys", [("0",), ("1", "0"), ("1", "2"), ("1", "4", "0")])
def test_who_is_in_danger_hears_a_consent_that_is_short_and_cannot_be_cut_off(keys: tuple[str, ...]) -> None:
    turn = _after(*keys)
    assert isinstance(turn.wait, Record) and turn.position.urgency == "danger"
    assert prompts_in(turn) == ["danger_recorded", "speak_danger"]
    again = resume(TREE, turn.position, NothingRecorded(), FACTS)
    assert isinstance(again.wait, Record) and prompts_in(again) == ["speak_again"]


def test_a_short_consent_is_no_way_round_the_other_where_it_was_not_said() -> None:
    asked = Position("main", "main_menu", language="my", asked=True)
    assert prompts_in(resume(TREE, asked, Pressed("0"), FACTS)) == ["consent", "speak_again"]


def test_three_tells_of_rights_and_comes_back_to_the_menu() -> None:
    assert prompts_in(_after("1", "3")) == ["topics"]
    turn = _after("1", "3", "5")
    assert prompts_in(turn) == ["rights", "main_menu"] and isinstance(turn.wait, Gather)


def test_five_repeats_and_star_goes_back_to_the_languages() -> None:
    assert prompts_in(_after("1", "5")) == ["main_menu"]
    assert prompts_in(_after("1", "*"))[0] == "language.press"


def test_another_language_hears_its_own_consent() -> None:
    assert Clip("consent", "th") in _after("1", "*", "2").plays


@pytest.mark.parametrize("keys", [("", ""), ("9", "9", "9"), ("1", "", ""), ("1", "8", "8", "8")])
def test_no_key_twice_or_a_wrong_key_three_times_is_the_microphone(keys: tuple[str, ...]) -> None:
    early, turn = _after(*keys[:-1]), _after(*keys)
    assert isinstance(early.wait, Gather)
    assert isinstance(turn.wait, Record)
    assert turn.position.chosen is (keys[0] == "1")


def test_a_hash_that_ends_a_key_changes_nothing_and_says_nothing() -> None:
    menu = _after("1")
    turn = resume(TREE, menu.position, Pressed("#"), FACTS)
    assert prompts_in(turn) == ["main_menu"] and turn.position.wrong == menu.position.wrong
    while isinstance(turn.wait, Gather):
        turn = resume(TREE, turn.position, Pressed("#"), FACTS)
    assert isinstance(turn.wait, Record), "who presses nothing else is heard in the end"


@pytest.mark.parametrize(("offered", "lists"), [(5, 2), (6, 1), (9, 1), (12, 1)])
def test_a_long_list_of_languages_is_said_once_to_who_presses_nothing(offered: int, lists: int) -> None:
    facts = Facts(("my", "th", "ne", "en", "km", "lo", "vi", "id", "bn", "hi", "ta", "fil")[:offered])
    turn, said = start(TREE, facts), 0
    while isinstance(turn.wait, Gather):
        turn, said = resume(TREE, turn.position, NoKey(), facts), said + 1
    assert isinstance(turn.wait, Record) and said == lists


def test_who_is_known_is_greeted_in_their_language() -> None:
    turn = start(TREE, replace(FACTS, remembered="ne"))
    assert turn.plays == (Clip("consent", "ne"), Clip("main_menu", "ne"))
    assert not turn.position.chosen, "as yet: it may be somebody else on the same phone (test_borrowed_phone)"


def test_a_remembered_language_that_is_offered_no_more_is_asked_for_again() -> None:
    assert "language.press" in prompts_in(start(TREE, replace(FACTS, remembered="km")))


def test_the_number_is_said_twice_digit_by_digit() -> None:
    microphone = _after("1", "1")
    turn = resume(TREE, replace(microphone.position, reference="7712043"), Recorded(5), FACTS)
    digits = [prompt.removeprefix("digit.") for prompt in prompts_in(turn) if prompt.startswith("digit.")]
    assert "".join(digits) == "7712043" * 2 and turn.position.node == "review"


def test_silence_is_asked_once_more_then_ends_kindly() -> None:
    once = resume(TREE, _after("1", "1").position, NothingRecorded(), FACTS)
    assert isinstance(once.wait, Record) and prompts_in(once) == ["speak_again"]
    twice = resume(TREE, once.position, NothingRecorded(), FACTS)
    assert twice.wait is None and "nothing_heard" in prompts_in(twice)


@pytest.mark.parametrize(
    ("heard", "says"),
    [
        ((Pressed("2"),), ["speak"]),  # anew
        ((Pressed("*"), Pressed("2"), Pressed("0")), ["danger_recorded", "speak_danger"]),
        ((Pressed("3"), NoKey(), NoKey()), ["goodbye"]),
    ],
)
def test_who_was_silent_once_and_then_spoke_is_not_told_again_that_nothing_was_heard(
    heard: tuple[Heard, ...], says: list[str]
) -> None:
    turn = resume(TREE, _after("1", "1").position, NothingRecorded(), FACTS)
    for answer in (Recorded(5), *heard):
        turn = resume(TREE, turn.position, answer, FACTS)
    assert prompts_in(turn) == says


def test_thirty_turns_of_listening_end_at_the_microphone() -> None:
    turn = _after("1")
    while isinstance(turn.wait, Gather):
        assert turn.position.turn < FACTS.most_turns
        turn = resume(TREE, turn.position, Pressed("5"), FACTS)
    assert isinstance(turn.wait, Record)
