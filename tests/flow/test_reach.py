"""What a line's callers may hear in a language includes the parts of the numbers and days that its nodes speak."""

from dataclasses import replace

import pytest

from hotline.flow.load_tree import load_tree
from hotline.flow.nodes import Mailbox
from hotline.flow.prompts import PROMPTS, read_scripts
from hotline.flow.reach import prompts_wanted
from hotline.flow.topics import TOPICS, prompts_of, read_topics
from hotline.flow.tree import Tree

SCRIPTS = read_scripts(PROMPTS)
MAIN = load_tree(PROMPTS / "trees" / "main.yaml")
NO_MAILBOX = MAIN.model_copy(
    update={"nodes": {name: node for name, node in MAIN.nodes.items() if not isinstance(node, Mailbox)}}
)


def written(tree: Tree) -> set[str]:
    """What the tree says without a number, its rights in every country."""
    return prompts_of(tree, read_topics(TOPICS))


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_mailbox_needs_the_months_and_the_numbers_up_to_31_and_no_more(language: str) -> None:
    more = prompts_wanted(MAIN, SCRIPTS[language]) - written(MAIN)
    assert {f"month.{month}" for month in range(1, 13)} | {
        "day.today",
        "day.yesterday",
        "mailbox_left",
    } < more
    assert not more & {"number.100", "number.1000", "number.40", "number.99"}
    assert more <= set(SCRIPTS[language].prompts)


def test_of_hindi_it_needs_the_words_up_to_31() -> None:
    wanted = prompts_wanted(MAIN, SCRIPTS["hi"])
    assert sorted(int(name[7:]) for name in wanted if name.startswith("number.")) == list(range(10, 32))


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_tree_that_speaks_no_numbers_needs_none(language: str) -> None:
    assert prompts_wanted(NO_MAILBOX, SCRIPTS[language]) == written(NO_MAILBOX)


def test_a_language_without_rules_lacks_them() -> None:
    more = prompts_wanted(MAIN, replace(SCRIPTS["th"], numbers=None)) - written(MAIN)
    assert more == {"numbers.left", "numbers.answers"}
