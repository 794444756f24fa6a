"""The sentence that says that the call is recorded and who will hear it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from hotline.flow.nodes.base import Name, Node, Scene, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Facts


class Consent(Node):
    """Played once a call, then it goes on."""

    kind: Literal["consent"]
    next: Name

    def enter(self, position: Position, facts: Facts) -> Scene:
        plays = () if position.consented else spoken(self.says, position, facts)
        return Scene(replace(position, consented=True), plays, then=self.next)

    def passes(self) -> Iterator[str]:
        yield self.next

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "next", self.next
