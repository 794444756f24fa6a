"""Where help is: what kinds there are in the line's country, then the places of the kind that is chosen."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Prompt, Scene, Way, leave, spoken
from hotline.flow.nodes.menu import AGAIN
from hotline.flow.places import HELP, MOST_TOLD, Place, kinds_of, told_of
from hotline.flow.position import Position
from hotline.flow.prompts import PAUSE
from hotline.flow.turn import Clip, Facts, Gather

TEXT_KEY, NEXT_KEY, BACK_KEY, AGAIN_KEY = "1", "2", "3", "7"
PRESS, NUMBER = "help.press", "help.number"  # a kind or a digit stands beside them
PAGES = MOST_TOLD + 1
OPEN = {"always": "help.always", "open": "help.open", "closed": "help.closed"}


class HelpNearby(Waiting):
    """A place's kind, its name where it was recorded in the caller's language, its number twice; then keys.

    Its `text` is what is texted where no help is known; `says_none` is said then, and the call goes on to `next`.
    `page` of the position is nothing among the kinds; else the key of the kind, times `PAGES`, and the place.
    """

    kind: Literal["help"]
    next: Name
    says_none: tuple[Prompt, ...] = ("help.none",)
    says_text: tuple[Prompt, ...] = ("as_text",)
    says_sent: tuple[Prompt, ...] = ("text_sent",)
    says_refused: tuple[Prompt, ...] = ("text_refused",)
    says_next: tuple[Prompt, ...] = ("help.next",)
    says_back: tuple[Prompt, ...] = ("help.back",)
    says_again: tuple[Prompt, ...] = ("once_more",)
    text_next: Prompt = "help.next"  # texted with a place where there are others

    def enter(self, position: Position, facts: Facts) -> Scene:
        place, others = self.place_at(position, facts)
        if place:
            return Scene(position, self._tell(place, others, position, facts), Gather(self.seconds))
        here, kinds = replace(position, page=0), kinds_of(facts.places)
        if not kinds:
            return Scene(here, spoken(self.says_none, here, facts), then=self.next)
        offers = [f"help.{kind} {PRESS} digit.{key}".split() for key, kind in kinds.items()]
        says = (*self.says, *(prompt for offer in offers for prompt in offer))
        return Scene(here, spoken(says, here, facts), Gather(self.seconds))

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        place, others = self.place_at(position, facts)
        if digits == AGAIN_KEY:
            return self._turn_to(position, position.page)
        if place is None:
            return self._turn_to(position, int(digits) * PAGES) if digits in kinds_of(facts.places) else None
        if digits == TEXT_KEY and facts.can_text:
            return Way(
                leave(position), self.next, first=spoken(self.says_sent, position, facts),
                unsent=spoken(self.says_refused, position, facts), does="send_information",
                topic=place.name, words=place.words,
            )  # fmt: skip
        if digits == NEXT_KEY and others:
            kind, at = divmod(position.page, PAGES)
            return self._turn_to(position, kind * PAGES + (at + 1) % (others + 1))
        return self._turn_to(position, 0) if digits == BACK_KEY else None

    def choices(self) -> Mapping[str, str]:
        return {AGAIN_KEY: AGAIN}

    def place_at(self, position: Position, facts: Facts) -> tuple[Place | None, int]:
        """The place that is told here and how many others are; nothing among the kinds."""
        key, at = divmod(position.page, PAGES)
        kind = kinds_of(facts.places).get(str(key))
        if kind is None:
            return None, 0
        told = told_of(facts.places, kind, position.language or facts.languages[0])
        return told[at % len(told)], len(told) - 1

    def _tell(self, place: Place, others: int, position: Position, facts: Facts) -> tuple[Clip, ...]:
        language = position.language or facts.languages[0]
        number = tuple(PAUSE if sign == " " else f"digit.{sign}" for sign in place.number)
        name = (place.name,) if language in place.named else ()
        hours = (OPEN[place.open],) if place.open in OPEN else ()
        said = (f"help.{place.kind}", *name, *hours, NUMBER, *number, *self.says_again, *number, PAUSE)
        texts = self.says_text if facts.can_text else ()
        onward = self.says_next if others else ()
        return spoken((*said, *texts, *onward, *self.says_back), position, facts)

    @staticmethod
    def _turn_to(position: Position, page: int) -> Way:
        return Way(replace(leave(position), page=page), position.node)

    def passes(self) -> Iterator[str]:
        yield self.next

    def texts(self) -> Iterator[str]:
        yield from super().texts()
        yield self.text_next

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "next", self.next

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from (f"help.{kind}" for kind in HELP)
        yield from (
            PRESS,
            NUMBER,
            *OPEN.values(),
            *self.says_none,
            *self.says_text,
            *self.says_sent,
            *self.says_refused,
        )
        yield from (*self.says_next, *self.says_back, *self.says_again)
