"""Somebody rang once and hung up, on a line that calls back: one call is owed, within what we can pay."""

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.callbacks.models import OPEN
from hotline.callbacks.owe_call import owe_call
from hotline.callbacks.place_call import is_spent, may_ring, promise_call, rings_of, rings_placed
from hotline.intake.models import Call, Contact
from hotline.outbox import RANKS
from hotline.settings import Settings


def ring_back(session: Session, call_sid: str, settings: Settings, now: datetime) -> bool:
    """Owe a call, once a ring; whether its caller is called, or was already for this ring.

    While one is owed or under way to the same number, further rings are the same wish; but at an hour when we call
    nobody, who rings again has no other way in. Beyond what we call one number, or all, in a day the wish is kept
    as refused, for staff to see.
    """
    call = session.get(Call, call_sid)
    if call is None or call.contact_id is None or call.line is None:
        return False
    session.get_one(
        Contact, call.contact_id, with_for_update=True
    )  # rings of one number, one after the other
    known = session.scalars(rings_of(call.contact_id, now)).all()
    called = [one for one in known if one.state != "refused"]
    if any(one.call_sid == call_sid for one in called):
        return True
    if any(one.state in OPEN for one in called):
        return may_ring(call.line, settings, now)
    spent = rings_placed(session, call.contact_id, now) >= settings.callbacks_a_number
    refused = spent or is_spent(session, "ring", settings)
    callback_id = owe_call(
        session, call_sid, "ring", contact_id=call.contact_id, line_id=call.line.id,
        language=call.contact.language if call.contact else None, asked_at=now, not_before=now,
        rehearsal=call.rehearsal, state="refused" if refused else "due",
    )  # fmt: skip
    if callback_id and not refused:
        if call.contact and call.contact.call_safe is False:
            call.contact.call_safe = None  # they ring on a line that calls back
        promise_call(session, callback_id, 1, now, rank=RANKS["urgent"])
    return not refused
