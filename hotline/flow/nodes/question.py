"""A question that keys answer: what happened, where, when it is safe to call."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Way, leave
from hotline.flow.nodes.menu import Key
from hotline.flow.position import Position
from hotline.flow.turn import Facts

Word = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
REPORTED = frozenset({"what", "where", "urgent"})  # what the answers say is a report as soon as one is given


class Question(Waiting):
    """Every answer leads to `next`. The key pressed is a step of the call; what it means stands here.

    An answer of what is wrong, where, or how urgent it is, is reported at once: the caller may hang up at the next.
    """

    kind: Literal["question"]
    about: Word  # what is asked, as staff read it
    answers: dict[Key, Word] = Field(min_length=1)
    next: Name

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        if digits not in self.answers:
            return None
        return Way(leave(position), self.next, does="report_by_keys" if self.about in REPORTED else None)

    def choices(self) -> Mapping[str, str]:
        return self.answers

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "next", self.next
