"""Waiting for a key: how often, how long, and what happens when none or a wrong one comes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from hotline.flow.nodes.base import MICROPHONE, Name, Node, Prompt, Scene, Way, leave, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Facts, Gather, Heard, NoKey, Pressed


class Waiting(Node):
    """A node that waits for a key. After the last attempt the caller goes on to `otherwise`.

    Who pressed too many wrong ones goes to `after_wrong`, if there is one: they are there, and misunderstand.
    """

    seconds: int = Field(5, ge=1, le=60)
    no_key: int = Field(2, ge=1, le=9)  # times, the last included
    wrong_key: int = Field(3, ge=1, le=9)
    says_wrong: tuple[Prompt, ...] = ("wrong_key",)
    otherwise: Name = MICROPHONE
    after_wrong: Name | None = None

    one_key: ClassVar[bool] = True  # else a single digit is the beginning of a code

    def enter(self, position: Position, facts: Facts) -> Scene:
        if not self.says:  # met by texts alone: nobody waits for a key in silence
            return Scene(position, (), then=self.otherwise)
        return Scene(position, spoken(self.says, position, facts), Gather(self.seconds))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        match heard:
            case Pressed(digits=digits):
                if way := self.choose(digits, position, facts):
                    return way
                if digits == "#" and self.one_key:  # people end what they press with it, as they were taught
                    return Way(position, position.node)
                return self.mistaken(position, facts)
            case NoKey():
                return self.missed(position, facts)
        return super().hear(position, heard, facts)

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        """Where these keys lead; nothing where they lead nowhere."""
        return None

    def choices(self) -> Mapping[str, str]:
        """What each key leads to, or answers, that has a meaning here."""
        return {}

    def missed(self, position: Position, facts: Facts) -> Way:
        """No key came."""
        if position.misses + 1 >= self.no_key:
            return Way(leave(position), self.otherwise)
        return Way(replace(position, misses=position.misses + 1), position.node)

    def mistaken(self, position: Position, facts: Facts) -> Way:
        """A key came that leads nowhere."""
        if position.wrong + 1 >= self.wrong_key:
            return Way(leave(position), self.after_wrong or self.otherwise)
        again = replace(position, wrong=position.wrong + 1)
        return Way(again, position.node, first=spoken(self.says_wrong, position, facts))

    def passes(self) -> Iterator[str]:
        if not self.says:
            yield self.otherwise

    def targets(self) -> Iterator[tuple[str, str]]:
        if self.after_wrong:
            yield "after_wrong", self.after_wrong
        yield "otherwise", self.otherwise

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from self.says_wrong
