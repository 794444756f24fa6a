"""What the answers of a call add up to: a wish to be called back, or a report by keys alone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from hotline.flow.nodes.base import Onward, Scene
from hotline.flow.position import Position
from hotline.flow.turn import Act, Facts

HELLO, NOT_YOU = "callback_hello", "callback_not_you"  # when the hotline calls: to whoever answers


class Request(Onward):
    """Done once a call, when the caller comes here; its words are the thanks."""

    kind: Literal["callback", "key_report"]

    def enter(self, position: Position, facts: Facts) -> Scene:
        act: Act = "ask_callback" if self.kind == "callback" else "report_by_keys"
        return replace(super().enter(position, facts), does=act)

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        if self.kind == "callback":
            yield from (HELLO, NOT_YOU)
