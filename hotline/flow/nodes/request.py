"""What the answers of a call add up to: a wish to be called back, or a report by keys alone."""

from collections.abc import Iterator
from typing import Literal

from hotline.flow.nodes.base import Name, Node, Scene, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Act, Facts


class Request(Node):
    """Done once a call, when the caller comes here; its words are the thanks."""

    kind: Literal["callback", "key_report"]
    next: Name

    def enter(self, position: Position, facts: Facts) -> Scene:
        act: Act = "ask_callback" if self.kind == "callback" else "report_by_keys"
        return Scene(position, spoken(self.says, position, facts), then=self.next, does=act)

    def passes(self) -> Iterator[str]:
        yield self.next

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "next", self.next
