"""Put a line into service: a number of ours, the tree that answers it, the languages in its order."""

import re
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.carrier.numbers import COUNTRIES, country_of
from hotline.flow.load_tree import DEFAULT_TREE
from hotline.flow.opening import read_hours
from hotline.flow.prompts import LAST_RESORT
from hotline.flow.studio import STUDIO
from hotline.flow.tree import Tree
from hotline.intake.models import Line
from hotline.vault.audit import record

Unspoken = Callable[[str, str, str], Sequence[str]]  # (tree, language, country) -> prompts
HOURS_UNASKED = "Its tree asks for the hours nowhere: they change nothing that callers hear."
SHORTEST, LONGEST = 10, 3600  # seconds of a message, as in the settings


class NotALine(Exception):
    """The number, the tree or the languages cannot serve; the text is one sentence that says why."""


@dataclass(frozen=True)
class Opening:
    """A line's week in its own zone, its holidays (ISO 8601), what it does with a ring, how long a message may be, and
    where it is.

    Nothing: as it was. `recording_seconds` of 0 is as long as anywhere; no `country` is that of its number.
    """

    zone: str | None = None
    hours: str | None = None
    holidays: tuple[str, ...] | None = None
    answer_mode: str | None = None
    recording_seconds: int | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        """Raises: NotALine."""
        try:
            read_hours(self.hours or "")
        except ValueError as wrong:
            raise NotALine(str(wrong)) from None
        for day in self.holidays or ():
            try:
                date.fromisoformat(day)
            except ValueError:
                raise NotALine(f"{day} is no day such as 2026-12-07.") from None
        if self.zone and self.zone not in available_timezones():
            raise NotALine(f"{self.zone} is no time zone such as Asia/Bangkok.")
        if self.answer_mode not in (None, "answer", "call_back"):
            raise NotALine("A line answers, or calls back.")
        if self.country and self.country not in COUNTRIES:
            raise NotALine(f"{self.country} is no country such as TH (ISO 3166, two capitals).")
        if self.recording_seconds and not SHORTEST <= self.recording_seconds <= LONGEST:
            raise NotALine(f"A message may take {SHORTEST} to {LONGEST} seconds; 0 is as long as anywhere.")

    def apply(self, line: Line) -> None:
        """To the line, what is said of it."""
        for name in ("zone", "hours", "answer_mode", "country"):
            if (said := getattr(self, name)) is not None:
                setattr(line, name, said)
        if self.holidays is not None:
            line.holidays = list(self.holidays)
        if self.recording_seconds is not None:
            line.recording_seconds = self.recording_seconds or None


def add_line(
    session: Session,
    number: str,
    *,
    tree: str | None = None,
    languages: Sequence[str] = (),
    trees: Collection[str],
    spoken: Collection[str],
    name: str | None = None,
    answers_texts: bool | None = None,
    opening: Opening | None = None,
    longest: int = LONGEST,
    rehearsal: bool | None = None,
    unspoken: Unspoken = lambda _tree, _language, _country: (),
    member_id: uuid.UUID | None = None,
    now: datetime,
) -> Line:
    """Add the line, or update the one that bears this number: what is not said stays as it was.

    Args:
        tree: one of them, or STUDIO: a line on which staff record prompts, which answers nobody else and no texts.
        trees: the names of the trees there are.
        spoken: the languages that the prompts are written in.
        longest: seconds that a message may take on any line (HOTLINE_VOICEMAIL_SECONDS).
        opening: when somebody is there, whether rings are called back, how long a message may be.
        rehearsal: it may speak with placeholder voices, and what comes in is not real.
        unspoken: the prompts that no person's approved recording speaks; asked where it matters.
        member_id: who does it; nobody, from the command line.

    Raises:
        NotALine: see there.
    """
    number = _e164(number)
    line = session.scalar(sa.select(Line).where(Line.number == number).with_for_update())
    action = "changed" if line else "added"
    if line is None:
        line = Line(number=number, added_at=now, name="", answers_texts=True, rehearsal=False)
    tree = tree or line.tree or DEFAULT_TREE
    languages = languages or line.languages or ((LAST_RESORT,) if tree == STUDIO else ())
    rehearsal = line.rehearsal if rehearsal is None else rehearsal
    if tree not in trees and tree != STUDIO:
        raise NotALine(f"There is no tree called {tree}; there is {_listed(trees)}.")
    languages = tuple(dict.fromkeys(languages))
    if not languages:
        raise NotALine("A line needs at least one language.")
    unwritten = [language for language in languages if language not in spoken]
    if unwritten:
        raise NotALine(f"No prompts are written in {_listed(unwritten)}; there is {_listed(spoken)}.")
    if opening and (opening.recording_seconds or 0) > longest:
        raise NotALine(f"No message is longer than {longest} seconds here: HOTLINE_VOICEMAIL_SECONDS.")
    if not rehearsal:
        said = opening.country if opening and opening.country is not None else line.country
        _require_voices(tree, languages, country_of(number, said or ""), unspoken)
    if answers_texts is None:
        answers_texts = line.answers_texts
    line.tree, line.languages, line.rehearsal = tree, list(languages), rehearsal
    line.answers_texts = answers_texts and tree != STUDIO
    line.name = line.name if name is None else name
    if opening:
        opening.apply(line)
    session.add(line)
    session.flush()
    detail: dict[str, Any] = {
        "tree": tree,
        "languages": list(languages),
        "answers_texts": line.answers_texts,
        "rehearsal": rehearsal,
    }
    if opening:
        detail |= {name: said for name, said in asdict(opening).items() if said is not None}
    record(session, member_id, action, "lines", line.id, number=number, **detail)
    return line


def _require_voices(tree: str, languages: Sequence[str], country: str, unspoken: Unspoken) -> None:
    """A line goes live on people's recordings only."""
    lacking = {language: missing for language in languages if (missing := unspoken(tree, language, country))}
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


def are_hours_unasked(line: Line, trees: Mapping[str, Tree]) -> bool:
    """Whether it has hours that its tree, as callers hear it, takes no heed of."""
    return bool(line.hours) and not line.is_studio and not trees[line.tree].asks_hours
