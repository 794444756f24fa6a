"""The tree over SMS: a keyword begins, a number answers, and no text leads nowhere for ever."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.flow.by_text import TextTurn, ask_language, begin_by_text, hear_text, key_of
from hotline.flow.load_tree import load_tree, read_tree
from hotline.flow.position import Position
from hotline.flow.prompts import PROMPTS, read_scripts
from hotline.flow.texts import segments
from hotline.flow.turn import Facts

MAIN = PROMPTS / "trees" / "main.yaml"
TREE = load_tree(MAIN)
FACTS = Facts(("my", "th", "ne", "en"))


def _begin(node: str = "text_menu") -> TextTurn:
    return begin_by_text(TREE, node, "th", chosen=True, facts=FACTS)


def _hear(turn: TextTurn, body: str) -> TextTurn | None:
    assert turn.position is not None
    return hear_text(TREE, turn.position, body, FACTS)


@pytest.mark.parametrize(
    ("key", "says", "urgency"),
    [("1", "write", "standard"), ("2", "write_danger", "danger"), ("๑", "write", "standard")],
)
def test_a_number_leads_to_the_pen(key: str, says: str, urgency: str) -> None:
    turn = _hear(_begin(), key)
    assert turn and turn.position and (turn.says, turn.position.urgency) == (says, urgency)


def test_rights_are_sent_and_the_conversation_is_over() -> None:
    topics = _hear(_begin(), "3")
    assert topics and topics.says == "topics"
    turn = _hear(topics, "8")
    assert turn and (turn.says, turn.position, turn.language) == ("rights", None, "th")


def test_a_wish_to_be_called_is_two_texts_and_passes_what_has_no_words_for_one() -> None:
    asked = _hear(_begin(), "4")
    assert asked and asked.says == "when"
    wished = _hear(asked, "3")
    assert wished and (wished.says, wished.does, wished.answer) == (
        "will_call",
        "ask_callback",
        ("when", "tomorrow_morning"),
    )
    assert wished.position is None


def test_when_it_is_too_late_for_this_evening_they_are_told_so_and_choose_again() -> None:
    late = replace(FACTS, evening_over=True)
    asked = _hear(_begin(), "4")
    assert asked and asked.position
    told = hear_text(TREE, asked.position, "2", late)
    assert told and (told.says, told.does, told.answer, told.language) == ("when_late", None, None, "th")
    assert told.position
    assert hear_text(TREE, told.position, "2", late) is None, "the same once more is for people to read"
    wished = hear_text(TREE, told.position, "4", late)
    assert wished and wished.answer == ("when", "tomorrow_evening") and wished.does == "ask_callback"
    assert (in_time := _hear(asked, "2")) and in_time.answer == ("when", "this_evening")


def test_a_number_that_is_not_offered_is_asked_again_once_and_then_is_words_for_people() -> None:
    again = _hear(_begin(), "9")
    assert again and again.says == "menu"
    assert _hear(again, "9") is None


@pytest.mark.parametrize("body", ["My boss hits me", "12000", "1 2", "", " ", "1 please", "👍", "+66"])
def test_anything_else_is_words_for_people(body: str) -> None:
    assert _hear(_begin(), body) is None


def test_at_the_pen_whatever_comes_is_the_message() -> None:
    pen = _hear(_begin(), "1")
    assert pen is not None and _hear(pen, "1") is None


def test_the_choice_of_a_language_is_one_number() -> None:
    menu = Position("main", "choose_language")
    turn = hear_text(TREE, menu, "2", FACTS)
    assert turn and turn.chose_language and turn.language == "th"


NAMES = {language: script.own_name for language, script in read_scripts(PROMPTS).items()}


@given(st.permutations(sorted(NAMES)), st.integers(2, len(NAMES)))
def test_however_many_languages_each_can_be_chosen_from_texts_of_one_segment(
    order: list[str], count: int
) -> None:
    languages = tuple(order[:count])
    facts = Facts(languages, tuple(NAMES[language] for language in languages))
    asked, chosen = ask_language(TREE, facts), []
    while asked and asked.position and len(chosen) < count:
        assert segments(asked.words) == 1
        for key, name in re.findall(r"([1-9]) (\D+?)(?: |$)(?=[1-9] |$)", asked.words):
            turn = hear_text(TREE, asked.position, key, facts)
            assert turn is not None
            if name == "...":
                asked = turn
            else:
                assert turn.chose_language and turn.language and NAMES[turn.language] == name
                chosen.append(turn.language)
    assert tuple(chosen) == languages


def test_after_the_last_languages_come_the_first_again() -> None:
    facts = Facts(tuple(NAMES), tuple(NAMES.values()))
    first = turn = ask_language(TREE, facts)
    said = []
    while turn and turn.position and turn.words not in said:
        said.append(turn.words)
        turn = hear_text(TREE, turn.position, "9", facts)
    assert first and turn and turn.words == first.words and len(said) > 1


def test_danger_needs_no_choice_of_language_and_a_number_that_was_not_offered_asks_once_more() -> None:
    asked = ask_language(TREE, FACTS)
    assert asked and asked.position
    danger = hear_text(TREE, asked.position, "0", FACTS)
    assert danger and danger.position and (danger.says, danger.position.urgency) == ("write_danger", "danger")
    again = hear_text(TREE, asked.position, "7", FACTS)
    assert again and again.position and again.words == asked.words
    assert hear_text(TREE, again.position, "7", FACTS) is None


@pytest.mark.parametrize(
    ("body", "key"),
    [("1", "1"), (" 2. ", "2"), ("၃", "3"), ("४)", "4"), ("*", "*"), ("10", None), ("x", None)],
)
def test_digits_of_every_script_are_keys(body: str, key: str | None) -> None:
    assert key_of(body) == key


@given(
    st.lists(st.sampled_from("0123456789*#"), min_size=1, max_size=12), st.sampled_from(sorted(TREE.nodes))
)
def test_whatever_numbers_come_each_is_answered_or_ends(keys: list[str], node: str) -> None:
    turn: TextTurn | None = begin_by_text(TREE, node, "my", chosen=False, facts=FACTS)
    for key in keys:
        if turn is None or turn.position is None:
            return
        assert turn.says
        turn = _hear(turn, key)


def test_every_text_that_the_tree_names_has_words_in_every_language() -> None:
    named = {node.text for node in TREE.nodes.values() if node.text} - {"which_language"}
    for language, script in read_scripts(PROMPTS).items():
        assert named <= set(script.texts), language
        assert set(TREE.keywords) <= set(script.words), language


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("texts: text_menu", "texts: nowhere", "texts names nowhere, which is no node"),
        (
            "  danger: danger\n  rights",
            "  danger: dagner\n  rights",
            "keywords.danger names dagner, which is no node",
        ),
    ],
)
def test_a_fault_in_what_texts_lead_to_is_told(was: str, now: str, says: str) -> None:
    text = MAIN.read_text("utf-8")
    assert was in text
    with pytest.raises(Exception, match=says):
        read_tree(text.replace(was, now), "main")
