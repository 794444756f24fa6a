"""Hours of a week, as people write them: `mon-fri 09:00-17:30; sat 20:00-24:00`."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from hotline.flow.turn import Hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = "24:00"  # at which a day ends; clocks do not show it
SPAN = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? ([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})\Z")


class NotHours(ValueError):
    """Not written as hours are; the text is one sentence for who typed it."""


@dataclass(frozen=True)
class Span:
    """Some days of the week, from one minute of the day until before another."""

    days: frozenset[int]
    begins: int  # minute of the day
    ends: int


@lru_cache(maxsize=256)
def read_hours(written: str) -> tuple[Span, ...]:
    """The spans of a week; empty means always. Raises: NotHours."""
    return tuple(_span(part) for part in re.split(r"\s*;\s*", written.strip().lower()) if part)


def is_within(written: str, at: datetime, zone: str) -> bool:
    """Whether a moment lies in these hours, as clocks of this zone show them. Raises: NotHours."""
    spans, here = read_hours(written), at.astimezone(ZoneInfo(zone))
    now = here.hour * 60 + here.minute
    return not spans or any(here.weekday() in one.days and one.begins <= now < one.ends for one in spans)


def hours_at(written: str, holidays: tuple[str, ...], at: datetime, zone: str) -> Hours:
    """Open, closed, or a holiday (dates as ISO 8601), at a moment in this zone. Raises: NotHours."""
    if at.astimezone(ZoneInfo(zone)).date().isoformat() in holidays:
        return "holiday"
    return "open" if is_within(written, at, zone) else "closed"


def _span(part: str) -> Span:
    found = SPAN.match(part)
    if not found or found[1] not in DAYS or (found[2] and found[2] not in DAYS):
        raise NotHours(f"{part!r} is not written as “mon-fri 09:00-17:30”.")
    first = DAYS.index(found[1])
    last = DAYS.index(found[2]) if found[2] else first
    days = frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
    try:
        begins, ends = _minute(found[3]), 24 * 60 if found[4] == MIDNIGHT else _minute(found[4])
    except ValueError:
        raise NotHours(f"{part!r} names a time that there is not.") from None
    if begins >= ends:
        raise NotHours(f"{part!r} ends before it begins; write the night as two spans.")
    return Span(days, begins, ends)


def _minute(clock: str) -> int:
    """Raises: ValueError."""
    shown = time.fromisoformat(clock)
    return shown.hour * 60 + shown.minute
