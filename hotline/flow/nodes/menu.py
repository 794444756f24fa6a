"""A menu: one key leads to each of its ways."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Scene, Way, leave, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Facts, Gather, Heard, NoKey, Pressed

Key = Annotated[str, Field(pattern=r"^[0-9*#]$")]
AGAIN = "again"  # hear it once more


class Menu(Waiting):
    """Keys by what they lead to; `again` repeats the menu and counts as no attempt."""

    kind: Literal["menu"]
    keys: dict[Key, Name] = Field(min_length=1)

    def enter(self, position: Position, facts: Facts) -> Scene:
        return Scene(position, spoken(self.says, position, facts), Gather(self.seconds))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        match heard:
            case Pressed(digits=digits):
                to = self.keys.get(digits)
                if to is None:
                    return self.mistaken(position, facts)
                return Way(leave(position), position.node if to == AGAIN else to)
            case NoKey():
                return self.missed(position, facts)
        return super().hear(position, heard, facts)

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        for key, to in self.keys.items():
            if to != AGAIN:
                yield f"keys.{key}", to
