"""What became of a text that we sent: callbacks come in any order, its state never goes back."""

from datetime import datetime
from urllib.parse import parse_qs

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import CarrierEvent, Message
from hotline.intake.note_event import EVENT
from hotline.vault.keys import vault
from hotline.writer import Connection, Statement

RANKS = {
    status: rank
    for rank, known in enumerate(
        (
            ("promised",),
            ("sending",),
            ("queued",),
            ("sent",),
            ("delivered", "undelivered", "failed"),
            ("read",),
        )
    )
    for status in known
}

STOPPED = "21610"  # Twilio: the number has sent STOP

NOTE = Statement(f"""
    WITH noted AS ({EVENT})
    UPDATE messages SET status = %(status)s, error = coalesce(%(error)s, error)
    WHERE sid = %(sid)s AND direction = 'out' AND status = ANY(%(earlier)s)
    RETURNING contact_id
    """)
REFUSED = Statement("""
    UPDATE contacts SET refuses_texts_since = coalesce(refuses_texts_since, %(at)s) WHERE id = %(contact_id)s
    """)


def note_text_status(
    connection: Connection, sid: str, status: str, error: str | None, at: datetime, event: bytes
) -> None:
    """Keep the event; move the text on. `connection` commits each statement."""
    sealed = vault().seal(event, _place(sid))
    told = {"kind": "message", "sid": sid, "status": status, "sequence": 0, "at": at, "call_sid": None}
    earlier = [known for known, rank in RANKS.items() if rank < RANKS.get(status, 0)]
    moved = connection.execute(NOTE, told | {"event": sealed, "error": error, "earlier": earlier})
    if moved and error == STOPPED:
        connection.execute(REFUSED, {"at": at, "contact_id": moved[0][0]})


def heed_early_word(session: Session, message: Message) -> None:
    """Move on a text that we have just learned the id of: its callback may have been faster than that answer."""
    told = sa.select(CarrierEvent).where(CarrierEvent.kind == "message", CarrierEvent.sid == message.sid)
    for event in session.scalars(told):
        if RANKS.get(event.status, 0) <= RANKS.get(message.status, 0):
            continue
        message.status, message.error = event.status, _error(event) or message.error
        if message.error == STOPPED:
            message.contact.refuses_texts_since = message.contact.refuses_texts_since or event.at


def _error(event: CarrierEvent) -> str | None:
    """The code in the callback's form, as it was kept."""
    form = vault().open(event.event, _place(event.sid)).decode("latin-1") if event.event else ""
    return (parse_qs(form).get("ErrorCode") or [""])[0] or None


def _place(sid: str) -> str:
    return f"carrier_events.event:message:{sid}"
