"""Menu trees: YAML in, a checked Tree out, or every fault of the file with its node and line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from hotline.flow.nodes import AnyNode, Consent, LanguageMenu
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import MICROPHONE, Name, Prompt


@dataclass(frozen=True)
class Fault:
    """One fault of a tree's file, or one thing to think over."""

    line: int
    node: str  # empty: of the tree as a whole
    says: str

    def __str__(self) -> str:
        return f"line {self.line}{f', node {self.node}' if self.node else ''}: {self.says}"


class TreeError(Exception):
    """A tree that must not answer calls; the text has a line for each fault."""

    def __init__(self, path: Path, faults: Iterable[Fault]) -> None:
        self.path = path
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("\n".join(f"{path.name}, {fault}" for fault in self.faults))


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

    @cached_property
    def language_menu(self) -> str | None:
        """Where the key for another language leads."""
        return next((name for name, node in self.nodes.items() if isinstance(node, LanguageMenu)), None)

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
        """Every prompt that a caller may hear."""
        digits = {f"digit.{digit}" for digit in range(10)}
        return digits.union(self.says_sorry, *(node.prompts() for node in self.nodes.values()))


def load_tree(path: Path) -> Tree:
    """Read and check a tree; one that has not changed since is not read again. Raises: TreeError, with every fault."""
    stamp = path.stat()
    return _load(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=64)
def _load(path: Path, _changed: int, _size: int) -> Tree:
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
    from hotline.flow.check_tree import find_faults  # it needs what stands here

    if faults_found := list(find_faults(tree, written)):
        raise TreeError(path, faults_found)
    return tree


def schema_of_trees() -> dict[str, Any]:
    """The shape of a tree's file as JSON Schema, by which editors complete it."""
    schema = Tree.model_json_schema()
    schema["required"].remove("name")  # it is the file's
    del schema["properties"]["name"]
    return schema


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
    return Fault(line_of(written, place), node, f"{where or 'this'} {said}".strip())


def line_of(written: Any, place: list[str]) -> int:
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
