"""The telephone: what its page, the terminal and tests do, as a small JSON API."""

import re
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from hotline.rehearsal.call import Call, Script
from hotline.rehearsal.exchange import Text
from hotline.rehearsal.rest import exchange
from hotline.rehearsal.ring import ANSWERS
from hotline.rehearsal.sound import NoSound, to_telephone
from hotline.rehearsal.texts import text_in

pages = Blueprint("phone", __name__)
HERE = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)


@pages.before_app_request
def _same_origin() -> ResponseReturnValue | None:
    """No other page in this browser may use the telephone, whatever name it gives this machine.

    The REST API asks for credentials instead.
    """
    if request.blueprint == "rest":
        return None
    if not _is_here(request.headers.get("Host", "")):
        abort(403)
    exchange().address = request.host_url.rstrip("/")
    if request.method in ("GET", "HEAD"):
        return None
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if foreign or (origin is not None and origin.partition("://")[2] != request.host):
        abort(403)
    return None


@pages.get("/")
def page() -> ResponseReturnValue:
    return render_template("phone.html", lines=exchange().config.lines)


@pages.post("/phone/api/calls")
def dial() -> ResponseReturnValue:
    """Form: from, to; for a scripted call also keys (one a wait, comma-separated), hang_up, a file `sound`."""
    form, script = request.form, None
    if "keys" in form:
        given = request.files.get("sound")
        try:
            spoken = to_telephone(given.read()) if given else None
        except NoSound as none:
            return jsonify(why=str(none)), 400
        keys = [key for key in form["keys"].split(",") if key]
        script = Script(keys, spoken, form.get("hang_up", "after"))
    if not form.get("to"):
        return jsonify(why="whom do you call?"), 400
    call = Call(exchange(), form.get("from", ""), form["to"], script)
    call.start()
    return jsonify(sid=call.sid), 201


@pages.get("/phone/api/calls")
def list_calls() -> ResponseReturnValue:
    """Every call, the newest first: who is called back looks here for it."""
    with exchange().lock:
        found = list(reversed(exchange().calls.values()))
    return jsonify(calls=[{"sid": one.sid, "from": one.from_, "to": one.to, "status": one.status,
                           "direction": one.direction} for one in found])  # fmt: skip


@pages.get("/phone/api/calls/<sid>")
def watch(sid: str) -> ResponseReturnValue:
    """What the call's phone shows; 204 where nothing changed since `version`."""
    call = _call(sid)
    if request.args.get("version", type=int) == call.version:
        return Response(status=204)
    with exchange().lock:
        shown: dict[str, Any] = {
            "sid": sid, "status": call.status, "from": call.from_, "to": call.to, "version": call.version,
            "seconds": call.seconds(), "waits": call.waits, "log": list(call.log),
        }  # fmt: skip
    return jsonify(shown)


@pages.post("/phone/api/calls/<sid>/keys")
def press(sid: str) -> ResponseReturnValue:
    _call(sid).press(request.form.get("keys", ""))
    return "", 204


@pages.post("/phone/api/calls/<sid>/talking")
def talk(sid: str) -> ResponseReturnValue:
    """Somebody speaks into the microphone, or has stopped."""
    _call(sid).talking = request.form.get("on") == "1"
    return "", 204


@pages.post("/phone/api/calls/<sid>/sound")
def speak(sid: str) -> ResponseReturnValue:
    """The body is a sound in any format."""
    call = _call(sid)
    call.talking = True  # while it is read, nobody is silent
    try:
        samples = to_telephone(request.get_data())
    except NoSound as none:
        call.talking = False
        return jsonify(why=str(none)), 400
    call.speak(samples)
    call.talking = False
    return "", 204


@pages.post("/phone/api/calls/<sid>/hang-up")
def hang_up(sid: str) -> ResponseReturnValue:
    _call(sid).hang_up()
    return "", 204


@pages.get("/phone/api/sounds/<name>.wav")
def sound(name: str) -> ResponseReturnValue:
    heard = exchange().sounds.get(name)
    return Response(heard, mimetype="audio/wav") if heard else abort(404)


@pages.post("/phone/api/texts")
def text() -> ResponseReturnValue:
    form = request.form
    if not form.get("body") or not form.get("to"):
        return jsonify(why="to whom, and what?"), 400
    return jsonify(sid=text_in(exchange(), form.get("from", ""), form["to"], form["body"]).sid), 201


@pages.get("/phone/api/texts")
def thread() -> ResponseReturnValue:
    return jsonify(texts=[_shown(text) for text in exchange().thread(request.args.get("number", ""))])


@pages.post("/phone/api/faults")
def misbehave() -> ResponseReturnValue:
    """JSON: which faults, and how much of each."""
    wanted = request.get_json(silent=True)
    if not isinstance(wanted, dict):
        return jsonify(why='faults are a JSON object, such as {"twice": true}'), 400
    try:
        exchange().faults.set(wanted)
    except (TypeError, ValueError):
        return jsonify(why="a fault's value is of the wrong kind"), 400
    return "", 204


@pages.post("/phone/api/answers")
def set_answer() -> ResponseReturnValue:
    """Form: a number, how it answers when the hotline calls it, and the key that is pressed there, if any."""
    number, how = request.form.get("number", ""), request.form.get("how", "")
    if not number or how not in ANSWERS:
        return jsonify(why=f"which number, and does it say one of {', '.join(ANSWERS)}?"), 400
    exchange().answers[number] = how
    exchange().presses[number] = request.form.get("press", "")[:1]
    return "", 204


@pages.get("/phone/api/held")
def held() -> ResponseReturnValue:
    """The recordings that the carrier still holds."""
    return jsonify(recordings=sorted(exchange().recordings))


def _is_here(host: str) -> bool:
    """Whether a Host header names this machine: a page's own name for it may lead here, too (rebinding)."""
    return HERE.fullmatch(host) is not None


def _call(sid: str) -> Call:
    return exchange().calls.get(sid) or abort(404)


def _shown(text: Text) -> dict[str, Any]:
    return {
        "sid": text.sid, "body": text.body, "mine": text.inbound, "status": text.status, "by_carrier": text.by_carrier,
        "at": text.at.isoformat(timespec="seconds"),
    }  # fmt: skip
