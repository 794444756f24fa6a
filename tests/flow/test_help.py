"""Where help is, by keys and by texts: the right places, in the right order, and never a dead end."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.flow.by_text import TextTurn, begin_by_text, hear_text
from hotline.flow.engine import Facts, Gather, NoKey, Pressed, Record, Turn, resume
from hotline.flow.load_tree import load_tree
from hotline.flow.places import HELP, INVENTED, Place, kinds_of, told_of
from hotline.flow.prompts import PROMPTS, read_scripts
from hotline.flow.texts import segments
from tests.flow.calling import press_keys, prompts_in

TREE = load_tree(PROMPTS / "trees" / "main.yaml")
THAI = frozenset({"th"})
NEAR = Place("a" * 32, "shelter", "02 000 0150", "Near: 02 000 0150", THAI, "closed")
FAR = Place("b" * 32, "shelter", "1300", "Far: 1300", THAI, "always", frozenset({"th"}))
STRANGE = Place("c" * 32, "shelter", "999", "Strange: 999", frozenset({"ne"}), "always")
LAW = Place("d" * 32, "legal", "02 000 0160", "Law: 02 000 0160", THAI, "unknown")
FACTS = Facts(("th", "en"), can_text=True, places=(NEAR, STRANGE, FAR, LAW))
TO_HELP = ("1", "3", "1")


def _walk(*keys: str, facts: Facts = FACTS) -> Turn:
    return press_keys(TREE, facts, *keys)


def test_kinds_are_offered_that_have_a_place_and_each_keeps_its_key() -> None:
    told = _walk(*TO_HELP)
    assert prompts_in(told) == [
        "help",
        "help.shelter",
        "help.press",
        "digit.1",
        "help.legal",
        "help.press",
        "digit.3",
    ]
    assert told.wait == Gather(5)
    assert prompts_in(_walk(*TO_HELP, "2")) == ["wrong_key", *prompts_in(told)], "no embassy is known"


def test_the_number_is_said_twice_as_it_is_dialled_with_a_breath_where_staff_put_one() -> None:
    law = prompts_in(_walk(*TO_HELP, "3"))
    number = [f"digit.{sign}" if sign != " " else "pause" for sign in "02 000 0160"]
    assert law == [
        "help.legal",
        "help.number",
        *number,
        "once_more",
        *number,
        "pause",
        "as_text",
        "help.back",
    ]


def test_who_speaks_the_callers_language_comes_first_and_of_them_who_is_there() -> None:
    assert told_of(FACTS.places, "shelter", "th") == (FAR, NEAR, STRANGE)
    assert told_of(FACTS.places, "shelter", "ne") == (STRANGE, FAR, NEAR)
    first = _walk(*TO_HELP, "1")
    assert prompts_in(first)[:3] == ["help.shelter", FAR.name, "help.always"], "its name was recorded in Thai"
    assert FAR.name not in prompts_in(_walk("2", "3", "1", "1")), "and not in English"
    assert "help.closed" in prompts_in(_walk(*TO_HELP, "1", "2"))


def test_all_are_told_one_after_the_other_and_the_next_leads_round() -> None:
    many = replace(FACTS, places=tuple(replace(NEAR, id=f"{at:032x}", words=str(at)) for at in range(12)))
    sent = [_walk(*TO_HELP, "1", *("2" * turns), "1", facts=many).words for turns in range(13)]
    assert sent == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "0"]


def test_a_place_is_texted_to_who_asks_and_the_call_is_back_at_the_main_menu() -> None:
    sent = _walk(*TO_HELP, "1", "1")
    assert sent.does == ("send_information",) and (sent.topic, sent.words) == (FAR.name, FAR.words)
    assert prompts_in(sent) == ["text_sent", "main_menu"]
    unheard = replace(FACTS, can_text=False)
    assert "as_text" not in prompts_in(_walk(*TO_HELP, "1", facts=unheard))
    assert _walk(*TO_HELP, "1", "1", facts=unheard).does == ()


def test_back_leads_to_the_kinds_seven_says_it_again_and_star_changes_the_language() -> None:
    assert prompts_in(_walk(*TO_HELP, "1", "3")) == prompts_in(_walk(*TO_HELP))
    assert prompts_in(_walk(*TO_HELP, "1", "2", "7")) == prompts_in(_walk(*TO_HELP, "1", "2"))
    assert _walk(*TO_HELP, "1", "*").position.node == "choose_language"


@pytest.mark.parametrize("keys", [("", ""), ("1", "", ""), ("3", "9", "9", "9")])
def test_who_presses_nothing_or_the_wrong_keys_is_back_at_the_main_menu(keys: tuple[str, ...]) -> None:
    assert _walk(*TO_HELP, *keys).position.node == "main_menu"


def test_where_no_help_is_known_that_is_said_and_the_main_menu_follows() -> None:
    assert prompts_in(_walk(*TO_HELP, facts=replace(FACTS, places=()))) == ["help.none", "main_menu"]


def test_a_place_that_is_hidden_while_it_is_told_gives_way_to_the_others_or_to_the_kinds() -> None:
    second = _walk(*TO_HELP, "1", "2").position
    fewer = replace(FACTS, places=(FAR, LAW))
    assert FAR.name in prompts_in(resume(TREE, second, Pressed("7"), fewer))
    none = replace(FACTS, places=(LAW,))
    assert "help.legal" in prompts_in(resume(TREE, second, Pressed("7"), none))


@given(
    st.lists(st.sampled_from([*"0123456789*#", ""]), max_size=40),
    st.sampled_from([(), FACTS.places, INVENTED]),
)
def test_no_keys_lead_into_silence(keys: list[str], places: tuple[Place, ...]) -> None:
    facts = replace(FACTS, places=places)
    turn = _walk(*TO_HELP, facts=facts)
    for key in keys:
        if not isinstance(turn.wait, Gather):
            return
        assert turn.plays or turn.replay
        turn = resume(TREE, turn.position, Pressed(key) if key else NoKey(), facts)
    assert turn.wait is None or isinstance(turn.wait, Gather | Record)


def _texts(*bodies: str, facts: Facts = FACTS) -> TextTurn:
    turn = begin_by_text(TREE, "help", "th", chosen=True, facts=facts)
    for body in bodies:
        assert turn.position is not None
        turn = hear_text(TREE, turn.position, body, facts) or pytest.fail("it is words for people")
    return turn


def test_by_texts_the_same_numbers_give_the_same_places() -> None:
    assert _texts().offers == (("1", "help.shelter"), ("3", "help.legal"))
    first = _texts("1")
    assert (first.words, first.says) == (FAR.words, "help.next")
    assert _texts("1", "2").words == NEAR.words
    assert _texts("1", "3").offers == _texts().offers
    assert (_texts("3").words, _texts("3").says) == (LAW.words, ""), "there is no other"


def test_by_texts_all_are_told_one_after_the_other_too_and_the_next_leads_round() -> None:
    many = replace(FACTS, places=tuple(replace(NEAR, id=f"{at:032x}", words=str(at)) for at in range(12)))
    told = [_texts("1", *("2" * turns), facts=many) for turns in range(13)]
    assert [turn.words for turn in told] == [*map(str, range(12)), "0"]
    assert {turn.says for turn in told} == {"help.next"}


def test_a_number_that_is_not_offered_is_answered_once_and_then_is_words_for_people() -> None:
    again = _texts("2")
    assert again.offers == _texts().offers and again.position
    assert hear_text(TREE, again.position, "2", FACTS) is None


def test_where_no_help_is_known_a_text_says_so() -> None:
    turn = _texts(facts=replace(FACTS, places=()))
    assert (turn.says, turn.position) == ("help.none", None)


@pytest.mark.parametrize("language", sorted(read_scripts(PROMPTS)))
def test_all_kinds_fit_one_text_in_every_language(language: str) -> None:
    texts = read_scripts(PROMPTS)[language].texts
    assert len(kinds_of(INVENTED)) == len(HELP)
    assert (
        segments(" ".join(f"{key} {texts[f'help.{kind}']}" for key, kind in kinds_of(INVENTED).items())) == 1
    )
