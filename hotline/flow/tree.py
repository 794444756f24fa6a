"""What a menu tree is, and how its faults are told: with file, line and node."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from ruamel.yaml.comments import CommentedMap

from hotline.flow.nodes import AnyNode, Consent, LanguageMenu
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import MICROPHONE, Name, Prompt
from hotline.flow.nodes.hours import Hours
from hotline.flow.nodes.question import Word

OF_THE_FILE = {"name", "version"}  # fields of a Tree that stand in no tree


@dataclass(frozen=True)
class Fault:
    """One fault of a tree's file, or one thing to think over."""

    line: int
    node: str  # empty: of the tree as a whole
    says: str  # what is wrong, and after a colon how it is mended

    def __str__(self) -> str:
        return f"line {self.line}{f', node {self.node}' if self.node else ''}: {self.says}"


class TreeError(Exception):
    """A tree that must not answer calls; the text has a line for each fault."""

    def __init__(self, name: str, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("\n".join(f"{name}.yaml, {fault}" for fault in self.faults))


class Tree(BaseModel):
    """Nodes by name, and where calls begin, are greeted, and find the microphone."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    name: Name
    version: int = 0  # as staff published it; 0 is the one that is shipped
    start: Name
    greeted: Name  # where a caller begins whose language is known
    microphone: Name
    over: Name  # the goodbye of a call that went on too long
    texts: Name | None = None  # where a text begins that is a number and answers nothing
    keywords: dict[Word, Name] = Field(
        default_factory=dict
    )  # nodes by what a text asks for (`words` of the scripts)
    languages: tuple[str, ...] = Field(min_length=1)  # the order where the line says nothing
    says_sorry: tuple[Prompt, ...] = ("sorry",)
    says_holiday: tuple[Prompt, ...] = ("announce_holiday",)  # before all else, on the line's holidays
    nodes: dict[Name, AnyNode]
    _lines: dict[str, int] = PrivateAttr(
        default_factory=dict
    )  # of the nodes, where the tree was read from a file

    __hash__ = object.__hash__  # turns are remembered by tree (engine.resume)
    __eq__ = object.__eq__

    @cached_property
    def consent(self) -> Consent:
        """The tree's consent."""
        return next(node for node in self.nodes.values() if isinstance(node, Consent))

    @cached_property
    def language_menu(self) -> str | None:
        """Where the key for another language leads."""
        return next((name for name, node in self.nodes.items() if isinstance(node, LanguageMenu)), None)

    @cached_property
    def danger(self) -> str | None:
        """Where the key for danger leads, as the language menu says."""
        menu = self.nodes.get(self.language_menu or "")
        return menu.danger if isinstance(menu, LanguageMenu) else None

    @property
    def asks_hours(self) -> bool:
        """Whether what callers hear depends on the line's hours."""
        return any(isinstance(node, Hours) for node in self.nodes.values())

    def line(self, name: str) -> int:
        """Where a node begins in the file that the tree was read from, from 1."""
        return self._lines.get(name, 1)

    def keep_lines(self, written: Any) -> None:
        """From its file as read, which knows lines."""
        self._lines.update((name, line_of(written, ["nodes", name])) for name in self.nodes)

    def text_roots(self) -> list[str]:
        """Where texts begin."""
        return [*([self.texts] if self.texts else []), *self.keywords.values()]

    def waits_for_key(self, name: str) -> bool:
        """Whether a way on from here leads to a key press before anything else."""
        seen: set[str] = set()
        ahead = [name]
        while ahead:
            here = ahead.pop()
            if here in seen or here == MICROPHONE:
                continue
            seen.add(here)
            if isinstance(self.nodes[here], Waiting):
                return True
            ahead += self.nodes[here].passes()
        return False

    def prompts(self) -> set[str]:
        """Every prompt that a caller may hear, whatever the language; prompts_wanted adds those of its numbers."""
        digits = {f"digit.{digit}" for digit in range(10)}
        return digits.union(
            self.says_sorry, self.says_holiday, *(node.prompts() for node in self.nodes.values())
        )

    def speaks(self) -> set[str]:
        """Every kind of number, day or count that a caller may hear (spoken_numbers.ASKED)."""
        return {kind for node in self.nodes.values() for kind in node.speaks()}


def line_of(written: Any, place: list[str]) -> int:
    """The line of the deepest part of this place that is written (from 1)."""
    line, here = 1, written
    for part in place:
        if not isinstance(here, CommentedMap):
            break
        key = next((key for key in here if str(key) == part), None)
        if key is None:
            continue
        if key in (here.lc.data or {}):  # else it stands where it was merged from (<<)
            line = here.lc.key(key)[0] + 1
        here = here[key]
    return line
