"""When it is safe to call somebody: the part of a day that they named, and the same part of each day after it.

Where they named none, the hours in which we call at all.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.callbacks.models import Callback
from hotline.flow.evening import THIS_EVENING, is_evening_over
from hotline.flow.opening import is_within
from hotline.settings import Settings

# What keys mean, in the line's zone.
MORNING, MORNING_ENDS = time(8, 30), time(12, 0)
EVENING, EVENING_ENDS = time(19, 0), time(21, 0)
NIGHT_ENDS = time(4, 0)  # who is awake before it means by "tomorrow morning" the one that comes
NOW_LASTS = timedelta(hours=2)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """From when until when it is safe; without an end, as long as our own hours last."""

    begins: datetime
    ends: datetime | None


def window_of(when: str, here: datetime) -> Window:
    """What somebody means who says `when` at `here` (in the line's zone)."""
    begins = safe_moment(when, here)
    if when.endswith("evening"):
        return Window(begins, _at(begins, EVENING_ENDS))
    if when.endswith("morning"):
        return Window(begins, _at(begins, MORNING_ENDS))
    return Window(begins, begins + NOW_LASTS)


def safe_moment(when: str, here: datetime) -> datetime:
    """The moment from which on it is safe, as said in the caller's words at `here` (in the line's zone)."""
    tomorrow = here + DAY
    if when == THIS_EVENING:
        if is_evening_over(here):  # callers are asked again; who comes by another door means the next one
            return _at(tomorrow, EVENING)
        return max(here, _at(here, EVENING))
    if when == "tomorrow_morning":
        return _at(here if here.time() < NIGHT_ENDS else tomorrow, MORNING)
    if when == "tomorrow_evening":
        return _at(tomorrow, EVENING)
    return here


def next_safe(owed: Callback, settings: Settings, now: datetime) -> Window:
    """The window that is open now or opens next: theirs, or the same part of the first day on which it is not over."""
    zone = ZoneInfo(owed.line.zone or settings.zone)
    begins = owed.not_before.astimezone(zone)
    if owed.safe_until is None:
        return Window(in_our_hours(max(begins, now.astimezone(zone)), settings), None)
    here, ends = now.astimezone(zone), owed.safe_until.astimezone(zone)
    late = DAY * max((here.date() - ends.date()).days + (here.time() >= ends.time()), 0)
    return Window(begins + late, ends + late)


def in_our_hours(here: datetime, settings: Settings) -> datetime:
    """This moment, or the next morning where we call nobody at such an hour."""
    return here if is_within(settings.callback_hours, here, str(here.tzinfo)) else next_clock(here, MORNING)


def next_clock(here: datetime, clock: time) -> datetime:
    """The next time that clocks show this."""
    today = datetime.combine(here.date(), clock, here.tzinfo)
    return today if today >= here else today + DAY


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
