"""A caller's way back to their case, from any phone: a code, then the PIN that they chose."""

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Literal

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Prompt, Scene, Way, leave, spoken
from hotline.flow.position import Position
from hotline.flow.spoken_numbers import ANSWERS, LEFT
from hotline.flow.turn import Admitted, Facts, Gather, Heard, NotAdmitted, NotNow, Pressed

CODE, PIN = 12, 4  # digits
REPLY = "mailbox_reply"  # staff's answer by voice follows
WAITING, HEARD, CLOSED, NOT_RECEIVED, EMPTY = STANDS = (
    "mailbox_waiting",
    "mailbox_heard",
    "mailbox_closed",
    "mailbox_not_received",
    "mailbox_empty",
)  # how the case stands


class Mailbox(Waiting):
    """The code is asked for, then the PIN; which of them was wrong is not told.

    Neither is ever in the position: `page` says which is asked for, `mailbox` holds a keyed mark of the
    code, which the webhook puts there.
    """

    one_key: ClassVar[bool] = False
    kind: Literal["mailbox"]
    no_key: int = 2
    wrong_key: int = 3
    seconds: int = 10
    says_pin: tuple[Prompt, ...] = ("mailbox_pin",)
    says_refused: tuple[Prompt, ...] = ("mailbox_refused",)
    says_later: tuple[Prompt, ...] = ("mailbox_later",)
    next: Name  # once let in; what is there is told on the way

    def enter(self, position: Position, facts: Facts) -> Scene:
        if position.page:
            return Scene(position, spoken(self.says_pin, position, facts), Gather(self.seconds, PIN))
        return Scene(position, spoken(self.says, position, facts), Gather(self.seconds, CODE))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        match heard:
            case Admitted(clips=clips, replies=replies):  # the mark stays: what they leave belongs to it
                told = spoken((REPLY,) * len(replies), position, facts)
                return Way(leave(position), self.next, first=(*clips, *told), replies=replies)
            case NotNow():
                later = spoken(self.says_later, position, facts)
                return Way(leave(_forget(position)), self.otherwise, first=later)
            case NotAdmitted():
                return self.mistaken(position, facts)
            case Pressed(digits=digits) if position.page and not digits.isdecimal():
                return Way(position, position.node)  # a # after the code is no PIN: they begin it anew
        return super().hear(position, heard, facts)

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        """A whole code leads to the PIN, which the webhook looks at."""
        if position.page or len(digits) != CODE:
            return None
        return Way(replace(leave(position), page=1), position.node)

    def missed(self, position: Position, facts: Facts) -> Way:
        return super().missed(_forget(position), facts)

    def mistaken(self, position: Position, facts: Facts) -> Way:
        way = super().mistaken(_forget(position), facts)
        return replace(way, first=spoken(self.says_refused, position, facts))

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "next", self.next

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from (*self.says_pin, *self.says_refused, *self.says_later, *STANDS, REPLY)

    def speaks(self) -> Iterator[str]:
        yield from (LEFT, ANSWERS)


def _forget(position: Position) -> Position:
    return replace(position, page=0, mailbox="")
