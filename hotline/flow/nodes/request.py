"""What the answers of a call add up to: a wish to be called back, or a report by keys alone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from hotline.flow.nodes.base import MICROPHONE, Name, Onward, Prompt, Scene, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Facts

HELLO, NOT_YOU = "callback_hello", "callback_not_you"  # when the hotline calls: to whoever answers


class KeyReport(Onward):
    """Done once a call, when the caller comes here; its words are the thanks."""

    kind: Literal["key_report"]

    def enter(self, position: Position, facts: Facts) -> Scene:
        return replace(super().enter(position, facts), does="report_by_keys")


class CallbackRequest(Onward):
    """Likewise. Who cannot be called is told so, and goes on to `otherwise`; `text_cannot` says it by text."""

    kind: Literal["callback"]
    says_cannot: tuple[Prompt, ...] = ("callback_cannot",)
    text_cannot: Prompt | None = "cannot_call"
    otherwise: Name = MICROPHONE

    def enter(self, position: Position, facts: Facts) -> Scene:
        if not facts.can_be_called:
            return Scene(position, spoken(self.says_cannot, position, facts), then=self.otherwise)
        return replace(super().enter(position, facts), does="ask_callback")

    def text_here(self, facts: Facts) -> str:
        return super().text_here(facts) if facts.can_be_called else self.text_cannot or ""

    def passes(self) -> Iterator[str]:
        yield from super().passes()
        yield self.otherwise

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "otherwise", self.otherwise

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from (*self.says_cannot, HELLO, NOT_YOU)
