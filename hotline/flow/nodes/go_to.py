"""A way to another place, under a name of its own."""

from collections.abc import Iterator
from typing import Literal

from hotline.flow.nodes.base import Name, Node, Scene
from hotline.flow.position import Position
from hotline.flow.turn import Facts


class GoTo(Node):
    """Straight on, without a word."""

    kind: Literal["go_to"]
    next: Name

    def enter(self, position: Position, facts: Facts) -> Scene:
        return Scene(position, (), then=self.next)

    def passes(self) -> Iterator[str]:
        yield self.next

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "next", self.next
