"""Place a call that is owed: within hours and budget, never twice for one attempt."""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.callbacks.models import Callback, Why
from hotline.callbacks.safe_time import next_safe
from hotline.carrier.client import Carrier
from hotline.carrier.errors import RefusedByCarrier
from hotline.carrier.numbers import may_be_called
from hotline.carrier.try_again import trying_again
from hotline.db import utcnow
from hotline.flow.opening import is_within
from hotline.intake.models import Line
from hotline.outbox import RANKS, OutboxRow, Promised, TryAgain, give_up, keep, promise, withdraw
from hotline.settings import Settings

ATTEMPTS = 3  # in all
DAY = timedelta(days=1)
DELAYS = (timedelta(minutes=2), timedelta(minutes=15))  # before the second and the third
RINGS = 25  # seconds: a voicemail of somebody else's network often takes the call after 30
LOOK_AGAIN = timedelta(minutes=4)  # a callback about the call's end may be lost
COUNTING = 0x43414C4C  # advisory lock: the day's calls are counted one after the other


def promise_call(
    session: Session, callback_id: uuid.UUID, attempt: int, due_at: datetime, *, rank: int = RANKS["standard"]
) -> None:
    """Promise this attempt, once."""
    key = f"call_back:{callback_id}:{attempt}"
    promise(session, "call_back", key, {"callback_id": str(callback_id)}, rank=rank, due_at=due_at)


def rings_of(contact_id: uuid.UUID, now: datetime) -> sa.Select[Callback]:
    """What this phone was owed within a day for ringing once."""
    return sa.select(Callback).where(
        Callback.contact_id == contact_id, Callback.why == "ring", Callback.asked_at > now - DAY
    )


def rings_placed(session: Session, contact_id: uuid.UUID, now: datetime) -> int:
    """How often this phone was rung within a day for that; a call that is owed counts as one."""
    known = session.scalars(rings_of(contact_id, now).where(Callback.state != "refused"))
    return sum(max(one.attempts, 1) for one in known)


def _is_number_spent(session: Session, owed: Callback, settings: Settings) -> bool:
    placed = rings_placed(session, owed.contact_id, utcnow())
    return owed.why == "ring" and placed >= settings.callbacks_a_number


def place_call(sessions: sessionmaker[Session], carrier: Carrier, held: Promised, settings: Settings) -> None:
    """Call who is owed a call.

    Raises:
        TryAgain: not yet (it is night there; the carrier is busy).
        LeaseLost: another worker has it.
    """
    callback_id = uuid.UUID(held.payload["callback_id"])
    with sessions.begin() as session:
        owed = session.get(Callback, callback_id, with_for_update=True)
        if owed is None or owed.contact.number is None or not _is_owed(owed, held):
            keep(session, held)
            return
        if not may_be_called(owed.contact.number, settings.callback_countries):
            owed.end("refused", utcnow())
            give_up(session, held, "NotCalled")
            return
        if owed.why == "ring" and not may_ring(owed.line, settings, utcnow()):
            raise TryAgain("Night", after=600)
        maybe_placed = owed.state == "calling"
        if owed.attempts and not maybe_placed and _is_number_spent(session, owed, settings):
            owed.end("given_up", utcnow())
            keep(session, held)
            return
        is_safe = owed.why == "ring" or next_safe(owed, settings, utcnow()).begins <= utcnow()
        if not is_safe and not maybe_placed:
            withdraw(session, held)  # we come too late for who is put through; it stays due, for staff to see
            return
        if not maybe_placed and _is_spent_for_certain(session, owed.why, settings):
            if owed.why != "ring":  # they asked: it stays due, and staff are told when they call again
                withdraw(session, held)
                return
            owed.end("refused", utcnow())
            give_up(session, held, "Budget")
            return
        if not maybe_placed:
            owed.state, owed.attempts, owed.tried_at, owed.outgoing_sid = (
                "calling", owed.attempts + 1, utcnow(), None,
            )  # fmt: skip
        ours, theirs, tried_at = owed.line.number, owed.contact.number, owed.tried_at or utcnow()
        attempt = owed.attempts
        this: dict[str, object] = {"callback_id": str(callback_id), "attempt": attempt}
    here = f"{settings.public_url}/voice"
    try:
        with trying_again():
            sid = _find(sessions, carrier, this, theirs, ours, tried_at) if maybe_placed else None
            if sid is None and is_safe:
                sid = carrier.place_call(
                    ours, theirs, f"{here}/calling?c={callback_id}", f"{here}/fallback",
                    f"{here}/called?c={callback_id}&n={attempt}", RINGS,
                )  # fmt: skip
    except RefusedByCarrier as refused:
        with sessions.begin() as session:
            owed = session.get_one(Callback, callback_id, with_for_update=True)
            owed.end("refused", utcnow())
            give_up(session, held, type(refused).__name__)
        return
    with sessions.begin() as session:
        owed = session.get_one(Callback, callback_id, with_for_update=True)
        if owed.state == "calling" and sid is None:  # the carrier never took it, and the window has closed
            owed.state, owed.attempts = "due", owed.attempts - 1
            withdraw(session, held)
            return
        if owed.state == "calling":
            owed.outgoing_sid = sid
            promise(
                session, "look_after_call", f"look:{sid}", this | {"sid": sid}, due_at=utcnow() + LOOK_AGAIN
            )
        keep(session, held)


def _find(
    sessions: sessionmaker[Session], carrier: Carrier, this: dict[str, object], theirs: str, ours: str,
    since: datetime,
) -> str | None:  # fmt: skip
    """The carrier's id of this attempt's call, if it took it; not that of another, which is looked after already."""
    with sessions() as session:

        def is_another(sid: str) -> bool:
            looked_after = sa.exists().where(
                OutboxRow.key == f"look:{sid}", ~OutboxRow.payload.contains(this)
            )
            return bool(session.scalar(sa.select(looked_after)))

        return carrier.find_placed_call(theirs, ours, since, is_another)


def _is_owed(owed: Callback, held: Promised) -> bool:
    """Due, or begun by a worker that died before it knew whether the carrier took it."""
    attempt = int(held.key.rpartition(":")[2])
    return (owed.state == "due" and owed.attempts == attempt - 1) or (
        owed.state == "calling" and owed.attempts == attempt and owed.outgoing_sid is None
    )


def may_ring(line: Line, settings: Settings, now: datetime) -> bool:
    """Whether it is an hour, there, at which we ring back."""
    return is_within(settings.callback_hours, now, line.zone or settings.zone)


def is_spent(session: Session, why: Why, settings: Settings) -> bool:
    """Whether as many calls were placed within a day as we pay for: to who rang, and apart to who asked or wrote.

    So no flood of rings takes away the calls of who asked. Counted are callbacks last tried within the day.
    """
    alike = (Callback.why == "ring") == (why == "ring")
    tried = sa.select(sa.func.sum(Callback.attempts)).where(
        Callback.tried_at > utcnow() - timedelta(days=1), alike
    )
    return int(session.scalar(tried) or 0) >= settings.callbacks_a_day


def _is_spent_for_certain(session: Session, why: Why, settings: Settings) -> bool:
    """Likewise, while nobody else counts."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(COUNTING)))
    return is_spent(session, why, settings)
