"""What is wrong with a tree whose parts are each right, and what is worth a second thought."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from hotline.flow.mends import did_you_mean
from hotline.flow.nodes import Consent, HangUp, LanguageMenu, Menu, Microphone, Node
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import MICROPHONE
from hotline.flow.nodes.language import DANGER_KEY, LANGUAGE_KEY
from hotline.flow.nodes.menu import AGAIN
from hotline.flow.position import Position
from hotline.flow.prompts import Script
from hotline.flow.tree import Fault, Tree, line_of
from hotline.flow.turn import Facts

MOST_CHOICES = 5  # that a person can keep in mind
MOST_SECONDS = 25.0  # of a menu, in any language
ELSEWHERE = "move some to a menu of their own"
WAIT = "lead one of them to a node that waits for a key, or to an end"
END = "let otherwise, nothing or next of one of them lead to an end"
Seconds = Callable[[str, str], float]  # (prompt, language) -> how long it is


def find_faults(tree: Tree, written: Any) -> Iterator[Fault]:
    """Every fault that keeps the tree from answering calls. `written` is its file as read, which knows lines."""
    astray = [*_places(tree, written), *_targets(tree, written)]
    yield from astray
    yield from _own_keys_twice(tree, written)
    yield from _kept_keys(tree, written)
    yield from _circles(tree, written, lambda node: node.passes(), "goes round for ever", WAIT)
    if isinstance(tree.nodes.get(tree.microphone), Microphone):  # else that is the fault
        yield from _circles(
            tree, written, _unanswered, "who says and presses nothing goes round for ever", END
        )
    if not astray:  # else what cannot be reached may be where those were to lead
        yield from _lost(tree, written)
        yield from _no_way_out(tree, written)


def find_unwritten(
    tree: Tree, written: Any, scripts: Mapping[str, Script], offered: Iterable[str] = ()
) -> Iterator[Fault]:
    """Languages that there are not, and prompts and texts without words in one of the tree's, or of those that its
    lines offer."""
    line = line_of(written, ["languages"])
    for language, count in Counter(tree.languages).items():
        if count > 1:
            yield Fault(line, "", f"language {language} is offered twice: remove one")
        if language not in scripts:
            there = f"remove it, or write its script; there is {', '.join(sorted(scripts))}"
            mend = did_you_mean(language, scripts, there)
            yield Fault(line, "", f"language {language} has no script: {mend}")
    spoken = dict.fromkeys((*tree.languages, *offered))
    for script in (scripts[language] for language in spoken if language in scripts):
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
            says = f"has {choices} choices; more than {MOST_CHOICES} are not remembered"
            yield Fault(line, name, f"{says}: {ELSEWHERE}")
        for language in tree.languages:
            length = sum(seconds(prompt, language) for prompt in node.says)
            if length > MOST_SECONDS:
                says = f"takes {length:.0f} s in {language}; after {MOST_SECONDS:.0f} s people hang up"
                yield Fault(line, name, f"{says}: say less, or {ELSEWHERE}")


def _long_list(tree: Tree, name: str, node: LanguageMenu, seconds: Seconds) -> Iterator[Fault]:
    scene = node.enter(Position(tree.name, name), Facts(tree.languages))
    length = sum(seconds(clip.prompt, clip.language) for clip in scene.plays)
    if length > MOST_SECONDS:
        says = f"takes {length:.0f} s for {len(tree.languages)} languages; after {MOST_SECONDS:.0f} s people hang up"
        yield Fault(
            tree.line(name), name, f"{says}: those of most callers first, others on a line of their own"
        )


def _kept_keys(tree: Tree, written: Any) -> Iterator[Fault]:
    """Callers are told once what these do, and that they do it anywhere."""
    kept = {DANGER_KEY: (tree.danger, "danger"), LANGUAGE_KEY: (tree.language_menu, "another language")}
    for name, node in tree.nodes.items():
        if not isinstance(node, Waiting) or not node.one_key or isinstance(node, LanguageMenu):
            continue
        for key, (leads, what) in kept.items():
            if leads and node.choices().get(key, leads) != leads:
                line = line_of(written, ["nodes", name])
                yield Fault(
                    line, name, f"key {key} is for {what} wherever callers are: give this another key"
                )


def _places(tree: Tree, written: Any) -> Iterator[Fault]:
    for field in ("start", "greeted", "microphone", "over", "texts"):
        if getattr(tree, field) is not None and getattr(tree, field) not in tree.nodes:
            says = f"{field} names {_no_node(getattr(tree, field), tree.nodes)}"
            yield Fault(line_of(written, [field]), "", says)
    for word, name in tree.keywords.items():
        if name not in tree.nodes:
            says = f"keywords.{word} names {_no_node(name, tree.nodes)}"
            yield Fault(line_of(written, ["keywords", word]), "", says)
    yield from _of_kind(tree, written, "microphone", "record")
    yield from _of_kind(tree, written, "over", "hang_up")
    if not _named(tree, "consent"):
        says = "no node is of kind consent: write one, on the way from start to the microphone"
        yield Fault(line_of(written, ["nodes"]), "", says)
    for kind in ("consent", "language", "mailbox"):
        for name in (named := _named(tree, kind))[1:]:
            says = f"is of kind {kind}, as {named[0]} is: a tree has one, lead to {named[0]} and remove this"
            yield Fault(line_of(written, ["nodes", name]), name, says)


def _of_kind(tree: Tree, written: Any, field: str, kind: str) -> Iterator[Fault]:
    node = tree.nodes.get(getattr(tree, field))  # where there is none, that is the fault
    if node and node.kind != kind:
        mend = f"there is {', '.join(_named(tree, kind)) or 'none, write one'}"
        yield Fault(line_of(written, [field]), "", f"{field} must name a node of kind {kind}: {mend}")


def _named(tree: Tree, kind: str) -> list[str]:
    return [name for name, node in tree.nodes.items() if node.kind == kind]


def _no_node(target: str, known: Iterable[str]) -> str:
    return f"{target}, which is no node: {did_you_mean(target, known, 'write that node, or name another')}"


def _targets(tree: Tree, written: Any) -> Iterator[Fault]:
    for name, node in tree.nodes.items():
        known = [*tree.nodes, MICROPHONE, *([AGAIN] if isinstance(node, Menu) else [])]
        for place, target in node.targets():
            if target not in known:
                line = line_of(written, ["nodes", name, *place.split(".")])
                yield Fault(line, name, f"{place} leads to {_no_node(target, known)}")


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
            says = "no way leads here: lead to it from another node, or remove it"
            yield Fault(line_of(written, ["nodes", name]), name, says)


def _unanswered(node: Node) -> Iterable[str]:
    """Where silence leads."""
    ways = dict(node.targets())
    silent = ways.get("otherwise") or ways.get("nothing")
    return [silent] if silent else node.passes()


def _circles(
    tree: Tree, written: Any, leads: Callable[[Node], Iterable[str]], says: str, mend: str
) -> Iterator[Fault]:
    """Nodes that lead to each other with nothing in between would hold a call for ever."""
    for name in tree.nodes:
        ahead, seen = [[name]], set()
        while ahead:
            way = ahead.pop()
            for onward in leads(tree.nodes[way[-1]]):
                onward = tree.microphone if onward == MICROPHONE else onward
                if onward == name:
                    round_and_round = " > ".join([*way, name])
                    yield Fault(
                        line_of(written, ["nodes", name]), name, f"{says} ({round_and_round}): {mend}"
                    )
                    ahead = []
                    break
                if onward in tree.nodes and onward not in seen:
                    seen.add(onward)
                    ahead.append([*way, onward])


def _no_way_out(tree: Tree, written: Any) -> Iterator[Fault]:
    """A loop that no key leaves: neither the microphone nor an end can be reached."""
    for name in tree.nodes:
        if not any(isinstance(tree.nodes[to], Microphone | HangUp) for to in _reached(tree, [name])):
            says = "neither the microphone nor an end can be reached: lead one of its ways there"
            yield Fault(line_of(written, ["nodes", name]), name, says)


def _reached(tree: Tree, begin: list[str]) -> set[str]:
    reached: set[str] = set()
    ahead = list(begin)
    while ahead:
        name = tree.microphone if (name := ahead.pop()) == MICROPHONE else name
        if name in tree.nodes and name not in reached:
            reached.add(name)
            ahead += [target for _, target in tree.nodes[name].targets()]
    return reached
