"""Somebody wishes to be called back, by pressing keys or by ringing once."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.callbacks.owe_call import owe_call
from hotline.callbacks.safe_time import window_of
from hotline.carrier.numbers import may_be_called
from hotline.intake.models import Contact


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
    session: Session,
    asker: Asker,
    wish: Wish,
    language: str | None,
    zone: str,
    countries: tuple[str, ...],
    now: datetime,
) -> bool:
    """Write it down, once a call or text; whether it is new. Nobody is owed a call whom we do not call.

    What is said last of when it is safe, and of texts, holds for every call that this phone is owed.
    """
    if asker.line_id is None or asker.contact is None:
        return False
    if asker.contact.number is None or not may_be_called(asker.contact.number, countries):
        return False
    safe = window_of(wish.when, now.astimezone(ZoneInfo(zone)))
    owed = owe_call(
        session, asker.sid, "asked", contact_id=asker.contact.id, line_id=asker.line_id, language=language,
        asked_at=now, wished=wish.when, not_before=safe.begins, safe_until=safe.ends, text_safe=wish.text_safe,
        rehearsal=asker.rehearsal,
    )  # fmt: skip
    if owed is None:
        return False
    session.execute(
        sa.update(Callback)
        .where(Callback.contact_id == asker.contact.id, Callback.why != "ring", Callback.state == "due")
        .values(
            wished=wish.when,
            not_before=safe.begins,
            safe_until=safe.ends,
            text_safe=Callback.text_safe if wish.text_safe is None else wish.text_safe,
        )
    )
    asker.contact.call_safe = True
    return True
