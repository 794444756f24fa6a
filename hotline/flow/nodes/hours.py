"""Whether somebody is there: the line's hours and holidays, in its own time zone."""

from collections.abc import Iterator
from typing import Literal

from hotline.flow.nodes.base import Name, Node, Scene, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Facts


class Hours(Node):
    """One way while the line is open, one while it is closed, one on its holidays (else as closed)."""

    kind: Literal["hours"]
    open: Name
    closed: Name
    holiday: Name | None = None

    def enter(self, position: Position, facts: Facts) -> Scene:
        ways = {"open": self.open, "closed": self.closed, "holiday": self.holiday or self.closed}
        return Scene(position, spoken(self.says, position, facts), then=ways[facts.hours])

    def passes(self) -> Iterator[str]:
        return (to for _, to in self.targets())

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "open", self.open
        yield "closed", self.closed
        if self.holiday:
            yield "holiday", self.holiday
