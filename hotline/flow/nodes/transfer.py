"""To a person: every member on duty who speaks the language is rung, for a while; else the call goes on."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hotline.flow.nodes.base import MICROPHONE, Name, Node, Prompt, Scene, Way, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Dial, Facts, Heard, Talked


class Transfer(Node):
    """Nobody on duty in the caller's language, nobody who takes the call: `otherwise`."""

    kind: Literal["transfer"]
    seconds: int = Field(20, ge=5, le=60)  # of ringing (Twilio: Dial, timeout)
    otherwise: Name = MICROPHONE
    says_nobody: tuple[Prompt, ...] = ("nobody_free",)
    next: Name  # after they have talked

    def enter(self, position: Position, facts: Facts) -> Scene:
        language = position.language or facts.languages[0]
        if language not in facts.on_duty:
            return Scene(position, spoken(self.says_nobody, position, facts), then=self.otherwise)
        return Scene(position, spoken(self.says, position, facts), Dial(self.seconds))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        if isinstance(heard, Talked):
            return Way(position, self.next)
        return Way(position, self.otherwise, first=spoken(self.says_nobody, position, facts))

    def passes(self) -> Iterator[str]:
        yield self.otherwise

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "otherwise", self.otherwise
        yield "next", self.next

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from self.says_nobody
