"""A menu: one key leads to each of its ways."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Way, leave
from hotline.flow.position import Position
from hotline.flow.turn import Facts

Key = Annotated[str, Field(pattern=r"^[0-9*#]$")]
AGAIN = "again"  # hear it once more


class Menu(Waiting):
    """Keys by what they lead to; `again` repeats the menu and counts as no attempt."""

    kind: Literal["menu"]
    keys: dict[Key, Name] = Field(min_length=1)

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        to = self.keys.get(digits)
        return Way(leave(position), position.node if to == AGAIN else to) if to else None

    def choices(self) -> Mapping[str, str]:
        return self.keys

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        for key, to in self.keys.items():
            if to != AGAIN:
                yield f"keys.{key}", to
