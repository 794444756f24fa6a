"""What the carrier says of a call or a recording after the fact: kept, and never a step back."""

from datetime import datetime

from hotline.vault.keys import vault
from hotline.writer import Connection, Statement

ENDED = ("completed", "busy", "failed", "no-answer", "canceled")  # Twilio, CallStatus; none follows them

EVENT = """
    INSERT INTO carrier_events (kind, sid, status, sequence, at, call_sid, event)
    VALUES (%(kind)s, %(sid)s, %(status)s, %(sequence)s, %(at)s, %(call_sid)s, %(event)s) ON CONFLICT DO NOTHING
    """
NOTE_END = f"""
    WITH noted AS ({EVENT})
    UPDATE calls SET status = %(status)s, ended_at = %(at)s WHERE sid = %(sid)s AND ended_at IS NULL
    """
KEEP, KEEP_AND_END = Statement(EVENT), Statement(NOTE_END)


def note_event(
    connection: Connection,
    kind: str,
    sid: str,
    status: str,
    sequence: int,
    at: datetime,
    event: bytes,
    *,
    call_sid: str | None = None,
) -> None:
    """Keep the event, once; a call that ended is ended. `connection` commits each statement."""
    ends_call = kind == "call" and status in ENDED
    connection.execute(
        KEEP_AND_END if ends_call else KEEP,
        {
            "kind": kind,
            "sid": sid,
            "status": status,
            "sequence": sequence,
            "at": at,
            "call_sid": call_sid,
            "event": vault().seal(event, f"carrier_events.event:{kind}:{sid}"),
        },
    )
