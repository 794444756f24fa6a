"""What became of a call that we placed. Told twice, or late, or never: the state never goes back, nor stays."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from hotline.callbacks.models import Callback
from hotline.callbacks.place_call import ATTEMPTS, DELAYS, promise_call
from hotline.carrier.client import Carrier
from hotline.carrier.errors import NotThere, TryLater
from hotline.db import utcnow
from hotline.intake.note_event import ENDED
from hotline.outbox import Promised, TryAgain, keep


def note_reached(session: Session, callback_id: uuid.UUID, now: datetime) -> Callback | None:
    """Who asked for it has pressed the key; the callback, where it is one."""
    owed = session.get(Callback, callback_id, with_for_update=True)
    if owed is not None and owed.state in ("due", "calling"):
        owed.state, owed.ended_at = "reached", now
    return owed


def note_wrong_person(session: Session, callback_id: uuid.UUID, now: datetime) -> None:
    """Somebody else answered, and said so: they are not called again."""
    owed = session.get(Callback, callback_id, with_for_update=True)
    if owed is not None and owed.state in ("due", "calling"):
        owed.state, owed.ended_at = "given_up", now


def note_outcome(session: Session, callback_id: uuid.UUID, attempt: int, status: str, now: datetime) -> None:
    """This attempt has ended and nobody pressed the key: tried again, at most ATTEMPTS times in all.

    What is told late, of an earlier attempt, changes nothing.
    """
    owed = session.get(Callback, callback_id, with_for_update=True)
    if owed is None or status not in ENDED or owed.state != "calling" or owed.attempts != attempt:
        return
    if owed.attempts >= ATTEMPTS:
        owed.state, owed.ended_at = "given_up", now
        return
    owed.state, owed.outgoing_sid = "due", None
    if owed.why == "ring":  # who asked for a time of theirs is called by staff
        owed.not_before = now + DELAYS[owed.attempts - 1]
        promise_call(session, callback_id, owed.attempts + 1, owed.not_before)


def look_after_call(sessions: sessionmaker[Session], carrier: Carrier, held: Promised) -> None:
    """Ask the carrier where a call is whose end was not told. Raises: TryAgain, LeaseLost."""
    callback_id, sid = uuid.UUID(held.payload["callback_id"]), str(held.payload["sid"])
    try:
        status = carrier.call_status(sid)
    except NotThere:
        status = "failed"
    except TryLater as later:
        raise TryAgain(type(later).__name__, later.after) from later
    if status not in ENDED:
        raise TryAgain("StillThere", after=120)
    with sessions.begin() as session:
        note_outcome(session, callback_id, int(held.payload["attempt"]), status, utcnow())
        keep(session, held)
