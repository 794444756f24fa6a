"""What the callers of a tree may hear in one language: its prompts, and those that its numbers and days need."""

from hotline.flow.prompts import Script
from hotline.flow.tree import Tree


def prompts_wanted(tree: Tree, script: Script) -> set[str]:
    """Every prompt. A language without rules for its numbers lacks them under the name of the rules."""
    wanted = tree.prompts()
    for kind in tree.speaks():
        wanted |= script.numbers.needs[kind] if script.numbers else {f"numbers.{kind}"}
    return wanted
