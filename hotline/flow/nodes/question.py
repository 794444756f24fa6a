"""A question that keys answer: what happened, where, when it is safe to call."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Scene, Way, leave, spoken
from hotline.flow.nodes.menu import Key
from hotline.flow.position import Position
from hotline.flow.turn import Facts, Gather, Heard, NoKey, Pressed

Word = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]


class Question(Waiting):
    """Every answer leads to `next`. The key pressed is a step of the call; what it means stands here."""

    kind: Literal["question"]
    about: Word  # what is asked, as staff read it
    answers: dict[Key, Word] = Field(min_length=1)
    next: Name

    def enter(self, position: Position, facts: Facts) -> Scene:
        return Scene(position, spoken(self.says, position, facts), Gather(self.seconds))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        match heard:
            case Pressed(digits=digits):
                if digits in self.answers:
                    return Way(leave(position), self.next)
                return self.mistaken(position, facts)
            case NoKey():
                return self.missed(position, facts)
        return super().hear(position, heard, facts)

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "next", self.next
