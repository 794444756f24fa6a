"""A way to another place, under a name of its own."""

from typing import Literal

from hotline.flow.nodes.base import Onward, Scene
from hotline.flow.position import Position
from hotline.flow.turn import Facts


class GoTo(Onward):
    """Straight on, without a word."""

    kind: Literal["go_to"]

    def enter(self, position: Position, facts: Facts) -> Scene:
        return Scene(position, (), then=self.next)
