"""The end of a call."""

from typing import Literal

from hotline.flow.nodes.base import Node, Scene, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Facts


class HangUp(Node):
    """Last words, if any; the call ends after them."""

    kind: Literal["hang_up"]

    def enter(self, position: Position, facts: Facts) -> Scene:
        return Scene(position, spoken(self.says, position, facts))
