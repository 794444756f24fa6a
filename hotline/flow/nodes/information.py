"""Something to know, in audio and, for who asks, as a text."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Prompt, Scene, Way, leave, spoken
from hotline.flow.nodes.menu import AGAIN, Key
from hotline.flow.position import Position
from hotline.flow.turn import Facts, Gather

NOT_CHECKED = "not_checked"  # said, or texted, in place of what is too old


class Information(Waiting):
    """Told, then one key for it as a text, one to hear it again; any other, or none, goes on at once, unless said.

    Its `text` is offered to who can be sent one. Where there is a message for the line's country, that is told. What
    is too old to be told is not: `says_old` is.
    """

    kind: Literal["information"]
    next: Name
    no_key: int = Field(1, ge=1, le=9)
    wrong_key: int = Field(1, ge=1, le=9)
    says_text: tuple[Prompt, ...] = ("as_text",)
    says_sent: tuple[Prompt, ...] = ("text_sent",)
    says_refused: tuple[Prompt, ...] = ("text_refused",)
    says_old: tuple[Prompt, ...] = (NOT_CHECKED,)
    text_key: Key = "1"
    again_key: Key = "7"

    @model_validator(mode="before")
    @classmethod
    def _go_on(cls, given: Any) -> Any:
        """Where nothing else is said, whoever has heard it goes on."""
        if isinstance(given, dict) and "next" in given:
            return {"otherwise": given["next"], **given}
        return given

    def enter(self, position: Position, facts: Facts) -> Scene:
        here = tuple(_here(prompt, facts) for prompt in self.says)
        if is_old := NOT_CHECKED in here:
            here = self.says_old
        plays = spoken(here, position, facts)
        if is_old or not self.text or not facts.can_text:
            return Scene(position, plays, then=self.next)
        return Scene(position, (*plays, *spoken(self.says_text, position, facts)), Gather(self.seconds))

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        if digits == self.again_key:
            return Way(leave(position), position.node)
        if digits == self.text_key and self.text and facts.can_text:
            return Way(
                leave(position), self.next, first=spoken(self.says_sent, position, facts),
                unsent=spoken(self.says_refused, position, facts), does="send_information",
                topic=self.text_here(facts),
            )  # fmt: skip
        return None

    def choices(self) -> Mapping[str, str]:
        return {self.text_key: "as a text", self.again_key: AGAIN}

    def own_keys(self) -> Iterator[tuple[str, str]]:
        yield "text_key", self.text_key
        yield "again_key", self.again_key

    def texts(self) -> Iterator[str]:
        yield from super().texts()
        if self.text:
            yield NOT_CHECKED

    def text_here(self, facts: Facts) -> str:
        """The name of its words as a text, on a line of this country."""
        return _here(self.text, facts) if self.text else ""

    def passes(self) -> Iterator[str]:
        yield self.next

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "next", self.next
        yield from (way for way in super().targets() if way != ("otherwise", self.next))

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        yield from self.says_old
        if self.text:
            yield from (*self.says_text, *self.says_sent, *self.says_refused)


def _here(name: str, facts: Facts) -> str:
    """The message for this country, or the one for everybody, where there is one that is not too old."""
    of_country = f"{name}.{facts.country}"
    if of_country in facts.fresh:
        return of_country
    return NOT_CHECKED if name in facts.old else name
