"""The code of a mailbox by text, once, only to the phone it was made on and only where that is safe.

What is kept of the text are its words with `{code}` in them: the digits are put there while it is sent, so that no
member of staff, no page and no backup has them.
"""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.carrier.numbers import is_phone
from hotline.flow.nodes.new_mailbox import in_groups
from hotline.intake.models import Call, Message
from hotline.intake.promise_text import promise_text
from hotline.mailbox.codes import code_of, mark_of
from hotline.mailbox.models import Mailbox

CODE_HERE = "{code}"
MOST_DRAWS = 1000  # of a million million codes; a second one is hardly ever drawn


def text_code(session: Session, call_sid: str, words: str, said_safe: bool | None, now: datetime) -> bool:
    """Promise the text, whose id is the mailbox's; whether it is new.

    `said_safe` is what they answered in this call; where they answered nothing, their last answer before it counts.
    """
    call = session.get(Call, call_sid)
    box = session.scalars(sa.select(Mailbox).where(Mailbox.call_sid == call_sid)).one_or_none()
    if call is None or box is None or not words:
        return False
    if session.get(Message, box.id) is not None:
        return False
    if not _is_theirs(call, box) or not _is_safe(session, call, said_safe):
        return False
    promise_text(
        session, box.contact, words, line_id=call.line_id, from_=call.dialled, at=now, message_id=box.id,
        rehearsal=call.rehearsal,
    )  # fmt: skip
    return True


def put_code_in(session: Session, message_id: uuid.UUID, words: str) -> str:
    """The words as they are sent; those of any other text are as they were written."""
    box = session.get(Mailbox, message_id)
    if box is None:
        return words
    for draw in range(MOST_DRAWS):
        if mark_of(code := code_of(box.call_sid, draw)) == box.mark:
            return words.replace(CODE_HERE, in_groups(code))
    raise LookupError("the key that mailbox codes are told by is another")


def _is_theirs(call: Call, box: Mailbox) -> bool:
    """Not borrowed, nor a dormitory's, nor withheld; and they did not ask for no texts."""
    contact = box.contact
    return (
        call.contact_id == contact.id
        and contact.number is not None
        and is_phone(contact.number)
        and not contact.shared_phone
        and contact.refuses_texts_since is None
    )


def _is_safe(session: Session, call: Call, said: bool | None) -> bool:
    if said is not None:
        return said
    known = sa.select(Callback.text_safe).where(
        Callback.contact_id == call.contact_id, Callback.text_safe.is_not(None)
    )
    return session.scalar(known.order_by(Callback.asked_at.desc()).limit(1)) is True
