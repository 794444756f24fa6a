"""Calls through the engine alone, as the tests of each part of it make them."""

from typing import Any

from hotline.flow.engine import Facts, NoKey, Pressed, Turn, resume, start
from hotline.flow.tree import Tree


def press_keys(tree: Tree, facts: Facts, *keys: str) -> Turn:
    """What a call has come to after these keys; an empty one is none in time."""
    turn = start(tree, facts)
    for key in keys:
        turn = resume(tree, turn.position, Pressed(key) if key else NoKey(), facts)
    return turn


def prompts_in(turn: Turn) -> list[str]:
    """What is played, whatever the language."""
    return [clip.prompt for clip in turn.plays]


def with_nodes(tree: Tree, **nodes: dict[str, Any]) -> Tree:
    """The tree with some nodes written anew."""
    whole = tree.model_dump()
    return Tree.model_validate({**whole, "nodes": {**whole["nodes"], **nodes}})
