"""The microphone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from hotline.flow.nodes.base import Name, Node, Prompt, Scene, Way, spoken
from hotline.flow.position import Position, Urgency
from hotline.flow.turn import Facts, Heard, Record, Recorded


class Microphone(Node):
    """A tone, then the caller's words. Who says nothing is asked once more, then goes to `nothing`.

    `says_consent` is a consent of its own, shorter than the tree's and said in its place: to everybody who comes here,
    since a key may have cut the other short.
    """

    kind: Literal["record"]
    says_consent: tuple[Prompt, ...] = ()
    says_again: tuple[Prompt, ...]
    urgency: Urgency | None = None  # empty: as it was
    next: Name
    nothing: Name

    def enter(self, position: Position, facts: Facts) -> Scene:
        here = replace(position, urgency=self.urgency or position.urgency)
        says = self.says_again if position.asked else (*self.says_consent, *self.says)
        return Scene(here, spoken(says, here, facts), Record(facts.voicemail_seconds, facts.silence_seconds))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        if isinstance(heard, Recorded):
            return Way(replace(position, asked=False), self.next)
        if position.asked:
            return Way(replace(position, asked=False), self.nothing)
        return Way(replace(position, asked=True), position.node)

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "next", self.next
        yield "nothing", self.nothing

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from (*self.says_consent, *self.says_again)
