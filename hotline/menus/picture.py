"""A tree as a picture: nodes in columns by how far they are from the answer, ways as wide as callers are many.

Made on the server, as SVG (templates/menus/_picture.svg draws what is laid out here). What leads back to an
earlier column is told inside its node, and so is where a missing key leads: the lines that remain can be followed.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from hotline.flow.nodes import HangUp, Microphone
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import MICROPHONE
from hotline.flow.tree import Tree
from hotline.menus.exits import UNASKED, Callers, keys_everywhere
from hotline.menus.voices import Voices

BOX, GAP, LINE, HEAD, BETWEEN, MARGIN = 172, 84, 16, 40, 22, 20
CAP = 26  # of height for each key at a box's side
WIDEST, THINNEST = 16.0, 1.6  # of a way, in the picture's units


@dataclass
class Box:
    """A node where it is drawn."""

    name: str
    kind: str
    column: int
    lines: list[str]
    look: str  # danger, mic, end or nothing
    onward: int  # ways that leave at its side
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        return max(HEAD + LINE * len(self.lines), CAP * self.onward + 8)

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Way:
    """A line from one box to another."""

    path: str
    width: float
    look: str  # danger or nothing
    key: str
    callers: int
    at: tuple[float, float]  # of the key's cap
    middle: tuple[float, float]  # of the count


@dataclass
class Picture:
    width: float
    height: float
    boxes: list[Box] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)


def draw(tree: Tree, callers: Callers, voices: Voices) -> Picture:
    """Lay the tree out."""
    columns = _columns(tree)
    boxes = {name: _box(tree, name, column, callers, columns, voices) for name, column in columns.items()}
    height = _place(tree, boxes)
    width = 2 * MARGIN + (max(columns.values()) + 1) * (BOX + GAP) - GAP
    most = max([callers.calls, *callers.exits.values(), 1])
    ways = [
        way
        for name in boxes
        for way in _ways(tree, name, boxes, callers, most)
    ]  # fmt: skip
    return Picture(width, height, list(boxes.values()), ways)


def exits_of(tree: Tree, name: str) -> list[tuple[str, str]]:
    """(key or exit, node it leads to), the microphone by its name."""
    return [
        (place.removeprefix("keys."), tree.microphone if to == MICROPHONE else to)
        for place, to in tree.nodes[name].targets()
    ]


def keys_of(tree: Tree, name: str, callers: Callers) -> list[tuple[str, str]]:
    """(key, what it answers or does), of each that is no exit of its own; and the keys of every node, where they were
    pressed here."""
    node = tree.nodes[name]
    if not isinstance(node, Waiting):
        return []
    exits = {place for place, _ in exits_of(tree, name)}
    own = [(key, meant.replace("_", " ")) for key, meant in node.choices().items() if key not in exits]
    return own + [
        (key, f"{to.replace('_', ' ')}: {count}")
        for key, to in keys_everywhere(tree).items()
        if key not in exits and (count := callers.exits[name, f"keys.{key}"])
    ]


def _columns(tree: Tree) -> dict[str, int]:
    """How many steps each node is from the answer; where a missing key leads counts only where nothing else does."""
    found = {tree.start: 0}
    for with_missing in (False, True):
        _spread(tree, found, with_missing=with_missing)
    for name in (tree.greeted, tree.microphone, tree.over):
        found.setdefault(name, 1)
    for name in tree.text_roots():  # beside the answer, where no call leads there
        found.setdefault(name, 0)
    _spread(tree, found, with_missing=True)
    return found


def _spread(tree: Tree, found: dict[str, int], *, with_missing: bool) -> None:
    """Add what can be reached from the nodes that are found."""
    ahead = list(found)
    while ahead:
        here = ahead.pop(0)
        for place, to in exits_of(tree, here):
            if to not in found and (with_missing or place not in UNASKED):
                found[to] = found[here] + 1
                ahead.append(to)


def _box(
    tree: Tree, name: str, column: int, callers: Callers, columns: dict[str, int], voices: Voices
) -> Box:
    node = tree.nodes[name]
    lines = [node.kind.replace("_", " ")]
    if isinstance(node, Waiting):
        lines[0] += f", {node.seconds} s, {node.no_key} {'try' if node.no_key == 1 else 'tries'}"
    lines += voices.get(name, [])
    lines += [f"{key}: {meant}" for key, meant in keys_of(tree, name, callers)]
    onward = 0
    for place, to in exits_of(tree, name):
        count = callers.exits[name, _written(tree, name, place)]
        said = f"{to.replace('_', ' ')}{f': {count}' if count else ''}"
        if place in UNASKED:
            lines.append(f"{UNASKED[place]}: {said}")
        elif columns[to] <= column and to != name:
            lines.append(f"{place.replace('_', ' ')}: ↩ {said}")
        onward += place not in UNASKED and columns[to] > column
    if callers.again[name]:
        lines.append(f"again: {callers.again[name]}")
    if callers.hung_up[name]:
        lines.append(f"{callers.hung_up[name]} hung up here")
    return Box(name, node.kind, column, lines, _look(tree, name), onward)


def _look(tree: Tree, name: str) -> str:
    node = tree.nodes[name]
    if isinstance(node, Microphone):
        return "danger" if node.urgency == "danger" else "mic"
    return "end" if isinstance(node, HangUp) else ""


def _place(tree: Tree, boxes: dict[str, Box]) -> float:
    """Give each box its place: under its column's others, beside what leads to it. The answer is the height."""
    by_column: dict[int, list[Box]] = defaultdict(list)
    for box in boxes.values():
        by_column[box.column].append(box)
    leads_here: dict[str, list[str]] = defaultdict(list)
    for name in boxes:
        for _, to in exits_of(tree, name):
            leads_here[to].append(name)
    for column in sorted(by_column):
        order = list(by_column[column])

        def rank(box: Box, order: list[Box] = order) -> tuple[float, int]:
            above = [boxes[name].y for name in leads_here[box.name] if boxes[name].column < box.column]
            return (sum(above) / len(above) if above else 0.0, order.index(box))

        y = float(MARGIN)  # from the top: the first thing that is seen is where a call is answered
        for box in sorted(order, key=rank):
            box.x, box.y = MARGIN + column * (BOX + GAP), y
            y += box.height + BETWEEN
    return max(box.y + box.height for box in boxes.values()) + MARGIN


def _ways(tree: Tree, name: str, boxes: dict[str, Box], callers: Callers, most: int) -> list[Way]:
    box = boxes[name]
    onward = [
        (place, boxes[to])
        for place, to in exits_of(tree, name)
        if place not in UNASKED and boxes[to].column > box.column
    ]
    onward.sort(key=lambda one: (one[1].y, one[1].x))
    drawn = []
    for number, (place, to) in enumerate(onward, 1):
        x1, y1 = box.x + BOX, box.y + box.height * number / (len(onward) + 1)
        x2, y2 = to.x, to.y + to.height / 2
        bend = (x2 - x1) / 2
        count = callers.exits[name, _written(tree, name, place)]
        drawn.append(
            Way(
                path=f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}",
                width=round(max(THINNEST, WIDEST * count / most), 1),
                look="danger" if to.look == "danger" else "",
                key=place if len(place) == 1 else "",
                callers=count,
                at=(x1 + 17, y1),
                middle=(x1 + (x2 - x1) * 0.62, y1 + (y2 - y1) * 0.68 - 6),
            )
        )
    return drawn


def _written(tree: Tree, name: str, place: str) -> str:
    """As the exit stands in the tree's file."""
    return f"keys.{place}" if len(place) == 1 else place
