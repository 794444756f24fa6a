"""A tree's YAML, which knows its lines, and what is wrong with it as YAML: in plain words, with the mend."""

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode
from ruamel.yaml.reader import ReaderError

from hotline.flow.tree import Fault

DEEPEST = 3  # mappings around a key of the phone: the tree, its nodes, the node
# What is told where something was begun and never ended, by what YAML says it was doing.
BEGUN = {
    "flow": "the bracket that opens here is not closed: close it, and mind the quotes in it",
    "quoted": "the quote that opens here is not closed: close it",
    "simple key": "a colon is missing: write name: value",
}
BESIDE = "this line does not begin under its neighbours: give it as many blanks as they have"
# What is told where it came to grief, by a part of what YAML says.
MET = {
    "\\t": "a tab is no blank in YAML: write blanks in its place",
    "cannot start": "a word cannot begin with this sign: put it in quotes",
    "escape": "a \\ means something in double quotes: write two of them, or single quotes",
    "undefined alias": "a word cannot begin with *: put it in quotes",
    "mapping values": "a colon does not fit here: write one name: value a line, under its neighbours, with a blank"
    " after the colon (look at the line before, too)",
    "block end": BESIDE,
    "document start": BESIDE,
    "another document": "a second document begins here: a file holds one tree, remove the ---",
}
UNSEEN = "a sign that cannot be seen is no YAML: remove it, or write the line anew"
UNREAD = "a date or number here cannot be read: put it in quotes"
NO_NAME = "a name is one word: write it without brackets"
PLAIN = tuple(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "seq", "map", "merge", "timestamp")
)
LARGEST = 100_000  # words of a tree, each as often as it is meant: YAML can mean millions in ten lines
TOO_LARGE = "what & and * repeat makes this tree too large: write it out"
TOO_DEEP = "brackets within brackets within brackets are no tree: remove some"
OTHERWISE = "look at the blanks, colons and quotes of this line and of the one before"


def read_yaml(text: str) -> tuple[Any, list[Fault]]:
    """What is written, and the faults of its YAML: nothing is written where it cannot be read at all."""
    reader = YAML()
    reader.allow_duplicate_keys = True  # else the first is told alone, and without its node
    try:
        composed = reader.compose(text)
        if composed and _size(composed, {}) > LARGEST:
            return None, [Fault(1, "", TOO_LARGE)]
        if odd := next(_odd(reader, composed), None):
            return None, [odd]
        twice = list(_twice(reader, composed, []))
        return reader.constructor.construct_document(composed) if composed else None, twice
    except ReaderError as broken:
        return None, [Fault(text.count("\n", 0, broken.position) + 1, "", UNSEEN)]
    except MarkedYAMLError as broken:
        return None, [_syntax(broken, text.split("\n"))]
    except (YAMLError, ValueError, TypeError, KeyError) as broken:
        return None, [Fault(1, "", f"is no YAML ({broken}): {OTHERWISE}")]
    except RecursionError:
        return None, [Fault(1, "", TOO_DEEP)]


def _size(here: Any, sizes: dict[int, int]) -> int:
    """Words under a node, those that it repeats each time; a node that is in itself is a RecursionError."""
    if isinstance(here, tuple):
        return sum(_size(part, sizes) for part in here)
    if isinstance(here, ScalarNode):
        return 1
    if id(here) not in sizes:
        sizes[id(here)] = 1 + sum(_size(part, sizes) for part in here.value)
    return sizes[id(here)]


def _odd(reader: YAML, here: Any) -> Iterator[Fault]:
    """Names in brackets, values of a kind of their own, and what is no date or number though it looks like one."""
    if here is None:
        return
    line = here.start_mark.line + 1
    if not here.tag.startswith(PLAIN):
        yield Fault(line, "", f"{here.tag} is no kind of value here: remove it")
    elif isinstance(here, ScalarNode):
        try:
            reader.constructor.construct_object(here, deep=True)
        except (ValueError, KeyError, YAMLError):
            yield Fault(line, "", UNREAD)
    else:
        for part in here.value:
            if isinstance(part, tuple) and not isinstance(part[0], ScalarNode):
                yield Fault(part[0].start_mark.line + 1, "", NO_NAME)
            for each in part if isinstance(part, tuple) else (part,):
                yield from _odd(reader, each)


def _twice(reader: YAML, here: Any, place: list[str]) -> Iterator[Fault]:
    """Names that stand twice in one mapping. YAML takes 1 and "1" for two keys; a telephone does not."""
    if not isinstance(here, MappingNode) or len(place) > DEEPEST:
        return
    first: dict[str, int] = {}
    for key, value in here.value:
        name, line = str(reader.constructor.construct_object(key, deep=True)), key.start_mark.line + 1
        if name in first:
            yield _told_twice(place, name, line, first[name])
        first.setdefault(name, line)
        yield from _twice(reader, value, [*place, name])


def _told_twice(place: list[str], name: str, line: int, first: int) -> Fault:
    match place:
        case ["nodes"]:
            node, says, mend = name, "is written twice", "give one another name, or remove it"
        case ["nodes", node, "keys" | "answers"]:
            says, mend = f"key {name} is used twice", "give one another key, or remove it"
        case _:
            node = place[1] if place[:1] == ["nodes"] else ""
            says, mend = f"{name} is written twice", "keep one of them"
    return Fault(line, node, f"{says}, first in line {first}: {mend}")


def _syntax(broken: MarkedYAMLError, lines: list[str]) -> Fault:
    """Told where it begins, if it is something that never ends: YAML sees that many lines later."""
    context, problem = broken.context or "", (broken.problem or "").strip()
    begun = next((says for part, says in BEGUN.items() if part in context), "")
    met = next((says for part, says in MET.items() if part in problem), "")
    mark = broken.context_mark if begun and not met else broken.problem_mark or broken.context_mark
    line = mark.line + 1 if mark else 1
    if lines[line - 1 : line] and lines[line - 1].lstrip().startswith("*"):
        return Fault(line, "", 'the key * is no word to YAML: put it in quotes, as "*"')
    return Fault(line, "", met or begun or f"is no YAML ({problem}): {OTHERWISE}")
