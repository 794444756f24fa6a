"""Information that a caller asked for, as one text."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import new_id, utcnow
from hotline.intake.models import Call, Message
from hotline.outbox import RANKS, promise


def send_information(session: Session, call_sid: str, topic: str, words: str) -> bool:
    """Promise the text, once a call and topic; whether it is new. Who refused texts is sent none."""
    call = session.get(Call, call_sid)
    if call is None or call.contact is None or call.contact.number is None or not words:
        return False
    if call.contact.refuses_texts_since:
        return False
    key = f"information:{call_sid}:{topic}"
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(key))))
    if session.scalar(sa.text("SELECT EXISTS (SELECT FROM outbox WHERE key = :key)"), {"key": key}):
        return False
    message_id = new_id()
    session.add(
        Message(
            id=message_id,
            direction="out",
            line_id=call.line_id,
            dialled=call.dialled,
            contact_id=call.contact_id,
            at=utcnow(),
            body=call.contact.seal(words.encode(), f"messages.body:{message_id}"),
            status="promised",
            rehearsal=call.rehearsal,
        )
    )
    session.flush()
    promise(session, "send_text", key, {"message_id": str(message_id)}, rank=RANKS["standard"])
    return True
