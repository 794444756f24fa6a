"""A second person on the same phone: the language that the first one chose is assumed, and theirs is asked for once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.worker_minute import TARGETS, load_sounds, walk
from hotline.flow.engine import (
    Clip,
    Facts,
    Gather,
    Heard,
    NobodyTook,
    NoKey,
    NothingRecorded,
    Pressed,
    Record,
    Recorded,
    Turn,
    resume,
    start,
)
from hotline.flow.load_tree import load_tree
from hotline.flow.prompts import PROMPTS
from hotline.flow.tree import Tree
from tests.flow.calling import press_keys, prompts_in, with_nodes

TREE = load_tree(PROMPTS / "trees" / "main.yaml")
FACTS = Facts(("my", "th", "ne", "en"), remembered="ne")
TWELVE = ("my", "th", "ne", "en", "km", "lo", "vi", "id", "bn", "hi", "ta", "fil")


def _after(*keys: str, facts: Facts = FACTS, tree: Tree = TREE) -> Turn:
    return press_keys(tree, facts, *keys)


def test_a_remembered_language_is_spoken_and_counts_as_chosen_only_once_it_was_answered_in() -> None:
    greeted = _after()
    assert greeted.position.language == "ne" and not greeted.position.chosen
    for key in ("1", "2", "3", "5"):
        assert _after(key).position.chosen, "a key that means something in what they heard"


@pytest.mark.parametrize("key", ["", "0", "*", "8", "#", "12"])
def test_silence_danger_star_and_wrong_keys_show_no_language(key: str) -> None:
    turn = _after(key)
    assert turn.position.language == "ne" and not turn.position.chosen


def test_danger_by_heart_is_a_report_in_a_language_that_is_assumed() -> None:
    turn = _after("0")
    assert isinstance(turn.wait, Record) and turn.position.urgency == "danger" and not turn.position.chosen


def test_who_presses_nothing_hears_the_languages_once_then_speaks_in_the_one_that_is_remembered() -> None:
    asked = _after("")
    offered = [clip.language for clip in asked.plays if clip.prompt == "language.press"]
    assert offered == list(FACTS.languages) and asked.plays[-1] == Clip("danger_here", "ne")
    assert "consent" not in prompts_in(asked) and not asked.chose_language
    spoken = _after("", "")
    assert isinstance(spoken.wait, Record) and spoken.plays == (Clip("speak", "ne"),)
    assert not spoken.position.chosen


@pytest.mark.parametrize(("key", "language"), [("1", "my"), ("3", "ne")])
def test_a_choice_in_that_list_goes_on_as_any_other(key: str, language: str) -> None:
    turn = _after("", key)
    assert turn.chose_language and turn.position.chosen and turn.position.language == language
    consents = [clip for clip in turn.plays if clip.prompt == "consent"]
    assert consents == ([] if language == "ne" else [Clip("consent", language)]), "heard already in its own"
    assert turn.plays[-1] == Clip("main_menu", language)
    assert prompts_in(_after("", key, "")) == ["main_menu"], "the menu is said once more, and no list"


def test_danger_and_wrong_keys_in_that_list_lead_where_they_always_do() -> None:
    assert _after("", "0").position.urgency == "danger"
    wrong = _after("", "8")
    assert prompts_in(wrong)[:2] == ["wrong_key", "language.press"] and not wrong.position.chosen
    assert isinstance(_after("", "8", "").wait, Record)
    assert isinstance(_after("", "8", "8", "8").wait, Record)


@pytest.mark.parametrize("keys", [("#", ""), ("8", ""), ("5", ""), ("*", "3", "")])
def test_after_any_key_a_silence_means_what_it_means_there(keys: tuple[str, ...]) -> None:
    assert prompts_in(_after(*keys)) == ["main_menu"]


def test_star_offers_the_whole_list_as_ever() -> None:
    assert "language.press" in prompts_in(_after("*")) and "language.press" in prompts_in(_after("*", ""))


@pytest.mark.parametrize("heard", [(NothingRecorded(),), (Recorded(5), NoKey())])
def test_who_was_silent_and_then_spoke_is_not_asked_again(heard: tuple[Heard, ...]) -> None:
    turn = _after("", "")
    for answer in heard:
        turn = resume(TREE, turn.position, answer, FACTS)
        assert "language.press" not in prompts_in(turn)


def test_a_line_of_one_language_and_somebody_new_are_as_ever() -> None:
    assert prompts_in(_after("", facts=Facts(("ne",), remembered="ne"))) == ["main_menu"]
    new = Facts(FACTS.languages)
    assert prompts_in(_after("", facts=new)) == prompts_in(_after(facts=new))


def test_whoever_may_not_be_heard_by_menus_speaks_in_it_at_once_and_it_is_assumed() -> None:
    turn = _after(facts=replace(FACTS, straight=True))
    assert isinstance(turn.wait, Record) and turn.position.language == "ne" and not turn.position.chosen


def test_silence_that_is_an_answer_is_none_to_the_question_of_languages() -> None:
    """Staff who are rung first, a message with a text: the first silence there is not one at a menu."""
    rung = with_nodes(TREE, consent={"kind": "consent", "says": ["consent"], "next": "talk"})
    facts = replace(FACTS, on_duty=frozenset(["ne"]), can_text=True)
    turn = start(rung, facts)
    assert "language.press" not in prompts_in(resume(rung, turn.position, NobodyTook(), facts))
    told = with_nodes(TREE, consent={"kind": "consent", "says": ["consent"], "next": "rights"})
    assert prompts_in(_after("", tree=told, facts=facts)) == ["main_menu"]


def test_a_code_shows_no_language_and_silence_where_one_is_asked_for_leads_to_no_list() -> None:
    coming_back = with_nodes(TREE, consent={"kind": "consent", "says": ["consent"], "next": "mailbox"})
    coded = _after("771204377120", tree=coming_back)
    assert prompts_in(coded) == ["mailbox_pin"] and not coded.position.chosen
    assert prompts_in(_after("", tree=coming_back)) == ["mailbox_code"]


def test_a_list_that_leads_elsewhere_leads_these_to_the_microphone() -> None:
    menu = {**TREE.nodes["choose_language"].model_dump(), "otherwise": "consent"}
    turn = _after("", "", tree=with_nodes(TREE, choose_language=menu))
    assert isinstance(turn.wait, Record)


@pytest.mark.parametrize("offered", range(2, 13))
def test_the_list_is_said_once_however_many_languages_there_are(offered: int) -> None:
    facts = Facts(TWELVE[:offered], remembered="th")
    turn, said = start(TREE, facts), 0
    while isinstance(turn.wait, Gather):
        turn = resume(TREE, turn.position, NoKey(), facts)
        said += "language.press" in prompts_in(turn)
    assert isinstance(turn.wait, Record) and said == 1 and turn.position.language == "th"


@pytest.mark.parametrize("offered", range(2, 13))
def test_on_a_line_of_any_length_they_are_at_the_beep_within_the_minute(offered: int) -> None:
    catalogue = load_sounds()
    for language in TWELVE[:offered]:
        facts = Facts(TWELVE[:offered], remembered=language)
        minute = walk(TREE, facts, catalogue, lambda turn, waits: NoKey())
        assert minute.seconds <= TARGETS["no key at all, returning"][1], language


@given(st.lists(st.sampled_from(["", "0", "*", "#", "8", "77"]), max_size=12))
def test_whatever_says_nothing_of_a_language_never_makes_it_chosen(keys: list[str]) -> None:
    turn = start(TREE, FACTS)
    for key in keys:
        if not isinstance(turn.wait, Gather):
            break
        turn = resume(TREE, turn.position, Pressed(key) if key else NoKey(), FACTS)
        assert not turn.position.chosen and turn.position.language == "ne"
