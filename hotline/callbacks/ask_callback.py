"""Somebody wishes to be called back, by pressing keys or by ringing once."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hotline.callbacks.owe_call import owe_call
from hotline.intake.models import Contact

# What keys mean, in the line's zone.
MORNING, EVENING, TOO_LATE = time(8, 30), time(19, 0), time(20, 30)


@dataclass(frozen=True)
class Wish:
    """When it is safe to call, and whether a text is (nothing: not said)."""

    when: str = "now"  # now, this_evening, tomorrow_morning, tomorrow_evening
    text_safe: bool | None = None


@dataclass(frozen=True)
class Asker:
    """Who wishes it: in a call, or by a text. `sid` is the call or text that asked: one asks once."""

    sid: str
    contact: Contact | None
    line_id: uuid.UUID | None
    rehearsal: bool


def ask_callback(
    session: Session, asker: Asker, wish: Wish, language: str | None, zone: str, now: datetime
) -> bool:
    """Write it down, once a call or text; whether it is new. A withheld number cannot be called back."""
    if asker.line_id is None or asker.contact is None or asker.contact.number is None:
        return False
    owed = owe_call(
        session, asker.sid, "asked", contact_id=asker.contact.id, line_id=asker.line_id, language=language,
        asked_at=now, not_before=safe_moment(wish.when, now.astimezone(ZoneInfo(zone))), text_safe=wish.text_safe,
        rehearsal=asker.rehearsal,
    )  # fmt: skip
    if owed is None:
        return False
    asker.contact.call_safe = True
    return True


def safe_moment(when: str, here: datetime) -> datetime:
    """The moment from which on it is safe, as said in the caller's words at `here` (in the line's zone)."""
    tomorrow = here + timedelta(days=1)
    if when == "this_evening":
        if here.time() >= TOO_LATE:
            return _at(tomorrow, EVENING)
        return max(here, _at(here, EVENING))
    if when in ("tomorrow_morning", "tomorrow_evening"):
        return _at(tomorrow, MORNING if when == "tomorrow_morning" else EVENING)
    return here


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
