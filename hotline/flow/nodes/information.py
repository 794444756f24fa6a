"""Something to know, in audio and, for who asks, as a text."""

from collections.abc import Iterator
from typing import Literal

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Prompt, Scene, Way, leave, spoken
from hotline.flow.nodes.menu import Key
from hotline.flow.position import Position
from hotline.flow.turn import Facts, Gather, Heard, NoKey, Pressed


class Information(Waiting):
    """Told, then one key for it as a text, one to hear it again; any other, or none, goes on.

    Its `text` is offered to who can be sent one.
    """

    kind: Literal["information"]
    next: Name
    says_text: tuple[Prompt, ...] = ("as_text",)
    says_sent: tuple[Prompt, ...] = ("text_sent",)
    text_key: Key = "1"
    again_key: Key = "0"

    def enter(self, position: Position, facts: Facts) -> Scene:
        plays = spoken(self.says, position, facts)
        if not self.text or not facts.can_text:
            return Scene(position, plays, then=self.next)
        return Scene(position, (*plays, *spoken(self.says_text, position, facts)), Gather(self.seconds))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        match heard:
            case Pressed(digits=self.again_key):
                return Way(leave(position), position.node)
            case Pressed(digits=self.text_key) if self.text and facts.can_text:
                told = spoken(self.says_sent, position, facts)
                return Way(leave(position), self.next, first=told, does="send_information", topic=self.text)
            case Pressed() | NoKey():
                return Way(leave(position), self.next)
        return super().hear(position, heard, facts)

    def passes(self) -> Iterator[str]:
        yield self.next

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "next", self.next

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        if self.text:
            yield from (*self.says_text, *self.says_sent)
