"""Something is said, and the call goes on."""

from collections.abc import Iterator
from typing import Literal

from hotline.flow.nodes.base import Name, Node, Scene, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Facts


class Play(Node):
    """Played whole, then on."""

    kind: Literal["play"]
    next: Name

    def enter(self, position: Position, facts: Facts) -> Scene:
        return Scene(position, spoken(self.says, position, facts), then=self.next)

    def passes(self) -> Iterator[str]:
        yield self.next

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "next", self.next
