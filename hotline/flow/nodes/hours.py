"""Whether somebody is there: the line's hours and holidays, in its own time zone."""

from collections.abc import Iterator
from typing import Literal

from hotline.flow.nodes.base import Name, Node, Scene, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Facts


class Hours(Node):
    """One way while the line is open, one while it is closed, one on its holidays (else as closed).

    `danger` is the way of who is in danger, at whatever hour; without it theirs is that of all.
    """

    kind: Literal["hours"]
    open: Name
    closed: Name
    holiday: Name | None = None
    danger: Name | None = None

    def enter(self, position: Position, facts: Facts) -> Scene:
        ways = {"open": self.open, "closed": self.closed, "holiday": self.holiday or self.closed}
        to = (self.danger if position.urgency == "danger" else None) or ways[facts.hours]
        return Scene(position, spoken(self.says, position, facts), then=to)

    def passes(self) -> Iterator[str]:
        return (to for _, to in self.targets())

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "open", self.open
        yield "closed", self.closed
        if self.holiday:
            yield "holiday", self.holiday
        if self.danger:
            yield "danger", self.danger
