"""What the REST API says of a call, a recording, a text: Twilio's names for it."""

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from hotline.rehearsal.call import Call
from hotline.rehearsal.exchange import Exchange, Media, Recording, Text

VERSION = "2010-04-01"


def _segments(body: str) -> int:
    """Roughly as it is billed: what is beyond ASCII is taken for UCS-2."""
    one, each = (160, 153) if body.isascii() else (70, 67)
    return 1 if len(body) <= one else -(-len(body) // each)


def show_recording(exchange: Exchange, one: Recording) -> dict[str, Any]:
    return _common(exchange, "Recordings", one.sid, one.made_at) | {
        "call_sid": one.call_sid, "duration": str(one.seconds), "status": "completed", "source": "RecordVerb",
        "channels": 1, "start_time": _date(one.made_at), "error_code": None,
        "media_url": f"{exchange.account_url}/Recordings/{one.sid}",
    }  # fmt: skip


def show_call(exchange: Exchange, one: Call) -> dict[str, Any]:
    lasted = str(round((one.ended_at - one.made_at).total_seconds() * one.speed)) if one.ended_at else None
    return _common(exchange, "Calls", one.sid, one.made_at) | {
        "from": one.from_, "to": one.to, "status": one.status, "direction": one.direction,
        "start_time": _date(one.made_at), "end_time": _date(one.ended_at), "duration": lasted,
    }  # fmt: skip


def show_text(exchange: Exchange, one: Text) -> dict[str, Any]:
    return _common(exchange, "Messages", one.sid, one.at) | {
        "from": one.from_, "to": one.to, "body": one.body, "status": one.status,
        "direction": "inbound" if one.inbound else "outbound-api", "date_sent": _date(one.sent_at),
        "num_segments": str(_segments(one.body)), "num_media": str(len(one.media)),
        "error_code": one.error_code or None, "error_message": None,
    }  # fmt: skip


def show_media(exchange: Exchange, one: Media) -> dict[str, Any]:
    account = exchange.config.account_sid
    return {
        "sid": one.sid, "account_sid": account, "parent_sid": one.text_sid, "content_type": one.type,
        "date_created": _date(one.made_at), "date_updated": _date(one.made_at),
        "uri": f"/{VERSION}/Accounts/{account}/Messages/{one.text_sid}/Media/{one.sid}.json",
    }  # fmt: skip


def _common(exchange: Exchange, kind: str, sid: str, made_at: datetime) -> dict[str, Any]:
    account = exchange.config.account_sid
    return {
        "sid": sid, "account_sid": account, "api_version": VERSION, "date_created": _date(made_at),
        "uri": f"/{VERSION}/Accounts/{account}/{kind}/{sid}.json",
    }  # fmt: skip


def _date(at: datetime | None) -> str | None:
    return format_datetime(at) if at else None
