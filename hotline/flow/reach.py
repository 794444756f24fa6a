"""What the callers of a tree may hear in one language: its prompts, and those that its numbers and days need."""

from collections.abc import Collection, Iterable

from hotline.flow.nodes import Node
from hotline.flow.prompts import Script
from hotline.flow.topics import TOPICS, prompts_of, read_topics
from hotline.flow.tree import Tree


def prompts_wanted(tree: Tree, script: Script, countries: Collection[str] | None = None) -> set[str]:
    """Every prompt, with what is told of rights in these countries (in none that is named: in any).

    A language without rules for its numbers lacks them under the name of the rules.
    """
    return prompts_of(tree, read_topics(TOPICS), countries) | _numbers(tree.speaks(), script)


def prompts_at(node: Node, script: Script) -> set[str]:
    """The same of one node, without what only some countries are told."""
    return {*node.prompts(), *_numbers(node.speaks(), script)}


def _numbers(kinds: Iterable[str], script: Script) -> set[str]:
    needs = (script.numbers.needs[kind] if script.numbers else {f"numbers.{kind}"} for kind in kinds)
    return set().union(*needs)
