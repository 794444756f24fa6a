"""Put a line into service: a number of ours, the tree that answers it, the languages in its order."""

import re
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.opening import read_hours
from hotline.flow.studio import STUDIO
from hotline.intake.models import Line
from hotline.vault.audit import record


class NotALine(Exception):
    """The number, the tree or the languages cannot serve; the text is one sentence that says why."""


@dataclass(frozen=True)
class Opening:
    """A line's week in its own zone, its holidays (ISO 8601), and what it does with a ring."""

    zone: str = ""
    hours: str = ""
    holidays: tuple[str, ...] = ()
    answer_mode: str = "answer"

    def __post_init__(self) -> None:
        """Raises: NotALine."""
        try:
            read_hours(self.hours)
            [date.fromisoformat(day) for day in self.holidays]
        except ValueError as wrong:
            raise NotALine(str(wrong)) from None
        if self.zone and self.zone not in available_timezones():
            raise NotALine(f"{self.zone} is no time zone such as Asia/Bangkok.")
        if self.answer_mode not in ("answer", "call_back"):
            raise NotALine("A line answers, or calls back.")


def add_line(
    session: Session,
    number: str,
    *,
    tree: str,
    languages: Sequence[str],
    trees: Collection[str],
    spoken: Collection[str],
    name: str = "",
    answers_texts: bool = True,
    opening: Opening | None = None,
    rehearsal: bool = False,
    unspoken: Callable[[str, str], Sequence[str]] = lambda _tree, _language: (),
    member_id: uuid.UUID | None = None,
    now: datetime,
) -> Line:
    """Add the line, or update the one that bears this number.

    Args:
        tree: one of them, or STUDIO: a line on which staff record prompts, which answers nobody else and no texts.
        trees: the names of the trees there are.
        spoken: the languages that the prompts are written in.
        opening: when somebody is there, and whether rings are called back; nothing: as it was.
        rehearsal: it may speak with placeholder voices, and what comes in is not real.
        unspoken: (tree, language) -> the prompts that no person's approved recording speaks; asked where it matters.
        member_id: who does it; nobody, from the command line.

    Raises:
        NotALine: see there.
    """
    number = _e164(number)
    if tree not in trees and tree != STUDIO:
        raise NotALine(f"There is no tree called {tree}; there is {_listed(trees)}.")
    languages = tuple(dict.fromkeys(languages))
    if not languages:
        raise NotALine("A line needs at least one language.")
    unwritten = [language for language in languages if language not in spoken]
    if unwritten:
        raise NotALine(f"No prompts are written in {_listed(unwritten)}; there is {_listed(spoken)}.")
    if not rehearsal:
        _require_voices(tree, languages, unspoken)
    line = session.scalar(sa.select(Line).where(Line.number == number).with_for_update())
    action = "changed" if line else "added"
    if line is None:
        line = Line(number=number, added_at=now)
        session.add(line)
    answers_texts = answers_texts and tree != STUDIO
    line.tree, line.languages, line.name, line.answers_texts = tree, list(languages), name, answers_texts
    line.rehearsal = rehearsal
    if opening:
        line.zone, line.hours, line.holidays = opening.zone, opening.hours, list(opening.holidays)
        line.answer_mode = opening.answer_mode
    session.flush()
    detail: dict[str, Any] = {
        "tree": tree,
        "languages": list(languages),
        "answers_texts": answers_texts,
        "rehearsal": rehearsal,
    }
    record(session, member_id, action, "lines", line.id, number=number, **detail)
    return line


def _require_voices(
    tree: str, languages: Sequence[str], unspoken: Callable[[str, str], Sequence[str]]
) -> None:
    """A line goes live on people's recordings only."""
    lacking = {language: missing for language in languages if (missing := unspoken(tree, language))}
    if lacking:
        told = "; ".join(
            f"{language} lacks {len(missing)} ({', '.join(missing[:3])}{' …' if len(missing) > 3 else ''})"
            for language, missing in lacking.items()
        )
        raise NotALine(
            f"Approved recordings are missing: {told}. Record them, or add it as a rehearsal line."
        )


def _e164(number: str) -> str:
    """As the carrier writes it (ITU-T E.164). Its form alone is checked: numbering plans change faster than lists."""
    bare = re.sub(r"[\s().-]", "", number)
    if not re.fullmatch(r"\+[1-9][0-9]{4,14}", bare):
        raise NotALine(
            f"{number!r} is not a whole number such as +6621234567: + and the country first, then digits."
        )
    return bare


def _listed(words: Collection[str]) -> str:
    return ", ".join(sorted(words))
