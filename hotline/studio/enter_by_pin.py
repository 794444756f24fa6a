"""Let a call in whose PIN is right; whoever guesses learns nothing, and soon is not asked any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.staff.models import User
from hotline.studio.models import StudioPin, StudioTry
from hotline.studio.pins import WRONG_ANYWHERE, WRONG_OF_ONE, mark_of
from hotline.vault.keys import vault

HOUR = timedelta(hours=1)
COUNTING = 0x53545544  # advisory lock: tries are counted one after the other


@dataclass(frozen=True)
class Try:
    """One PIN, in a call from a number, or from nobody knows where."""

    call_sid: str
    turn: int
    pin: str
    caller: str | None
    at: datetime


@dataclass(frozen=True)
class Speaker:
    """Whose call it is, and the language that they record."""

    member: User
    language: str


def enter_by_pin(session: Session, made: Try) -> Speaker | None:
    """Whose PIN it is, or nothing. Told twice, a try is one and ends the same.

    Whether there is such a PIN, whether it has ended or whether too many were wrong: the same is asked of the
    database, and the same is answered.
    """
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(COUNTING)))
    caller = vault().index(made.caller) if made.caller else None
    guessing = _is_guessing(session, caller, made.at)
    held = session.execute(
        sa.select(StudioPin.member_id, StudioPin.language)
        .join(User, User.id == StudioPin.member_id)
        .where(StudioPin.mark == mark_of(made.pin), StudioPin.ends_at > made.at, User.active)
    ).first()
    member_id, language = held if held and not guessing else (None, None)
    row = insert(StudioTry).values(
        call_sid=made.call_sid,
        turn=made.turn,
        at=made.at,
        caller=caller,
        member_id=member_id,
        language=language,
    )
    session.execute(row.on_conflict_do_nothing())
    return speaker_in(session, made.call_sid)


def speaker_in(session: Session, call_sid: str) -> Speaker | None:
    """Whose call this is: of who pressed a right PIN in it, while they work here and speak the language."""
    found = session.execute(
        sa.select(User, StudioTry.language)
        .join(StudioTry, StudioTry.member_id == User.id)
        .where(StudioTry.call_sid == call_sid, User.active, StudioTry.language == sa.any_(User.languages))
    ).first()
    return Speaker(found[0], str(found[1])) if found else None


def _is_guessing(session: Session, caller: bytes | None, now: datetime) -> bool:
    """Too many wrong ones within an hour, of this number or of everybody."""
    wrong = sa.select(sa.func.count(), sa.func.count().filter(StudioTry.caller == caller)).where(
        StudioTry.at > now - HOUR, StudioTry.member_id.is_(None)
    )
    everybody, one = session.execute(wrong).one()
    return everybody >= WRONG_ANYWHERE or (caller is not None and one >= WRONG_OF_ONE)
