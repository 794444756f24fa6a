"""Send a text that was promised, never twice: a send whose answer was lost is looked up first."""

import uuid
from datetime import timedelta

from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.errors import RefusedByCarrier
from hotline.carrier.try_again import trying_again
from hotline.db import utcnow
from hotline.flow.texts import name_in
from hotline.intake.models import Message
from hotline.intake.text_fate import NAMED, REFUSED
from hotline.outbox import Promised, give_up, keep
from hotline.settings import Settings

VALID_FOR = timedelta(hours=1)  # later the phone may be in other hands (the carrier's default: 10 h)


def send_text(sessions: sessionmaker[Session], carrier: Carrier, held: Promised, settings: Settings) -> None:
    """Send the message of this promise.

    Raises:
        TryAgain: not yet.
        LeaseLost: another worker has it.
    """
    message_id = uuid.UUID(held.payload["message_id"])
    with sessions.begin() as session:
        message = session.get_one(Message, message_id)
        maybe_sent = message.status == "sending"
        number, body = (
            message.contact.number,
            message.contact.open(message.body, f"messages.body:{message_id}"),
        )
        ours, promised_at = message.dialled, message.at
        if message.contact.refuses_texts_since and message.status == "promised":
            message.status, message.error = "failed", REFUSED
        if message.contact.unnamed and name_in(body.decode(), settings.known_as):
            message.status, message.error = "failed", NAMED
        if number is None or message.status not in ("promised", "sending"):
            keep(session, held)
            return
        message.status = "sending"  # written before it is sent: whoever comes after us looks first
    words = body.decode()
    try:
        with trying_again():
            sid = carrier.find_sent_text(number, ours, promised_at, words) if maybe_sent else None
            sid = sid or carrier.send_text(
                ours, number, words, f"{settings.public_url}/sms/status", int(VALID_FOR.total_seconds())
            )
    except RefusedByCarrier as refused:
        with sessions.begin() as session:
            message = session.get_one(Message, message_id)
            message.status, message.error = "failed", str(refused.code or "")
            if refused.code == 21610:  # Twilio: the number has sent STOP
                message.contact.refuses_texts_since = message.contact.refuses_texts_since or utcnow()
            give_up(session, held, type(refused).__name__)
        return
    with sessions.begin() as session:
        message = session.get_one(Message, message_id)
        message.sid, message.status = sid, "sent"
        keep(session, held)
