"""What became of a call that we placed. Told twice, or late, or never: the state never goes back, nor stays."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.callbacks.models import Callback, State
from hotline.callbacks.place_call import ATTEMPTS, DELAYS, promise_call
from hotline.carrier.client import Carrier
from hotline.carrier.errors import NotThere
from hotline.carrier.try_again import trying_again
from hotline.db import utcnow
from hotline.intake.note_event import ENDED
from hotline.outbox import Promised, TryAgain, keep


def note_answered(session: Session, callback_id: uuid.UUID, how: State, now: datetime) -> Callback | None:
    """Somebody pressed a key: it is who asked (reached), or somebody else, who is not called again (given_up).

    The answer is the callback, where it is one.
    """
    owed = session.get(Callback, callback_id, with_for_update=True)
    if owed is not None and owed.end(how, now) and how == "given_up":
        owed.contact.call_safe = False
        stop_calling(session, owed.contact_id, now)
    return owed


def stop_calling(session: Session, contact_id: uuid.UUID, now: datetime) -> None:
    """It is not safe to call this phone: none of the calls that it is owed is placed, nor one tried again."""
    owed = sa.select(Callback).where(Callback.contact_id == contact_id, Callback.state == "due")
    for each in session.scalars(owed.with_for_update()):
        each.end("given_up", now)


def is_reached(session: Session, outgoing_sid: str) -> bool:
    """Whether the right key was pressed in this call."""
    reached = sa.exists().where(Callback.outgoing_sid == outgoing_sid, Callback.state == "reached")
    return bool(session.scalar(sa.select(reached)))


def note_outcome(session: Session, callback_id: uuid.UUID, attempt: int, status: str, now: datetime) -> None:
    """This attempt has ended and nobody pressed the key: tried again, at most ATTEMPTS times in all.

    What is told late, of an earlier attempt, changes nothing.
    """
    owed = session.get(Callback, callback_id, with_for_update=True)
    if owed is None or status not in ENDED or owed.state != "calling" or owed.attempts != attempt:
        return
    if owed.attempts >= ATTEMPTS or owed.contact.call_safe is False:
        owed.end("given_up", now)
        return
    owed.state, owed.outgoing_sid = "due", None
    if owed.why == "ring":  # who asked for a time of theirs is called by staff
        owed.not_before = now + DELAYS[owed.attempts - 1]
        promise_call(session, callback_id, owed.attempts + 1, owed.not_before)


def look_after_call(sessions: sessionmaker[Session], carrier: Carrier, held: Promised) -> None:
    """Ask the carrier where a call is whose end was not told. Raises: TryAgain, LeaseLost."""
    callback_id, sid = uuid.UUID(held.payload["callback_id"]), str(held.payload["sid"])
    with trying_again():
        try:
            status = carrier.call_status(sid)
        except NotThere:
            status = "failed"
    if status not in ENDED:
        raise TryAgain("StillThere", after=120)
    with sessions.begin() as session:
        note_outcome(session, callback_id, int(held.payload["attempt"]), status, utcnow())
        keep(session, held)
