"""Where help is: what kinds there are in the line's country, in which areas, then the places of the one chosen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from hotline.flow.area_menu import ELSEWHERE_KEY
from hotline.flow.help_spot import Spot
from hotline.flow.look_up_help import Asked, Told, look_up_help
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Prompt, Scene, Way, leave, spoken
from hotline.flow.nodes.menu import AGAIN
from hotline.flow.places import HELP, kinds_of
from hotline.flow.position import Position
from hotline.flow.prompts import PAUSE
from hotline.flow.turn import Clip, Facts, Gather

TEXT_KEY, NEXT_KEY, BACK_KEY, AGAIN_KEY = "1", "2", "3", "7"
PRESS, NUMBER = "help.press", "help.number"  # a kind, an area or a digit stands beside them
WHERE, ELSEWHERE, MORE = "help.where", "help.elsewhere", "help.more"
OPEN = {"always": "help.always", "open": "help.open", "closed": "help.closed"}


class HelpNearby(Waiting):
    """A place's kind, its name where it was recorded in the caller's language, its number twice; then keys.

    Where the places of a kind are in several areas, it is asked before that in which one the caller is. Its `text` is
    what is texted where no help is known; `says_none` is said then, and the call goes on to `next`. `page` of the
    position is a Spot, or nothing among the kinds.
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
        match self.find(position, facts):
            case Told() as told:
                here = replace(position, page=told.here.to_page())
                return Scene(here, self._tell(told, here, facts), Gather(self.seconds))
            case Asked() as asked:
                return Scene(position, self._ask(asked, position, facts), Gather(self.seconds))
        here, kinds = replace(position, page=0), kinds_of(facts.places)
        if not kinds:
            return Scene(here, spoken(self.says_none, here, facts), then=self.next)
        offers = _offer((f"help.{kind}", key) for key, kind in kinds.items())
        return Scene(here, spoken((*self.says, *offers), here, facts), Gather(self.seconds))

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        found = self.find(position, facts)
        if isinstance(found, Asked) and (spot := found.spot_of(digits)):
            return self._turn_to(position, spot)
        if digits == AGAIN_KEY:
            return Way(replace(leave(position), page=position.page), position.node)
        if found is None:
            kind = kinds_of(facts.places).get(digits)
            return self._turn_to(position, Spot(kind, asks=True)) if kind else None
        if digits == BACK_KEY:
            return self._turn_to(position, None)
        if isinstance(found, Told) and digits == TEXT_KEY and facts.can_text:
            return Way(
                leave(position), self.next, first=spoken(self.says_sent, position, facts),
                unsent=spoken(self.says_refused, position, facts), does="send_information",
                topic=found.place.name, words=found.place.words,
            )  # fmt: skip
        if isinstance(found, Told) and digits == NEXT_KEY and found.others:
            return self._turn_to(position, found.next)
        return None

    def choices(self) -> Mapping[str, str]:
        return {AGAIN_KEY: AGAIN}

    @staticmethod
    def find(position: Position, facts: Facts) -> Told | Asked | None:
        """The place that is told here, or the areas that are offered; nothing among the kinds."""
        return look_up_help(position.page, position.language or facts.languages[0], facts)

    def _tell(self, told: Told, position: Position, facts: Facts) -> tuple[Clip, ...]:
        place, language = told.place, position.language or facts.languages[0]
        number = tuple(PAUSE if sign == " " else f"digit.{sign}" for sign in place.number)
        name = (place.name,) if language in place.named else ()
        hours = (OPEN[place.open],) if place.open in OPEN else ()
        said = (f"help.{place.kind}", *name, *hours, NUMBER, *number, *self.says_again, *number, PAUSE)
        texts = self.says_text if facts.can_text else ()
        onward = self.says_next if told.others else ()
        return spoken((*said, *texts, *onward, *self.says_back), position, facts)

    def _ask(self, asked: Asked, position: Position, facts: Facts) -> tuple[Clip, ...]:
        menu = asked.menu
        areas = {key: group.area.prompt for key, group in menu.groups.items() if group.area}
        more = {menu.more[0]: MORE} if menu.more else {}
        rest = {ELSEWHERE_KEY: ELSEWHERE} if ELSEWHERE_KEY in menu.groups else {}
        offers = _offer((prompt, key) for key, prompt in (areas | more | rest).items())
        return spoken((f"help.{asked.kind}", WHERE, *offers, *self.says_back), position, facts)

    @staticmethod
    def _turn_to(position: Position, spot: Spot | None) -> Way:
        return Way(replace(leave(position), page=spot.to_page() if spot else 0), position.node)

    def passes(self) -> Iterator[str]:
        yield self.next

    def texts(self) -> Iterator[str]:
        yield from super().texts()
        yield from (self.text_next, ELSEWHERE)

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "next", self.next

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from (f"help.{kind}" for kind in HELP)
        yield from (PRESS, NUMBER, WHERE, ELSEWHERE, MORE, *OPEN.values(), *self.says_none, *self.says_text)
        yield from (*self.says_sent, *self.says_refused, *self.says_next, *self.says_back, *self.says_again)


def _offer(offers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Of each (what, its key): the prompts that say it."""
    return tuple(prompt for what, key in offers for prompt in (what, PRESS, f"digit.{key}"))
