"""What does not have the shape of a tree, as pydantic finds it: in plain words, with the mend."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from hotline.flow.mends import did_you_mean
from hotline.flow.nodes import AnyNode
from hotline.flow.nodes.base import Name, Prompt
from hotline.flow.nodes.menu import Key
from hotline.flow.nodes.question import Word
from hotline.flow.tree import OF_THE_FILE, Fault, Tree, line_of

KINDS: Mapping[str, type[BaseModel]] = {
    get_args(node.model_fields["kind"].annotation)[0]: node for node in get_args(get_args(AnyNode)[0])
}
MENDS: tuple[tuple[Any, str], ...] = (  # by what does not look as it must
    (Name, "write small letters a to z, digits and _, a letter first, 40 at most"),
    (Prompt, "write small letters a to z, digits, _ and ., a letter first, 40 at most"),
    (Word, "write small letters a to z and _, a letter first, 40 at most"),
    (Key, "write one of 0 to 9, * and #"),
)
PATTERNS = {TypeAdapter(word).json_schema()["pattern"]: mend for word, mend in MENDS}
MOST_SHOWN = 40  # signs of what was written


def tell_shape(written: Any, wrong: ValidationError) -> Iterator[Fault]:
    """Every fault, by its node and line. `written` is the file as read, which knows lines."""
    for error in wrong.errors(include_url=False):
        place = [str(part) for part in error["loc"] if part != "[key]" and not isinstance(part, int)]
        node = place[1] if place[:1] == ["nodes"] and len(place) > 1 else ""
        kind = place.pop(2) if node and len(place) > 2 else ""
        if says := _tell(error, kind, ".".join(place[2:] if node else place)):
            yield Fault(line_of(written, place), node, says)


def _tell(error: Any, kind: str, where: str) -> str:
    """One fault in words; nothing where another one says it."""
    given, limits = error["input"], error.get("ctx", {})
    shown, field = _show(given), "the file’s name" if where == "name" else where or "this"
    looks = PATTERNS.get(limits.get("pattern"), error["msg"])
    if error["loc"][-1] == "[key]":
        return f"{shown} cannot stand in {error['loc'][-3]}: {looks}"
    match error["type"]:
        case "missing":
            return f"{field} is missing: write a line {field}: …"
        case "extra_forbidden":
            return _unknown(where, kind)
        case "union_tag_not_found":
            return f"kind is missing: write one of {_listed(KINDS)}"
        case "union_tag_invalid":
            if given["kind"] is None:
                return f"kind is empty: write one of {_listed(KINDS)}"
            mend = did_you_mean(limits["tag"], KINDS, f"write one of {_listed(KINDS)}")
            return f"{_show(given['kind'])} is no kind of node: {mend}"
        case "model_attributes_type" | "model_type":
            return "a node is lines of name: value: write them, kind first"
        case _ if given is None:
            return f"{field} is empty: write a value, or remove the line"
        case "dict_type":
            return f"{field} is {shown}: write lines of name: value in its place"
        case "tuple_type":
            listed = given if isinstance(given, str) else "…"
            return f"{field} is no list: write it in brackets, as [{listed}]"
        case "too_short":  # after an item that is wrong pydantic counts without it
            return "" if given else f"{field} is empty: write at least one"
        case "string_type" if isinstance(given, dict | list):
            return f"{field} is {shown}: write one word, without brackets"
        case "string_type":
            return f"{field} is {shown}, which is no word: write one, or put it in quotes"
        case "string_pattern_mismatch":
            return f"{field} is {shown}: {looks}"
        case "int_type" | "int_parsing" | "int_parsing_size" | "int_from_float" | "finite_number":
            return f"{field} is {shown}: write a whole number"
        case "greater_than_equal":
            return f"{field} is {shown}: write {limits['ge']} or more"
        case "less_than_equal":
            return f"{field} is {shown}: write {limits['le']} or less"
        case "literal_error":
            expected = limits["expected"].replace("'", "")
            mend = did_you_mean(str(given), re.split(", | or ", expected), f"write {expected}")
            return f"{field} is {shown}: {mend}"
    return f"{field}: {error['msg']}"


def _unknown(field: str, kind: str) -> str:
    model = KINDS[kind] if kind else Tree
    known = set(model.model_fields) - ({"kind"} if kind else OF_THE_FILE)
    mend = f"remove it; there are {_listed(known)}"
    if not any(field in other.model_fields for other in KINDS.values()):  # else it is no slip of the pen
        mend = did_you_mean(field, known, mend)
    return f"{field} is no field of a {f'node of kind {kind}' if kind else 'tree'}: {mend}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _show(given: Any) -> str:
    shown = str(given).lower() if isinstance(given, bool) else str(given)  # as YAML writes it
    return f"“{shown if len(shown) <= MOST_SHOWN else f'{shown[:MOST_SHOWN]}…'}”"
