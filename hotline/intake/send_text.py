"""Send a text that was promised, never twice: a send whose answer was lost is looked up first."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.errors import RefusedByCarrier
from hotline.carrier.try_again import trying_again
from hotline.db import utcnow
from hotline.flow.texts import name_in
from hotline.intake.models import Message
from hotline.intake.note_text_status import STOPPED, heed_early_word
from hotline.intake.text_fate import LATE, NAMED, REFUSED, UNKNOWN
from hotline.outbox import Promised, TryAgain, give_up, keep
from hotline.settings import Settings

VALID_FOR = timedelta(hours=1)  # later the phone may be in other hands (the carrier's default: 10 h)


Complete = Callable[[Session, uuid.UUID, str], str]


def as_written(_session: Session, _message_id: uuid.UUID, words: str) -> str:
    """Nothing is left to be put in."""
    return words


def send_text(
    sessions: sessionmaker[Session], carrier: Carrier, held: Promised, settings: Settings,
    complete: Complete = as_written,
) -> None:  # fmt: skip
    """Send the message of this promise; `complete` puts in what its words do not hold while they are kept.

    Raises:
        TryAgain: not yet.
        LeaseLost: another worker has it.
    """
    message_id = uuid.UUID(held.payload["message_id"])
    with sessions.begin() as session:
        # Locked: who takes it back meanwhile does so before this, or hears that it has gone out.
        message = session.get_one(Message, message_id, with_for_update=True)
        number, ours, promised_at = message.contact.number, message.dialled, message.at
        maybe_sent, late = message.status == "sending", utcnow() > promised_at + VALID_FOR
        if number is None or message.status not in ("promised", "sending"):  # withheld, or erased meanwhile
            keep(session, held)
            return
        kept = message.contact.open(message.body, f"messages.body:{message_id}").decode()
        words = complete(session, message_id, kept)
        why_not = _why_not(message, words, settings, late=late)
        if why_not and not maybe_sent:
            message.status, message.error = "failed", why_not
            keep(session, held)
            return
        message.status = "sending"  # written before it is sent: whoever comes after us looks first
    try:
        with trying_again():
            sid = (
                _find(sessions, carrier, message_id, number, ours, promised_at, words) if maybe_sent else None
            )
            if sid is None and not why_not:
                sid = carrier.send_text(
                    ours, number, words, f"{settings.public_url}/sms/status", int(VALID_FOR.total_seconds())
                )
    except RefusedByCarrier as refused:
        with sessions.begin() as session:
            message = session.get_one(Message, message_id)
            message.status, message.error = "failed", str(refused.code or "")
            if message.error == STOPPED:
                message.contact.refuses_texts_since = message.contact.refuses_texts_since or utcnow()
            give_up(session, held, type(refused).__name__)
        return
    except TryAgain as not_yet:
        if not late:
            raise
        with sessions.begin() as session:
            message = session.get_one(Message, message_id)
            message.status, message.error = "failed", UNKNOWN
            give_up(session, held, not_yet.reason)
        return
    with sessions.begin() as session:
        message = session.get_one(Message, message_id)
        message.sid = sid
        message.status, message.error = ("sent", None) if sid else ("failed", why_not)
        keep(session, held)
    with sessions.begin() as session:  # after that commit: what is told from now on moves it on by itself
        heed_early_word(session, session.get_one(Message, message_id))


def _why_not(message: Message, words: str, settings: Settings, *, late: bool) -> str:
    """Why it may not go out, or not again where it may have (hotline.intake.text_fate); empty where it may."""
    if message.contact.refuses_texts_since:
        return REFUSED
    if message.contact.unnamed and name_in(words, settings.known_as):
        return NAMED
    return LATE if late else ""


def _find(
    sessions: sessionmaker[Session], carrier: Carrier, message_id: uuid.UUID, number: str, ours: str,
    since: datetime, words: str,
) -> str | None:  # fmt: skip
    """The carrier's id of this message, if it took it; not that of another in the same words."""
    with sessions() as session:

        def is_another(sid: str) -> bool:
            another = sa.exists().where(Message.sid == sid, Message.id != message_id)
            return bool(session.scalar(sa.select(another)))

        return carrier.find_sent_text(number, ours, since, words, is_another)
