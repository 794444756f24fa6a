"""A language that was chosen from this phone before: whoever calls from it now may speak another.

The call begins in it, and it counts as chosen once a key was pressed that means something in what was said in it. Who
presses nothing at the first menu hears the list of languages, once; then the microphone.
"""

from dataclasses import replace

from hotline.flow.nodes import LanguageMenu, Menu, Node, Question
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Way
from hotline.flow.nodes.language import DANGER_KEY, LANGUAGE_KEY
from hotline.flow.position import Position
from hotline.flow.tree import Tree
from hotline.flow.turn import Facts, Heard, NoKey, Pressed

BY_HEART = (DANGER_KEY, LANGUAGE_KEY)  # known without a word of the language
FIRST = 1  # turn: the first answer of a call


def ask_silent_caller(tree: Tree, node: Node, position: Position, heard: Heard, facts: Facts) -> Way | None:
    """The way to the list, of who presses nothing at the first menu; nothing where the call goes on as it would.

    At later menus, and after what was told before the first, silence means what it means there.
    """
    if heard != NoKey() or position.turn != FIRST or not _is_assumed(position) or len(facts.languages) < 2:
        return None
    menu = tree.nodes.get(tree.language_menu or "")
    if not isinstance(menu, LanguageMenu) or not isinstance(node, Menu | Question):
        return None
    return Way(menu.once(position), str(tree.language_menu))


def note_understanding(way: Way, node: Node, position: Position, heard: Heard, facts: Facts) -> Way:
    """The same way; its language counts as chosen where this answer at `position` shows that it was understood."""
    if not _is_assumed(position) or not _has_understood(node, position, heard, facts):
        return way
    return replace(way, position=replace(way.position, chosen=True))


def _is_assumed(position: Position) -> bool:
    return position.language is not None and not position.chosen


def _has_understood(node: Node, position: Position, heard: Heard, facts: Facts) -> bool:
    """In a list of languages each says its own words, and a code is read from paper."""
    if not isinstance(heard, Pressed) or heard.digits in BY_HEART:
        return False
    if not isinstance(node, Waiting) or isinstance(node, LanguageMenu) or not node.one_key:
        return False
    return node.choose(heard.digits, position, facts) is not None
