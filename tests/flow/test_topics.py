"""Rights by topic and country: the message of the line's country, while it is not too old; else the general one."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from hotline.flow.by_text import begin_by_text, hear_text
from hotline.flow.check_tree import MOST_CHOICES, MOST_SECONDS
from hotline.flow.engine import Clip, Facts, Pressed, Turn, resume
from hotline.flow.load_tree import load_tree
from hotline.flow.nodes import Information
from hotline.flow.prompts import PROMPTS, Catalogue, read_scripts
from hotline.flow.topics import TOPICS, fresh_in, old_in_general, prompts_of, read_topics
from tests.flow.calling import press_keys, prompts_in

TREE = load_tree(PROMPTS / "trees" / "main.yaml")
ALL = read_topics(TOPICS)
CHECKED = max(one.checked for one in ALL)
DAYS = 365
FEES, WAGES, LEAVING = ("2", "3", "4")


def _facts(country: str, today: date = CHECKED, *, can_text: bool = False) -> Facts:
    fresh = fresh_in(ALL, country, today, DAYS)
    return Facts(("th", "en"), country=country, fresh=fresh, can_text=can_text)


def _walk(*keys: str, facts: Facts) -> Turn:
    return press_keys(TREE, facts, "1", "3", *keys)


@pytest.mark.parametrize(
    ("country", "wages"),
    [("TH", ["rights.wages.TH", "rights.hours.TH"]), ("MY", ["rights.wages.MY", "rights.hours.MY"]),
     ("NP", ["rights.wages", "rights.hours"]), ("", ["rights.wages", "rights.hours"])],
)  # fmt: skip
def test_a_line_tells_the_law_of_its_country_and_else_what_holds_everywhere(
    country: str, wages: list[str]
) -> None:
    assert prompts_in(_walk(WAGES, facts=_facts(country))) == [*wages, "topics"]


def test_on_the_last_day_the_law_is_told_and_after_it_the_general_message() -> None:
    last = CHECKED + timedelta(days=DAYS)
    assert prompts_in(_walk(WAGES, facts=_facts("TH", last)))[0] == "rights.wages.TH"
    assert prompts_in(_walk(WAGES, facts=_facts("TH", last + timedelta(days=1))))[0] == "rights.wages"


def test_what_was_not_checked_for_too_long_is_told_to_nobody_nor_texted() -> None:
    late = CHECKED + timedelta(days=DAYS + 1)
    general = frozenset(one.prompt for one in ALL if not one.country)
    assert old_in_general(ALL, late, DAYS) == general and not old_in_general(ALL, CHECKED, DAYS)
    facts = replace(_facts("TH", late, can_text=True), old=old_in_general(ALL, late, DAYS))
    assert set(prompts_in(_walk(WAGES, facts=facts))) == {"not_checked", "topics"}
    asked = begin_by_text(TREE, "wages", "th", chosen=True, facts=facts)
    assert asked.says == "not_checked"
    facts = replace(facts, fresh=fresh_in(ALL, "TH", CHECKED, DAYS))
    assert prompts_in(_walk(WAGES, facts=facts))[0] == "rights.wages.TH", (
        "the country's own was checked since"
    )


def test_it_is_texted_as_it_was_told_and_the_second_of_the_two_follows() -> None:
    facts = _facts("MY", can_text=True)
    told = _walk(LEAVING, facts=facts)
    assert prompts_in(told) == ["rights.leaving.MY", "as_text"]
    sent = resume(TREE, told.position, Pressed("1"), facts)
    assert sent.does == ("send_information",) and sent.topic == "rights.leaving.MY"
    assert prompts_in(sent) == ["text_sent", "rights.return", "as_text"]


def test_topics_that_nobody_chooses_from_lead_back_to_the_main_menu() -> None:
    facts = _facts("TH")
    turn = _walk(facts=facts)
    for _ in range(3):
        turn = resume(TREE, turn.position, Pressed("9"), facts)
    assert turn.position.node == "main_menu"


def test_by_texts_each_topic_is_one_number() -> None:
    facts = replace(_facts("TH"), languages=("th",))
    topics = begin_by_text(TREE, "topics_by_text", "th", chosen=True, facts=facts)
    assert topics.position is not None
    said = [turn.says for key in "2345678" if (turn := hear_text(TREE, topics.position, key, facts))]
    assert said == ["rights.fees", "rights.documents.TH", "rights.wages.TH", "rights.hours.TH", "rights.leaving.TH",
                    "rights.return", "rights"]  # fmt: skip


def test_every_message_of_rights_says_where_it_comes_from_and_none_is_left_out() -> None:
    told = {prompt for node in TREE.nodes.values() if isinstance(node, Information) for prompt in node.says}
    assert {one.general for one in ALL} == told
    assert all(one.source for one in ALL)
    for language, script in read_scripts(PROMPTS).items():
        assert {one.prompt for one in ALL} <= set(script.prompts) & set(script.texts), language


def test_a_line_needs_the_words_of_its_own_country_alone() -> None:
    thai, anywhere = prompts_of(TREE, ALL, ["TH"]), prompts_of(TREE, ALL)
    assert {"rights.wages", "rights.wages.TH"} <= thai and "rights.wages.MY" not in thai
    assert anywhere - thai == {one.prompt for one in ALL if one.country == "MY"}
    assert prompts_of(TREE, ALL, [""]) == TREE.prompts()


def test_no_message_is_longer_than_people_listen(data: Path) -> None:
    sounds = Catalogue.load(PROMPTS, data / "prompts")
    for language in TREE.languages:
        for prompt in prompts_of(TREE, ALL):
            assert sounds.sound(Clip(prompt, language)).seconds <= MOST_SECONDS, (prompt, language)
    topics = TREE.nodes["topics"]
    assert len(topics.model_dump()["keys"]) <= MOST_CHOICES


@pytest.mark.parametrize(
    "wrong", ["rights:\n  source: x\n", "rights:\n  source: x\n  checked: soon\n  checked_by: ''\n", "- 1\n"]
)
def test_a_message_without_source_or_day_is_refused(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "topics.yaml"
    path.write_text(wrong, "utf-8")
    with pytest.raises(ValueError):
        read_topics(path)
