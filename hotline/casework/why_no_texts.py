"""Why somebody is sent no texts, as far as what is kept tells."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.intake.models import Contact, Message
from hotline.intake.note_text_status import STOPPED


def why_no_texts(session: Session, contact: Contact) -> str:
    """In words for the page of a case; empty where they take texts.

    A STOP stands before what keys said: the carrier heeds it, too, and only a START lifts it.
    """
    if contact.refuses_texts_since is None:
        return ""
    theirs = sa.select(Message).where(Message.contact_id == contact.id)
    commands = theirs.where(Message.direction == "in", Message.kind.in_(("stop", "start")))
    last = session.scalars(commands.order_by(Message.at.desc()).limit(1)).first()
    if last is not None and last.kind == "stop":
        return "sent STOP"
    by_keys = sa.exists().where(Callback.contact_id == contact.id, Callback.text_safe.is_(False))
    if session.scalar(sa.select(by_keys)):
        return "none, they said by keys"
    if session.scalars(theirs.where(Message.error == STOPPED).limit(1)).first():
        return "none: the carrier says that they sent STOP"
    return "none, they said"
