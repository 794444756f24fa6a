"""The carrier's REST API (Twilio, 2010-04-01): the paths that the hotline calls, credentials checked."""

import time
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from hotline.rehearsal.call import Call
from hotline.rehearsal.exchange import Exchange, Recording, Text
from hotline.rehearsal.texts import Stopped, text_out

api = Blueprint("rest", __name__, url_prefix="/2010-04-01/Accounts/<account>")
MOST_PAGE = 1000


def exchange() -> Exchange:
    found: Exchange = current_app.extensions["exchange"]
    return found


@api.url_value_preprocessor
def _forget_account(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    request.environ["rehearsal.account"] = (values or {}).pop("account", "")


@api.before_request
def _check_credentials() -> ResponseReturnValue | None:
    config, given = exchange().config, request.authorization
    right = (
        given is not None
        and compare_digest(given.username or "", config.account_sid)
        and compare_digest(given.password or "", config.auth_token)
    )
    if not right:
        return _error(401, 20003, "Authenticate")
    if request.environ["rehearsal.account"] != config.account_sid:
        return _not_found()
    return None


@api.get("/Recordings/<sid>.wav")
def media(sid: str) -> ResponseReturnValue:
    found, faults = exchange().recordings.get(sid), exchange().faults
    if found is None or time.monotonic() - found.ready_at < faults.media_missing_s:
        return _not_found()
    if faults.media_status:
        return _error(faults.media_status, 20500, "misbehaving")
    answer = Response(found.wav, mimetype="audio/x-wav")
    if faults.media_slow or faults.media_cut:
        answer = Response(_badly(found.wav, faults.media_cut), mimetype="audio/x-wav")
        answer.headers["Content-Length"] = str(len(found.wav))
    return answer


@api.get("/Recordings/<sid>.json")
def recording(sid: str) -> ResponseReturnValue:
    found = exchange().recordings.get(sid)
    return jsonify(_recording(found)) if found else _not_found()


@api.delete("/Recordings/<sid>.json")
@api.delete("/Recordings/<sid>")
def delete_recording(sid: str) -> ResponseReturnValue:
    with exchange().lock:
        found = exchange().recordings.pop(sid, None)
    return ("", 204) if found else _not_found()


@api.get("/Recordings.json")
def recordings() -> ResponseReturnValue:
    wanted = request.args.get("CallSid")
    found = [one for one in exchange().recordings.values() if wanted in (None, one.call_sid)]
    return _page("recordings", [_recording(one) for one in reversed(found)])


@api.get("/Calls/<sid>.json")
def call(sid: str) -> ResponseReturnValue:
    found = exchange().calls.get(sid)
    return jsonify(_call(found)) if found else _not_found()


@api.post("/Calls/<sid>.json")
def end_call(sid: str) -> ResponseReturnValue:
    found = exchange().calls.get(sid)
    if found is None:
        return _not_found()
    if request.form.get("Status") == "completed":
        found.hang_up()
    return jsonify(_call(found))


@api.get("/Calls.json")
def calls() -> ResponseReturnValue:
    return _page("calls", [_call(one) for one in reversed(exchange().calls.values())])


@api.post("/Messages.json")
def send() -> ResponseReturnValue:
    form = request.form
    if not all(form.get(name) for name in ("From", "To", "Body")):
        return _error(400, 21604, "A 'From', a 'To' and a 'Body' are required")
    if not form["To"].startswith("+"):
        return _error(400, 21211, "The 'To' number is not a valid phone number")
    try:
        text = text_out(exchange(), form["From"], form["To"], form["Body"], form.get("StatusCallback"))
    except Stopped:
        return _error(400, 21610, "Attempt to send to unsubscribed recipient")
    return jsonify(_text(text)), 201


@api.get("/Messages.json")
def messages() -> ResponseReturnValue:
    to, from_ = request.args.get("To"), request.args.get("From")
    found = [one for one in exchange().texts.values() if to in (None, one.to) and from_ in (None, one.from_)]
    return _page("messages", [_text(one) for one in reversed(found)])


@api.get("/Messages/<sid>.json")
def message(sid: str) -> ResponseReturnValue:
    found = exchange().texts.get(sid)
    return jsonify(_text(found)) if found else _not_found()


def _badly(body: bytes, cut: bool) -> Iterator[bytes]:
    if cut:
        yield body[: len(body) // 2]
        raise ConnectionResetError
    for at in range(len(body)):
        yield body[at : at + 1]
        time.sleep(1)


def _page(key: str, items: list[dict[str, Any]]) -> ResponseReturnValue:
    """Newest first, as many as asked for, and where the next ones are."""
    size = min(request.args.get("PageSize", 50, type=int), MOST_PAGE)
    number = request.args.get("Page", 0, type=int)
    shown = items[number * size : (number + 1) * size]
    more = len(items) > (number + 1) * size
    query = urlencode(request.args.to_dict() | {"Page": number + 1, "PageSize": size})
    return jsonify(
        {
            key: shown,
            "page": number,
            "page_size": size,
            "next_page_uri": f"{request.path}?{query}" if more else None,
        }
    )


def _recording(one: Recording) -> dict[str, Any]:
    return {
        "sid": one.sid, "account_sid": exchange().config.account_sid, "call_sid": one.call_sid,
        "duration": str(one.seconds), "status": "completed", "source": "RecordVerb", "channels": 1,
        "date_created": _date(one.made_at),
        "uri": f"/2010-04-01/Accounts/{exchange().config.account_sid}/Recordings/{one.sid}.json",
    }  # fmt: skip


def _call(one: Call) -> dict[str, Any]:
    return {
        "sid": one.sid, "account_sid": exchange().config.account_sid, "from": one.from_, "to": one.to,
        "status": one.status, "direction": "inbound", "date_created": _date(one.made_at),
    }  # fmt: skip


def _text(one: Text) -> dict[str, Any]:
    return {
        "sid": one.sid, "account_sid": exchange().config.account_sid, "from": one.from_, "to": one.to,
        "body": one.body, "status": one.status, "direction": "inbound" if one.inbound else "outbound-api",
        "date_created": _date(one.at), "error_code": None,
    }  # fmt: skip


def _date(at: datetime) -> str:
    return format_datetime(at)


def _not_found() -> ResponseReturnValue:
    return _error(404, 20404, f"The requested resource {request.path} was not found")


def _error(status: int, code: int, message: str) -> ResponseReturnValue:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return jsonify(code=code, message=message, more_info=more, status=status), status
