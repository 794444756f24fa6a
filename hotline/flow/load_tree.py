"""Menu trees: YAML in, a checked Tree out, or every fault of the file with its node and line."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from hotline.flow.check_tree import find_faults, find_unwritten
from hotline.flow.prompts import Script
from hotline.flow.read_once import read_once
from hotline.flow.tree import Fault, Tree, TreeError, line_of

DEFAULT_TREE = "main"  # answers where a line, or its tree, is unknown


def load_trees(folder: Path) -> dict[str, Tree]:
    """Every shipped tree by its name. Raises: TreeError."""
    return {path.stem: load_tree(path) for path in sorted((folder / "trees").glob("*.yaml"))}


@read_once
def load_tree(path: Path) -> Tree:
    """Read and check a tree's file. Raises: TreeError, with every fault found."""
    try:
        return read_tree(path.read_text("utf-8"), path.stem)
    except UnicodeDecodeError as broken:
        raise TreeError(path.stem, [Fault(1, "", f"not YAML: {type(broken).__name__}")]) from None


def read_tree(text: str, name: str, version: int = 0, scripts: Mapping[str, Script] | None = None) -> Tree:
    """Read and check a tree as it is written. Raises: TreeError, with every fault found.

    With `scripts`, by language, also what has no words: for who writes one. A tree that answers calls is read
    without: what it lacks is heard in the language to fall back to.
    """
    try:
        written = YAML().load(text)
    except MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        said = (broken.problem or "not YAML").strip()
        raise TreeError(name, [Fault(mark.line + 1 if mark else 1, "", said)]) from None
    except (ValueError, YAMLError) as broken:
        raise TreeError(name, [Fault(1, "", f"not YAML: {type(broken).__name__}")]) from None
    if not isinstance(written, CommentedMap):
        raise TreeError(name, [Fault(1, "", "a tree is a mapping of start, nodes and so on")])
    try:
        tree = Tree.model_validate({**_plain(written), "name": name, "version": version})
    except ValidationError as faults:
        raise TreeError(name, [_shape(written, fault) for fault in faults.errors()]) from None
    tree.keep_lines(written)
    faults_found = list(find_faults(tree, written))
    if scripts is not None:
        faults_found += find_unwritten(tree, written, scripts)
    if faults_found:
        raise TreeError(name, faults_found)
    return tree


def schema_of_trees() -> dict[str, Any]:
    """The shape of a tree's file as JSON Schema, by which editors complete it."""
    schema = Tree.model_json_schema()
    schema["required"].remove("name")
    for field in ("name", "version"):  # they are the file's
        del schema["properties"][field]
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
