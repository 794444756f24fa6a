"""What is wrong with a tree whose parts are each right, and what is worth a second thought."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from hotline.flow.nodes import Consent, HangUp, LanguageMenu, Microphone, Node
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import MICROPHONE
from hotline.flow.position import Position
from hotline.flow.prompts import Script
from hotline.flow.tree import Fault, Tree, line_of
from hotline.flow.turn import Facts

MOST_CHOICES = 5  # that a person can keep in mind
MOST_SECONDS = 25.0  # of a menu, in any language
Seconds = Callable[[str, str], float]  # (prompt, language) -> how long it is


def find_faults(tree: Tree, written: Any) -> Iterator[Fault]:
    """Every fault that keeps the tree from answering calls. `written` is its file as read, which knows lines."""
    yield from _places(tree, written)
    yield from _targets(tree, written)
    yield from _keys_twice(written)
    yield from _own_keys_twice(tree, written)
    yield from _lost(tree, written)
    yield from _circles(tree, written, lambda node: node.passes(), "goes round for ever")
    if isinstance(tree.nodes.get(tree.microphone), Microphone):  # else that is the fault
        yield from _circles(tree, written, _unanswered, "who says and presses nothing goes round for ever")
    yield from _no_way_out(tree, written)


def find_unwritten(tree: Tree, written: Any, scripts: Mapping[str, Script]) -> Iterator[Fault]:
    """Languages that there are not, and prompts and texts without words in one of the tree's."""
    for language, count in Counter(tree.languages).items():
        if language not in scripts or count > 1:
            says = (
                "is offered twice" if count > 1 else f"has no script; there is {', '.join(sorted(scripts))}"
            )
            yield Fault(line_of(written, ["languages"]), "", f"language {language} {says}")
    for script in (scripts[language] for language in dict.fromkeys(tree.languages) if language in scripts):
        for field in ("says_sorry", "says_holiday"):
            yield from _wordless(line_of(written, [field]), "", getattr(tree, field), script.prompts, script)
        for name, node in tree.nodes.items():
            line = line_of(written, ["nodes", name, "says"])
            yield from _wordless(line, name, node.prompts(), script.prompts, script)
            line = line_of(written, ["nodes", name, "text"])
            yield from _wordless(line, name, node.texts(), script.texts, script)


def _wordless(
    line: int, node: str, names: Iterable[str], known: Mapping[str, str], script: Script
) -> Iterator[Fault]:
    if missing := sorted(set(names) - set(known)):
        mend = f"write it in ivr_prompts/{script.language}/script.yaml, or mend the name"
        yield Fault(line, node, f"{', '.join(missing)} has no words in {script.language}: {mend}")


def find_doubts(tree: Tree, seconds: Seconds) -> Iterator[Fault]:
    """Menus that are longer than a person can remember: warnings.

    Languages are as many as there are, and everybody knows their own when they hear it: of a list of them only the
    seconds count, which who speaks the last one waits for.
    """
    for name, node in tree.nodes.items():
        line = tree.line(name)
        if isinstance(node, LanguageMenu):
            yield from _long_list(tree, name, node, seconds)
            continue
        if not isinstance(node, Waiting) or not node.says:
            continue  # what is read can be read again
        if (choices := len(set(node.choices().values()))) > MOST_CHOICES:  # two keys for one thing are one
            yield Fault(line, name, f"has {choices} choices; more than {MOST_CHOICES} are not remembered")
        for language in tree.languages:
            length = sum(seconds(prompt, language) for prompt in node.says)
            if length > MOST_SECONDS:
                yield Fault(
                    line,
                    name,
                    f"takes {length:.0f} s in {language}; after {MOST_SECONDS:.0f} s people hang up",
                )


def _long_list(tree: Tree, name: str, node: LanguageMenu, seconds: Seconds) -> Iterator[Fault]:
    scene = node.enter(Position(tree.name, name), Facts(tree.languages))
    length = sum(seconds(clip.prompt, clip.language) for clip in scene.plays)
    if length > MOST_SECONDS:
        says = f"takes {length:.0f} s for {len(tree.languages)} languages; after {MOST_SECONDS:.0f} s people hang up"
        yield Fault(
            tree.line(name), name, f"{says}: those of most callers first, others on a line of their own"
        )


def _places(tree: Tree, written: Any) -> Iterator[Fault]:
    for field in ("start", "greeted", "microphone", "over", "texts"):
        if getattr(tree, field) is not None and getattr(tree, field) not in tree.nodes:
            yield Fault(
                line_of(written, [field]), "", f"{field} names {getattr(tree, field)}, which is no node"
            )
    for word, name in tree.keywords.items():
        if name not in tree.nodes:
            yield Fault(
                line_of(written, ["keywords", word]), "", f"keywords.{word} names {name}, which is no node"
            )
    if not isinstance(tree.nodes.get(tree.microphone), Microphone):
        yield Fault(line_of(written, ["microphone"]), "", "microphone must name a node of kind record")
    if not isinstance(tree.nodes.get(tree.over), HangUp):
        yield Fault(line_of(written, ["over"]), "", "over must name a node of kind hang_up")
    kinds = Counter(node.kind for node in tree.nodes.values())
    if kinds["consent"] != 1:
        yield Fault(
            line_of(written, ["nodes"]), "", "a tree has one node of kind consent, no more and no fewer"
        )
    for kind in ("language", "mailbox"):
        if kinds[kind] > 1:
            yield Fault(line_of(written, ["nodes"]), "", f"a tree has at most one node of kind {kind}")


def _targets(tree: Tree, written: Any) -> Iterator[Fault]:
    for name, node in tree.nodes.items():
        for place, target in node.targets():
            if target not in tree.nodes and target != MICROPHONE:
                line = line_of(written, ["nodes", name, *place.split(".")])
                yield Fault(line, name, f"{place} leads to {target}, which is no node")


def _keys_twice(written: Any) -> Iterator[Fault]:
    """YAML takes 1 and "1" for two keys; a telephone does not."""
    for name, node in (written.get("nodes") or {}).items():
        for field in ("keys", "answers"):
            seen: set[str] = set()
            for key in node.get(field) or {}:
                if str(key) in seen:
                    yield Fault(
                        line_of(written, ["nodes", str(name), field]), str(name), f"key {key} is used twice"
                    )
                seen.add(str(key))


def _own_keys_twice(tree: Tree, written: Any) -> Iterator[Fault]:
    """A key that plays the message, or sends a text, cannot lead anywhere as well."""
    for name, node in tree.nodes.items():
        taken = {
            place.removeprefix("keys."): place for place, _ in node.targets() if place.startswith("keys.")
        }
        for field, key in node.own_keys():
            if key in taken:
                here = taken[key] if taken[key].startswith("keys.") else field
                line = line_of(written, ["nodes", name, *here.split(".")])
                yield Fault(
                    line, name, f"key {key} is {taken[key]} and {field}: give one of them another key"
                )
            taken.setdefault(key, field)


def _lost(tree: Tree, written: Any) -> Iterator[Fault]:
    reached = _reached(tree, [tree.start, tree.greeted, tree.microphone, tree.over, *tree.text_roots()])
    for name, node in tree.nodes.items():
        if name not in reached and not isinstance(node, Consent):
            yield Fault(line_of(written, ["nodes", name]), name, "no way leads here")


def _unanswered(node: Node) -> Iterable[str]:
    """Where silence leads."""
    ways = dict(node.targets())
    silent = ways.get("otherwise") or ways.get("nothing")
    return [silent] if silent else node.passes()


def _circles(tree: Tree, written: Any, leads: Callable[[Node], Iterable[str]], says: str) -> Iterator[Fault]:
    """Nodes that lead to each other with nothing in between would hold a call for ever."""
    for name in tree.nodes:
        ahead, seen = [[name]], set()
        while ahead:
            way = ahead.pop()
            for onward in leads(tree.nodes[way[-1]]):
                onward = tree.microphone if onward == MICROPHONE else onward
                if onward == name:
                    yield Fault(line_of(written, ["nodes", name]), name, f"{says}: {' > '.join(way)}")
                    ahead = []
                    break
                if onward in tree.nodes and onward not in seen:
                    seen.add(onward)
                    ahead.append([*way, onward])


def _no_way_out(tree: Tree, written: Any) -> Iterator[Fault]:
    """A loop that no key leaves: neither the microphone nor an end can be reached."""
    for name in tree.nodes:
        if not any(isinstance(tree.nodes[to], Microphone | HangUp) for to in _reached(tree, [name])):
            yield Fault(
                line_of(written, ["nodes", name]), name, "neither the microphone nor an end can be reached"
            )


def _reached(tree: Tree, begin: list[str]) -> set[str]:
    reached: set[str] = set()
    ahead = list(begin)
    while ahead:
        name = tree.microphone if (name := ahead.pop()) == MICROPHONE else name
        if name in tree.nodes and name not in reached:
            reached.add(name)
            ahead += [target for _, target in tree.nodes[name].targets()]
    return reached
