"""Information that a caller asked for, as one text."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.flow.texts import name_in
from hotline.intake.models import Call
from hotline.intake.promise_text import promise_text


def send_information(session: Session, call_sid: str, topic: str, words: str, names: Iterable[str]) -> bool:
    """Promise the text, once a call and topic; whether it is on its way.

    Who refused texts is sent none, and none that holds one of our `names` who is not to be named.
    """
    call = session.get(Call, call_sid)
    if call is None or call.contact is None or call.contact.number is None or not words:
        return False
    if call.contact.refuses_texts_since or (call.contact.unnamed and name_in(words, names)):
        return False
    key = f"information:{call_sid}:{topic}"
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(key))))
    if session.scalar(sa.text("SELECT EXISTS (SELECT FROM outbox WHERE key = :key)"), {"key": key}):
        return True
    promise_text(
        session, call.contact, words, line_id=call.line_id, from_=call.dialled, at=utcnow(), key=key,
        rehearsal=call.rehearsal,
    )  # fmt: skip
    return True
