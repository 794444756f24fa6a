"""A way back for whoever asks for one: they choose four digits, and are told twelve."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import ClassVar, Literal

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Prompt, Scene, Way, leave, spoken
from hotline.flow.nodes.mailbox import PIN
from hotline.flow.position import Position
from hotline.flow.prompts import PAUSE
from hotline.flow.turn import Clip, Facts, Gather, Heard, MailboxMade, NotNow

GROUP = 3  # digits said in one breath
LEAST_DIGITS = 3  # different ones: neither 0007 nor 1122
YEARS = range(1940, 2030)
# Ways of a finger over the keys, either way.
ON_THE_KEYS = ("12369874123", "2580", "1590", "3570", "1475369", "1235789", "7415963")
FIGURES = ("1379", "2468")  # corners and cross of the keys, in any order
# Angel in Korean, love on the keys, for a lifetime in Chinese, emergency numbers, Christmas, and the almost simple.
KNOWN = frozenset(
    ["1004", "5683", "1314", "0911", "1190", "1225", "2512", "1230", "0123", "1235", "1243", "1029"]
)


class NewMailbox(Waiting):
    """The webhook makes it and hands back the code, which is said twice."""

    one_key: ClassVar[bool] = False
    kind: Literal["new_mailbox"]
    seconds: int = 10
    no_key: int = 2
    wrong_key: int = 3
    says_easy: tuple[Prompt, ...] = ("new_mailbox_easy",)
    says_later: tuple[Prompt, ...] = ("mailbox_later",)
    says_code: tuple[Prompt, ...] = ("new_mailbox_code",)
    says_again: tuple[Prompt, ...] = ("once_more",)
    says_keep: tuple[Prompt, ...] = ("new_mailbox_keep",)
    next: Name

    def enter(self, position: Position, facts: Facts) -> Scene:
        return Scene(position, spoken(self.says, position, facts), Gather(self.seconds, PIN))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        if isinstance(heard, MailboxMade):
            return Way(leave(position), self.next, first=self._tell(heard.code, position, facts))
        if isinstance(heard, NotNow):
            return Way(leave(position), self.otherwise, first=spoken(self.says_later, position, facts))
        return super().hear(position, heard, facts)

    def mistaken(self, position: Position, facts: Facts) -> Way:
        """Too easy, or too few."""
        return replace(super().mistaken(position, facts), first=spoken(self.says_easy, position, facts))

    def _tell(self, code: str, position: Position, facts: Facts) -> tuple[Clip, ...]:
        language = position.language or facts.languages[0]
        digits: list[Clip] = []
        for group in in_groups(code).split():
            digits += [Clip(f"digit.{digit}", language) for digit in group]
            digits.append(Clip(PAUSE, language))
        code_said, again = spoken(self.says_code, position, facts), spoken(self.says_again, position, facts)
        return (*code_said, *digits, *again, *digits, *spoken(self.says_keep, position, facts))

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "next", self.next

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from (*self.says_easy, *self.says_later, *self.says_code, *self.says_again, *self.says_keep)


def in_groups(code: str) -> str:
    """The code as it is said and written."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def is_easy(pin: str) -> bool:
    """What anybody would try first: few digits, a run, a year, a figure on the keys, a known word."""
    if len(pin) != PIN or not (pin.isascii() and pin.isdigit()):
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return (
        len(set(pin)) < LEAST_DIGITS
        or len(steps) == 1
        or int(pin) in YEARS
        or any(pin in way or pin[::-1] in way for way in ON_THE_KEYS)
        or any(set(pin) == set(figure) for figure in FIGURES)
        or pin in KNOWN
    )
