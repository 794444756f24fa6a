"""The choice of language: each offers itself in its own, in the line's order."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from hotline.flow.keys import KEYS, MORE_KEY
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import MICROPHONE, Name, Prompt, Scene, Way, leave, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Clip, Facts, Gather

OFFER = "language.press"  # "for Burmese, press", in Burmese; the digit follows
MORE = "language.more"  # "for other languages, press", in the line's first
LANGUAGE_KEY = "*"  # wherever a key is waited for: another language
DANGER_KEY = "0"  # here, and wherever a key is waited for that has no other meaning (engine.resume)
LONG = 5  # languages
# Languages that are said within the minute with a menu before them, and with a notice before that, too.
SOON, SOONER = 6, 3


class LanguageMenu(Waiting):
    """Keys 1 to 9 choose; of more than nine languages, 9 leads to the next eight, and round again.

    In another language than before, the call has not heard the consent. `danger` is where 0 leads: who is
    in danger need not choose first.
    """

    kind: Literal["language"]
    next: Name
    danger: Name | None = None
    says_danger: tuple[Prompt, ...] = ("danger_here",)

    def texts(self) -> Iterator[str]:
        return iter(())  # its words are what each language calls itself

    def enter(self, position: Position, facts: Facts) -> Scene:
        plays = list(spoken(self.says, position, facts))
        is_once = position.misses >= self.no_key
        in_haste = is_once and (facts.hours == "holiday" or bool(facts.announcement))
        offers = list(self.offers(position, facts).items())
        for key, language in offers[: SOONER if in_haste else SOON] if is_once else offers:
            plays += [Clip(OFFER, language), Clip(f"digit.{key}", language)]
        if len(facts.languages) > len(KEYS) and not is_once:
            # Said in the line's first language, and in one of those who wait for the next page.
            onward = replace(position, page=self._next_page(position, facts))
            following = next(iter(self.offers(onward, facts).values()))
            for speaks in dict.fromkeys((facts.languages[0], following)):
                plays += [Clip(MORE, speaks), Clip(f"digit.{MORE_KEY}", speaks)]
        if self.danger and not in_haste:  # last: in one language, and all others would wait for theirs
            plays += spoken(self.says_danger, position, facts)
        return Scene(position, tuple(plays), Gather(self.seconds))

    def once(self, position: Position) -> Position:
        """To hear the list a single time, of a long one the beginning, then to speak: for who has waited through a menu
        already, and is to reach the microphone within the minute."""
        return replace(leave(position), misses=self.no_key)

    def missed(self, position: Position, facts: Facts) -> Way:
        """A long list is said once: who presses nothing, ever, is to reach the microphone within a minute."""
        if position.misses >= self.no_key:
            return Way(leave(position), MICROPHONE)
        if len(self.offers(position, facts)) > LONG:
            return Way(leave(position), self.otherwise)
        return super().missed(position, facts)

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        if chosen := self.offers(position, facts).get(digits):
            return self.speak(position, chosen)
        if self.danger and digits == DANGER_KEY:
            return Way(leave(position), self.danger)
        if digits == MORE_KEY and len(facts.languages) > len(KEYS):
            return Way(replace(leave(position), page=self._next_page(position, facts)), position.node)
        return None

    @staticmethod
    def _next_page(position: Position, facts: Facts) -> int:
        pages = -(-len(facts.languages) // (len(KEYS) - 1))
        return (position.page + 1) % pages

    def offers(self, position: Position, facts: Facts) -> dict[str, str]:
        """Languages of this page by their key."""
        if len(facts.languages) <= len(KEYS):
            return dict(zip(KEYS, facts.languages, strict=False))
        size = len(KEYS) - 1
        begins = position.page * size
        return dict(zip(KEYS, facts.languages[begins : begins + size], strict=False))

    def speak(self, position: Position, chosen: str) -> Way:
        """Where the choice of a language leads."""
        speaks = replace(
            leave(position),
            language=chosen,
            chosen=True,
            consented=position.consented and chosen == position.language,
        )
        return Way(speaks, self.next, chose_language=True)

    def passes(self) -> Iterator[str]:
        return iter(())  # it speaks whatever it `says`

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "next", self.next
        if self.danger:
            yield "danger", self.danger

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from (OFFER, MORE)
        if self.danger:
            yield from self.says_danger
