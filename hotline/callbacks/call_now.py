"""A member of staff calls who asked for it: the hotline rings the worker, then the member's own phone."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.callbacks.place_call import is_spent, promise_call
from hotline.callbacks.safe_time import next_safe
from hotline.carrier.numbers import may_be_called
from hotline.outbox import RANKS
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.vault.audit import record


class NotNow(Exception):
    """The call may not be placed; the text is one sentence that says why."""


def call_now(
    session: Session, callback_id: uuid.UUID, member: User, settings: Settings, now: datetime
) -> Callback:
    """Promise the call. Raises: NotNow; NoResultFound where there is none."""
    owed = session.get_one(Callback, callback_id, with_for_update=True)
    if owed.state != "due":
        raise NotNow("This call is under way already, or over.")
    if owed.contact.number is None or not may_be_called(owed.contact.number, settings.callback_countries):
        raise NotNow("We do not call this number: it is dear, or of a country that we do not call.")
    if now < next_safe(owed, settings, now).begins:
        said = (
            f"they said {owed.wished.replace('_', ' ')}"
            if owed.wished
            else "it is too early or too late there"
        )
        raise NotNow(f"It is not safe to call yet: {said}.")
    if is_spent(session, owed.why, settings):
        raise NotNow("As many calls were placed today as we pay for: it stays owed, so call again tomorrow.")
    if not member.phone:
        raise NotNow("Write your phone’s number on your own page first: you are put through there.")
    owed.by_id = member.id
    promise_call(session, owed.id, owed.attempts + 1, now, rank=RANKS["urgent"])
    record(session, member.id, "calls back", "callbacks", owed.id)
    return owed


def settle(session: Session, callback_id: uuid.UUID, member: User, now: datetime) -> None:
    """No call is owed any more. Raises: NoResultFound."""
    owed = session.get_one(Callback, callback_id, with_for_update=True)
    if owed.end("given_up", now):
        record(session, member.id, "gave up calling", "callbacks", owed.id)
