"""What became of a text that we sent: callbacks come in any order, its state never goes back."""

from datetime import datetime

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
    sealed = vault().seal(event, f"carrier_events.event:message:{sid}")
    told = {"kind": "message", "sid": sid, "status": status, "sequence": 0, "at": at, "call_sid": None}
    earlier = [known for known, rank in RANKS.items() if rank < RANKS.get(status, 0)]
    moved = connection.execute(NOTE, told | {"event": sealed, "error": error, "earlier": earlier})
    if moved and error == "21610":  # Twilio: the number has sent STOP
        connection.execute(REFUSED, {"at": at, "contact_id": moved[0][0]})
