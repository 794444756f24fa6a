"""The choice of language: each offers itself in its own, in the line's order."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Scene, Way, leave, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Clip, Facts, Gather, Heard, NoKey, Pressed

KEYS = "123456789"
OFFER = "language.press"  # "for Burmese, press", in Burmese; the digit follows


class LanguageMenu(Waiting):
    """Keys 1 to 9 choose. In another language than before, the call has not heard the consent."""

    kind: Literal["language"]
    next: Name

    def enter(self, position: Position, facts: Facts) -> Scene:
        offers = [
            clip
            for key, language in zip(KEYS, facts.languages, strict=False)
            for clip in (Clip(OFFER, language), Clip(f"digit.{key}", language))
        ]
        return Scene(position, (*spoken(self.says, position, facts), *offers), Gather(self.seconds))

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        match heard:
            case Pressed(digits=digits):
                chosen = dict(zip(KEYS, facts.languages, strict=False)).get(digits)
                if chosen is None:
                    return self.mistaken(position, facts)
                speaks = replace(
                    leave(position),
                    language=chosen,
                    chosen=True,
                    consented=position.consented and chosen == position.language,
                )
                return Way(speaks, self.next, chose_language=True)
            case NoKey():
                return self.missed(position, facts)
        return super().hear(position, heard, facts)

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "next", self.next

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield OFFER
