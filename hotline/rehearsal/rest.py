"""The carrier's REST API (Twilio, 2010-04-01): the paths that the hotline calls, credentials checked."""

from hmac import compare_digest
from typing import Any

import requests
from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from hotline.rehearsal.dial import BadCall, dial
from hotline.rehearsal.elsewhere import lead_elsewhere
from hotline.rehearsal.exchange import Exchange, Media
from hotline.rehearsal.gaps import Gaps
from hotline.rehearsal.lists import BadDate, keep_asked_for, make_page
from hotline.rehearsal.media import fetch_file, is_there, serve_sound
from hotline.rehearsal.shapes import show_call, show_media, show_recording, show_text
from hotline.rehearsal.texts import Stopped, text_out

api = Blueprint("rest", __name__, url_prefix="/2010-04-01/Accounts/<account>")
account = Blueprint("account", __name__, url_prefix="/2010-04-01/Accounts")


def exchange() -> Exchange:
    found: Exchange = current_app.extensions["exchange"]
    return found


def gaps() -> Gaps:
    return exchange().config.gaps


@account.get("/<account>.json")
def show_account() -> ResponseReturnValue:
    return jsonify(sid=exchange().config.account_sid, status="active", type="Full")


@account.url_value_preprocessor
@api.url_value_preprocessor
def _forget_account(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    request.environ["rehearsal.account"] = (values or {}).pop("account", "")


@account.before_request
@api.before_request
def _check_credentials() -> ResponseReturnValue | None:
    config, given = exchange().config, request.authorization
    right = (
        given is not None
        and compare_digest(given.username or "", config.account_sid)
        and compare_digest(given.password or "", config.auth_token)
    )
    if not right and not (gaps().media_elsewhere and request.endpoint == "rest.media"):
        return _error(401, 20003, "Authenticate")
    if request.environ["rehearsal.account"] != config.account_sid:
        return _not_found()
    exchange().address = request.host_url.rstrip("/")
    return None


@api.errorhandler(BadDate)
def _refuse_date(_bad: BadDate) -> ResponseReturnValue:
    return _error(400, 20001, "A date is YYYY-MM-DD or a moment as ISO 8601 writes it")


@api.get("/IncomingPhoneNumbers.json")
def numbers() -> ResponseReturnValue:
    wanted = request.args.get("PhoneNumber")
    found = [
        {"phone_number": number, "account_sid": exchange().config.account_sid, **leads}
        for number, leads in exchange().numbers.items()
        if wanted in (None, number)
    ]
    return jsonify(make_page("incoming_phone_numbers", found))


@api.get("/Recordings/<sid>")
@api.get("/Recordings/<sid>.<any(wav, mp3):ending>")
def media(sid: str, ending: str = "wav") -> ResponseReturnValue:
    found, faults = exchange().recordings.get(sid), exchange().faults
    if found is None or not is_there(found, faults):
        return _not_found()
    if faults.media_status:
        return _error(faults.media_status, 20500, "misbehaving")
    if gaps().media_elsewhere:
        return lead_elsewhere(f"{sid}.wav")
    return serve_sound(found, ending, faults)


@api.get("/Recordings/<sid>.json")
def recording(sid: str) -> ResponseReturnValue:
    found = exchange().recordings.get(sid)
    return jsonify(show_recording(exchange(), found)) if found else _not_found()


@api.delete("/Recordings/<sid>.json")
@api.delete("/Recordings/<sid>")
def delete_recording(sid: str) -> ResponseReturnValue:
    if gaps().keeps_recordings:
        return _not_found()
    with exchange().lock:
        found = exchange().recordings.pop(sid, None)
    return ("", 204) if found else _not_found()


@api.get("/Recordings.json")
def recordings() -> ResponseReturnValue:
    with exchange().lock:
        found = list(reversed(exchange().recordings.values()))
    wanted = _asked("CallSid")
    found = [one for one in found if wanted in (None, one.call_sid)]
    if not gaps().no_filters:
        found = keep_asked_for(found, "DateCreated", lambda one: one.made_at)
    return jsonify(make_page("recordings", [show_recording(exchange(), one) for one in found]))


@api.post("/Calls.json")
def make_call() -> ResponseReturnValue:
    try:
        made = dial(exchange(), request.form, request.form.getlist("StatusCallbackEvent"))
    except BadCall as bad:
        return _error(400, bad.code, str(bad))
    return jsonify(show_call(exchange(), made)), 201


@api.get("/Calls/<sid>.json")
def call(sid: str) -> ResponseReturnValue:
    found = exchange().calls.get(sid)
    return jsonify(show_call(exchange(), found)) if found else _not_found()


@api.post("/Calls/<sid>.json")
def end_call(sid: str) -> ResponseReturnValue:
    found = exchange().calls.get(sid)
    if found is None:
        return _not_found()
    if request.form.get("Status") in ("completed", "canceled"):
        found.end()
    return jsonify(show_call(exchange(), found))


@api.get("/Calls.json")
def calls() -> ResponseReturnValue:
    with exchange().lock:
        found = list(reversed(exchange().calls.values()))
    to, from_, status = (_asked(name) for name in ("To", "From", "Status"))
    found = [
        one
        for one in found
        if to in (None, one.to) and from_ in (None, one.from_) and status in (None, one.status)
    ]
    if not gaps().no_filters:
        found = keep_asked_for(found, "StartTime", lambda one: one.made_at)
    return jsonify(make_page("calls", [show_call(exchange(), one) for one in found]))


@api.post("/Messages.json")
def send() -> ResponseReturnValue:
    form = request.form
    if not all(form.get(name) for name in ("From", "To", "Body")):
        return _error(400, 21604, "A 'From', a 'To' and a 'Body' are required")
    if not form["To"].startswith("+"):
        return _error(400, 21211, "The 'To' number is not a valid phone number")
    try:
        files = [fetch_file(address) for address in form.getlist("MediaUrl")]
    except requests.RequestException:
        return _error(400, 21620, "Invalid media URL(s)")
    try:
        text = text_out(exchange(), form["From"], form["To"], form["Body"], form.get("StatusCallback"), files)
    except Stopped:
        return _error(400, 21610, "Attempt to send to unsubscribed recipient")
    return jsonify(show_text(exchange(), text)), 201


@api.get("/Messages.json")
def messages() -> ResponseReturnValue:
    with exchange().lock:
        found = list(reversed(exchange().texts.values()))
    to, from_ = _asked("To"), _asked("From")
    found = [one for one in found if to in (None, one.to) and from_ in (None, one.from_)]
    if not gaps().no_filters:
        found = keep_asked_for(found, "DateSent", lambda one: one.sent_at)
    return jsonify(make_page("messages", [show_text(exchange(), one) for one in found]))


@api.get("/Messages/<sid>.json")
def message(sid: str) -> ResponseReturnValue:
    found = exchange().texts.get(sid)
    return jsonify(show_text(exchange(), found)) if found else _not_found()


@api.get("/Messages/<text_sid>/Media.json")
def list_media(text_sid: str) -> ResponseReturnValue:
    if gaps().no_mms or text_sid not in exchange().texts:
        return _not_found()
    held = [show_media(exchange(), one) for one in exchange().media_of(text_sid)]
    return jsonify(make_page("media_list", held))


@api.get("/Messages/<text_sid>/Media/<sid>.json")
def show_one_media(text_sid: str, sid: str) -> ResponseReturnValue:
    found = _media_of(text_sid, sid)
    return jsonify(show_media(exchange(), found)) if found else _not_found()


@api.get("/Messages/<text_sid>/Media/<sid>")
def media_of_text(text_sid: str, sid: str) -> ResponseReturnValue:
    """As at Twilio, its bytes lie on another host."""
    found, faults = _media_of(text_sid, sid), exchange().faults
    if found is None or not is_there(found, faults):
        return _not_found()
    if faults.media_status:
        return _error(faults.media_status, 20500, "misbehaving")
    return lead_elsewhere(f"media/{sid}")


@api.delete("/Messages/<text_sid>/Media/<sid>.json")
def delete_media(text_sid: str, sid: str) -> ResponseReturnValue:
    if gaps().keeps_media:
        return _not_found()
    with exchange().lock:
        found = _media_of(text_sid, sid)
        if found:
            del exchange().media[sid]
    return ("", 204) if found else _not_found()


def _media_of(text_sid: str, sid: str) -> Media | None:
    found = exchange().media.get(sid)
    return found if found and found.text_sid == text_sid else None


def _asked(name: str) -> str | None:
    """What a list is asked for, by a carrier that filters."""
    return None if gaps().no_filters else request.args.get(name)


def _not_found() -> ResponseReturnValue:
    return _error(404, 20404, f"The requested resource {request.path} was not found")


def _error(status: int, code: int, message: str) -> ResponseReturnValue:
    more = f"https://www.twilio.com/docs/errors/{code}"
    if gaps().no_codes:
        return jsonify(message=message, status=status), status
    return jsonify(code=code, message=message, more_info=more, status=status), status
