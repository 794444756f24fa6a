"""Menu trees: YAML in, a checked Tree out, or every fault of the file with its node and line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from hotline.flow.nodes import AnyNode, Consent, Goodbye, Message
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import MICROPHONE, Name, Prompt


@dataclass(frozen=True)
class Fault:
    """One fault of a tree's file."""

    line: int
    node: str  # empty: of the tree as a whole
    says: str


class TreeError(Exception):
    """A tree that must not answer calls; the text has a line for each fault."""

    def __init__(self, path: Path, faults: Iterable[Fault]) -> None:
        self.path = path
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__(
            "\n".join(
                f"{path.name}, line {fault.line}{f', node {fault.node}' if fault.node else ''}: {fault.says}"
                for fault in self.faults
            )
        )


class Tree(BaseModel):
    """Nodes by name, and where calls begin, are greeted, and find the microphone."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    name: Name
    start: Name
    greeted: Name  # where a caller begins whose language is known
    microphone: Name
    over: Name  # the goodbye of a call that went on too long
    languages: tuple[str, ...] = Field(min_length=1)  # the order where the line says nothing
    says_sorry: tuple[Prompt, ...] = ("sorry",)
    nodes: dict[Name, AnyNode]

    __hash__ = object.__hash__  # turns are remembered by tree (engine.resume)
    __eq__ = object.__eq__

    @cached_property
    def consent(self) -> Consent:
        """The tree's consent."""
        return next(node for node in self.nodes.values() if isinstance(node, Consent))

    def waits_for_key(self, name: str) -> bool:
        """Whether the way on from here leads to a key press before anything else."""
        seen: set[str] = set()
        while name not in seen and name != MICROPHONE:
            seen.add(name)
            node = self.nodes[name]
            if isinstance(node, Waiting):
                return True
            onward = getattr(node, "next", None)
            if isinstance(node, Message | Goodbye) or onward is None:
                return False
            name = onward
        return False

    def prompts(self) -> set[str]:
        """Every prompt that a caller may hear."""
        digits = {f"digit.{digit}" for digit in range(10)}
        return digits.union(self.says_sorry, *(node.prompts() for node in self.nodes.values()))


def load_tree(path: Path) -> Tree:
    """Read and check a tree. Raises: TreeError, with every fault found."""
    try:
        written = YAML().load(path.read_text("utf-8"))
    except MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        said = (broken.problem or "not YAML").strip()
        raise TreeError(path, [Fault(mark.line + 1 if mark else 1, "", said)]) from None
    except (UnicodeDecodeError, ValueError) as broken:
        raise TreeError(path, [Fault(1, "", f"not YAML: {type(broken).__name__}")]) from None
    if not isinstance(written, CommentedMap):
        raise TreeError(path, [Fault(1, "", "a tree is a mapping of start, nodes and so on")])
    try:
        tree = Tree.model_validate({"name": path.stem, **_plain(written)})
    except ValidationError as faults:
        raise TreeError(path, [_shape(written, fault) for fault in faults.errors()]) from None
    if faults_found := list(_sense(tree, written)):
        raise TreeError(path, faults_found)
    return tree


def _plain(written: Any) -> Any:
    """Keys as text: YAML reads the keys of a phone as numbers."""
    if isinstance(written, dict):
        return {str(key): _plain(value) for key, value in written.items()}
    return [_plain(value) for value in written] if isinstance(written, list) else written


def _shape(written: CommentedMap, fault: Any) -> Fault:
    place = [str(part) for part in fault["loc"]]
    node = place[1] if place[:1] == ["nodes"] and len(place) > 1 else ""
    where = ".".join(
        part for part in place[2 if node else 0 :] if not re.fullmatch(r"\[key\]|[a-z]+-kind", part)
    )
    said = {"missing": "is missing", "extra_forbidden": "is not known here"}.get(fault["type"], fault["msg"])
    return Fault(_line(written, place), node, f"{where or 'this'} {said}".strip())


def _sense(tree: Tree, written: CommentedMap) -> Iterator[Fault]:
    """What each part may say by itself, but not together."""
    for field in ("start", "greeted", "microphone", "over"):
        if getattr(tree, field) not in tree.nodes:
            yield Fault(
                _line(written, [field]), "", f"{field} names {getattr(tree, field)}, which is no node"
            )
    for name, node in tree.nodes.items():
        for place, target in node.targets():
            if target not in tree.nodes and target != MICROPHONE:
                line = _line(written, ["nodes", name, *place.split(".")])
                yield Fault(line, name, f"{place} leads to {target}, which is no node")
    if not isinstance(tree.nodes.get(tree.microphone), Message):
        yield Fault(_line(written, ["microphone"]), "", "microphone must name a node of kind message")
    if not isinstance(tree.nodes.get(tree.over), Goodbye):
        yield Fault(_line(written, ["over"]), "", "over must name a node of kind goodbye")
    consents = [name for name, node in tree.nodes.items() if isinstance(node, Consent)]
    if len(consents) != 1:
        yield Fault(
            _line(written, ["nodes"]), "", "a tree has one node of kind consent, no more and no fewer"
        )
    yield from _lost(tree, written)
    yield from _circles(tree, written)


def _lost(tree: Tree, written: CommentedMap) -> Iterator[Fault]:
    reached, ahead = set(), [tree.start, tree.greeted, tree.microphone, tree.over]
    while ahead:
        name = tree.microphone if (name := ahead.pop()) == MICROPHONE else name
        if name in tree.nodes and name not in reached:
            reached.add(name)
            ahead += [target for _, target in tree.nodes[name].targets()]
    for name, node in tree.nodes.items():
        if name not in reached and not isinstance(node, Consent):
            yield Fault(_line(written, ["nodes", name]), name, "no way leads here")


def _circles(tree: Tree, written: CommentedMap) -> Iterator[Fault]:
    """A circle of nodes that never wait would play for ever."""
    for name in tree.nodes:
        seen, here = [name], tree.nodes[name]
        while not isinstance(here, Waiting | Message | Goodbye):
            onward = getattr(here, "next", None)
            if onward == name:
                yield Fault(_line(written, ["nodes", name]), name, f"goes round for ever: {' > '.join(seen)}")
            if onward is None or onward in seen or onward not in tree.nodes:
                break
            seen.append(onward)
            here = tree.nodes[onward]


def _line(written: Any, place: list[str]) -> int:
    """The line of the deepest part of this place that is written (from 1)."""
    line, here = 1, written
    for part in place:
        if not isinstance(here, CommentedMap):
            break
        key = next((key for key in here if str(key) == part), None)
        if key is None:
            continue
        line = here.lc.key(key)[0] + 1
        here = here[key]
    return line
