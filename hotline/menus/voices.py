"""In which of a tree's languages people's recordings speak each of its nodes, and how many prompts the others lack."""

from collections import defaultdict
from collections.abc import Mapping

from hotline.flow.nodes import Menu, Question
from hotline.flow.prompts import Script
from hotline.flow.reach import prompts_at
from hotline.flow.tree import Tree
from hotline.flow.turn import Clip
from hotline.studio.coverage import Cell, unspoken

Voices = dict[str, list[str]]  # by node, as sentences


def voices_of_nodes(tree: Tree, scripts: Mapping[str, Script], cells: dict[Clip, Cell]) -> Voices:
    """What is told of each node that says anything: "✓ my th", "ne: 2 to record"."""
    return {name: _tell(tree, name, scripts, cells) for name in tree.nodes}


def _tell(tree: Tree, name: str, scripts: Mapping[str, Script], cells: dict[Clip, Cell]) -> list[str]:
    node, by_lack = tree.nodes[name], defaultdict[int, list[str]](list)
    if isinstance(node, Menu | Question) and not node.says:  # met by texts alone
        return []
    for language in tree.languages:
        wanted = prompts_at(node, scripts[language]) if language in scripts else set()
        if wanted:
            by_lack[len(unspoken(cells, language, wanted))].append(language)
    return [
        f"{' '.join(languages)}: {lack} to record" if lack else f"✓ {' '.join(languages)}"
        for lack, languages in sorted(by_lack.items())
    ]
