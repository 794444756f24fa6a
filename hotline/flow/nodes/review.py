"""After the microphone: hear the message again, or say it anew. Whoever hangs up has left it already."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Way, leave
from hotline.flow.nodes.menu import Key
from hotline.flow.position import Position
from hotline.flow.turn import Facts

HEAR = "hear it again"
ON_ITS_WAY = "on_its_way"  # where the message is not stored yet, and so cannot be played


class Review(Waiting):
    """One key plays the message, one leads back to the microphone; both messages are kept."""

    kind: Literal["review"]
    hear_key: Key = "1"
    anew_key: Key = "2"
    anew: Name
    keys: dict[Key, Name] = Field(default_factory=dict)

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        if digits == self.hear_key:
            return Way(leave(position), position.node, replay=True)
        to = self.anew if digits == self.anew_key else self.keys.get(digits)
        return Way(leave(position), to) if to else None

    def choices(self) -> Mapping[str, str]:
        return {self.hear_key: HEAR, self.anew_key: self.anew, **self.keys}

    def own_keys(self) -> Iterator[tuple[str, str]]:
        yield "hear_key", self.hear_key
        yield "anew_key", self.anew_key

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "anew", self.anew
        for key, to in self.keys.items():
            yield f"keys.{key}", to

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield ON_ITS_WAY
