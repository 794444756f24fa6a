"""Menu trees: YAML in, a checked Tree out, or every fault of the file with its node, line and mend."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap

from hotline.flow.check_tree import find_faults, find_unwritten
from hotline.flow.prompts import Script
from hotline.flow.read_once import read_once
from hotline.flow.read_yaml import read_yaml
from hotline.flow.tell_shape import tell_shape
from hotline.flow.tree import OF_THE_FILE, Fault, Tree, TreeError

DEFAULT_TREE = "main"  # answers where a line, or its tree, is unknown
NO_TREE = (
    "this is no tree: write start, nodes and so on, each as name: value (ivr_prompts/trees/main.yaml is one)"
)


def load_trees(folder: Path) -> dict[str, Tree]:
    """Every shipped tree by its name. Raises: TreeError."""
    return {path.stem: load_tree(path) for path in sorted((folder / "trees").glob("*.yaml"))}


@read_once
def load_tree(path: Path) -> Tree:
    """Read and check a tree's file. Raises: TreeError, with every fault found."""
    return read_tree(read_source(path), path.stem)


def read_source(path: Path) -> str:
    """A tree's file as text. Raises: TreeError."""
    written = path.read_bytes()
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError as broken:
        line = written.count(b"\n", 0, broken.start) + 1
        raise TreeError(path.stem, [Fault(line, "", "is no UTF-8: save the file as UTF-8")]) from None


def read_tree(
    text: str,
    name: str,
    version: int = 0,
    scripts: Mapping[str, Script] | None = None,
    offered: Iterable[str] = (),
) -> Tree:
    """Read and check a tree as it is written. Raises: TreeError, with every fault found.

    With `scripts`, by language, also what has no words in its languages or in those that are `offered`: for who writes
    one. A tree that answers calls is read without: what it lacks is heard in the language to fall back to.
    """
    written, faults = read_yaml(text)
    if not isinstance(written, CommentedMap):
        raise TreeError(name, faults or [Fault(1, "", NO_TREE)])
    try:
        tree = Tree.model_validate({**_plain(written), "name": name, "version": version})
    except ValidationError as wrong:
        raise TreeError(name, [*faults, *tell_shape(written, wrong)]) from None
    tree.keep_lines(written)
    faults += find_faults(tree, written)
    if scripts is not None:
        faults += find_unwritten(tree, written, scripts, offered)
    if faults:
        raise TreeError(name, faults)
    return tree


def schema_of_trees() -> dict[str, Any]:
    """The shape of a tree's file as JSON Schema, by which editors complete it."""
    schema = Tree.model_json_schema()
    schema["required"].remove("name")
    for field in OF_THE_FILE:
        del schema["properties"][field]
    return schema


def _plain(written: Any) -> Any:
    """Keys as text: YAML reads the keys of a phone as numbers."""
    if isinstance(written, dict):
        return {str(key): _plain(value) for key, value in written.items()}
    return [_plain(value) for value in written] if isinstance(written, list) else written
