"""A question that keys answer: what happened, where, when it is safe to call."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from hotline.flow.evening import THIS_EVENING
from hotline.flow.nodes.attempts import Waiting
from hotline.flow.nodes.base import Name, Prompt, Scene, Way, leave, spoken
from hotline.flow.nodes.menu import Key
from hotline.flow.position import Position
from hotline.flow.turn import Facts

Word = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
IN_DANGER = ("urgent", "danger")  # the question, and the answer after which the whole call is one of danger
REPORTED = frozenset({"what", "where", "urgent"})  # what the answers say is a report as soon as one is given


class Question(Waiting):
    """Every answer leads to `next`. The key pressed is a step of the call; what it means stands here.

    An answer of what is wrong, where, or how urgent it is, is reported at once: the caller may hang up at the next.
    Who answers `this_evening` when it is too late for it is told so, and asked again: another day is theirs to name.
    """

    kind: Literal["question"]
    about: Word  # what is asked, as staff read it
    answers: dict[Key, Word] = Field(min_length=1)
    next: Name
    unless_called: Name | None = None  # where who cannot be called goes on at once, unasked
    says_late: tuple[Prompt, ...] = ("callback_late",)
    text_late: Prompt | None = None  # the question by text without that evening

    def enter(self, position: Position, facts: Facts) -> Scene:
        if self._is_idle(facts):
            return Scene(position, (), then=self.unless_called)
        return super().enter(position, facts)

    def text_here(self, facts: Facts) -> str:
        return "" if self._is_idle(facts) else super().text_here(facts)

    def _is_idle(self, facts: Facts) -> bool:
        return self.unless_called is not None and not facts.can_be_called

    def choose(self, digits: str, position: Position, facts: Facts) -> Way | None:
        if digits not in self.answers:
            return None
        if self.is_too_late(digits, facts):
            way = self.mistaken(position, facts)
            asked_again = way.to == position.node
            return replace(way, first=spoken(self.says_late, position, facts)) if asked_again else way
        in_danger = (self.about, self.answers[digits]) == IN_DANGER
        here = replace(position, urgency="danger") if in_danger else position
        return Way(leave(here), self.next, does="report_by_keys" if self.about in REPORTED else None)

    def is_too_late(self, digits: str, facts: Facts) -> bool:
        """Whether this key names an evening that is over."""
        return facts.evening_over and self.answers.get(digits) == THIS_EVENING

    def choices(self) -> Mapping[str, str]:
        return self.answers

    def targets(self) -> Iterator[tuple[str, str]]:
        yield from super().targets()
        yield "next", self.next
        if self.unless_called:
            yield "unless_called", self.unless_called

    def texts(self) -> Iterator[str]:
        yield from super().texts()
        if self.text_late:
            yield self.text_late

    def prompts(self) -> Iterator[str]:
        yield from super().prompts()
        if self._offers_evening:
            yield from self.says_late

    @property
    def _offers_evening(self) -> bool:
        return THIS_EVENING in self.answers.values()

    def passes(self) -> Iterator[str]:
        yield from super().passes()
        if self.unless_called:
            yield self.unless_called
