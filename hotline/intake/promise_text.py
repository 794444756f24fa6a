"""Promise a text of ours: the message and the work of sending it, in one transaction."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.intake.models import Contact, Message
from hotline.outbox import RANKS, promise


def promise_text(
    session: Session,
    contact: Contact,
    words: str,
    *,
    line_id: uuid.UUID | None,
    from_: str,
    at: datetime,
    answers: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
    key: str = "",
    rank: int = RANKS["standard"],
    due_at: datetime | None = None,
    message_id: uuid.UUID | None = None,
    rehearsal: bool,
) -> Message:
    """To be sent from our number `from_`, by hotline.intake.send_text alone.

    `answers` is the text it answers, `case_id` the case that staff write it in; `key` names the promise where
    more than this message must be kept from being promised twice.
    """
    message_id = message_id or new_id()
    message = Message(
        id=message_id,
        direction="out",
        line_id=line_id,
        dialled=from_,
        contact_id=contact.id,
        at=at,
        body=contact.seal(words.encode(), f"messages.body:{message_id}"),
        answers=answers,
        case_id=case_id,
        status="promised",
        rehearsal=rehearsal,
    )
    session.add(message)
    session.flush()
    what = {"message_id": str(message_id)}
    promise(session, "send_text", key or f"text:{message_id}", what, rank=rank, due_at=due_at)
    return message
