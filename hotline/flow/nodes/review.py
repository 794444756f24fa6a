"""After the microphone: hear the message again, or say it anew. Whoever hangs up has left it already."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Scene, Way, leave, spoken
from hotline.flow.nodes.menu import Key
from hotline.flow.position import Position
from hotline.flow.turn import Facts, Gather, Heard, NoKey, Pressed


class Review(Waiting):
    """One key plays the message, one leads back to the microphone; both messages are kept."""

    kind: Literal["review"]
    hear_key: Key = "1"
    anew_key: Key = "2"
    anew: Name
    keys: dict[Key, Name] = Field(default_factory=dict)

    def enter(self, position: Position, facts: Facts) -> Scene:
        return Scene(position, spoken(self.says, position, facts), Gather(self.seconds))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        match heard:
            case Pressed(digits=digits):
                if digits == self.hear_key:
                    return Way(leave(position), position.node, replay=True)
                if digits == self.anew_key:
                    return Way(leave(position), self.anew)
                if digits in self.keys:
                    return Way(leave(position), self.keys[digits])
                return self.mistaken(position, facts)
            case NoKey():
                return self.missed(position, facts)
        return super().hear(position, heard, facts)

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "anew", self.anew
        for key, to in self.keys.items():
            yield f"keys.{key}", to
