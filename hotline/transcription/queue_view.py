"""What one reader sees of the queue: the rows of their languages, in tabs, and how many wait elsewhere."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.intake.models import URGENCIES, Urgency
from hotline.transcription.queue import Snapshot, Waiting

MOST_SHOWN = 200


@dataclass(frozen=True)
class Reader:
    """Who looks: with `everything` (supervisors) every language, else their own alone."""

    id: uuid.UUID
    languages: tuple[str, ...]
    everything: bool


@dataclass(frozen=True)
class View:
    """One tab, ready to be drawn."""

    tab: str
    groups: tuple[tuple[Urgency, list[Waiting]], ...]  # those that hold something
    mine: dict[str, int]  # how many wait in each language of the reader
    held: int  # by the reader
    others: Counter[str]  # how many wait in languages that the reader does not have
    total: int  # of the first tab
    late: int
    hidden: int  # rows of this tab beyond MOST_SHOWN


def see_queue(
    seen: Snapshot, reader: Reader, tab: str, targets: dict[Urgency, timedelta], now: datetime
) -> View:
    """Tabs are `all`, `held`, `others`, or a language; whatever the tab, nobody sees more than they may."""
    readable = [row for row in seen.rows if reader.everything or row.language in reader.languages]
    mine = {tag: seen.counts[tag] for tag in reader.languages}
    shown = [row for row in readable if _belongs(tab, reader)(row)]
    return View(
        tab=tab,
        groups=_groups(shown[:MOST_SHOWN]),
        mine=mine,
        held=sum(row.holder_id == reader.id for row in readable),
        others=Counter({tag: count for tag, count in seen.counts.items() if tag not in mine}),
        total=seen.counts.total() if _sees_all(reader) else sum(mine.values()),
        late=sum(now - row.received_at > targets[row.urgency] for row in shown),
        hidden=max(0, len(shown) - MOST_SHOWN),
    )


def _belongs(tab: str, reader: Reader) -> Callable[[Waiting], bool]:
    if tab == "all":
        return lambda row: _sees_all(reader) or row.language in reader.languages
    if tab == "held":
        return lambda row: row.holder_id == reader.id
    if tab == "others":
        return lambda row: row.language not in reader.languages
    return lambda row: row.language == tab


def _sees_all(reader: Reader) -> bool:
    """A supervisor without a language of their own has them all in the first tab."""
    return reader.everything and not reader.languages


def _groups(shown: Sequence[Waiting]) -> tuple[tuple[Urgency, list[Waiting]], ...]:
    by_urgency = {word: [row for row in shown if row.urgency == word] for word in URGENCIES}
    return tuple((word, rows) for word, rows in by_urgency.items() if rows)
