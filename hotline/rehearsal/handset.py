"""What people do in a call, as a small JSON API: for the telephone's page, the terminal and tests."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from hotline.rehearsal.call import Call, Handling, Script
from hotline.rehearsal.rest import exchange
from hotline.rehearsal.sound import NoSound, to_telephone
from hotline.rehearsal.twiml import Onward

calls = Blueprint("handset", __name__)
WITHHELD = "+266696687"  # "anonymous" on a keypad: what the carrier gives for a withheld number


@calls.post("/phone/api/calls")
def dial() -> ResponseReturnValue:
    """Form: from, to, and withheld=1 where the number is not shown.

    For a scripted call also keys (one a wait, comma-separated), hang_up, a file `sound`.
    """
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
    phone = form.get("from", "")
    shown = WITHHELD if form.get("withheld") == "1" else phone
    leads = exchange().leads(form["to"])
    handling = Handling(Onward(leads["voice_url"]), leads["voice_fallback_url"], leads["status_callback"])
    call = Call(exchange(), shown, form["to"], script, phone=phone, handling=handling)
    call.start()
    return jsonify(sid=call.sid), 201


@calls.get("/phone/api/calls")
def list_calls() -> ResponseReturnValue:
    """Every call, the newest first: who is called back looks here for it."""
    with exchange().lock:
        found = list(reversed(exchange().calls.values()))
    return jsonify(calls=[{"sid": one.sid, "from": one.from_, "to": one.to, "status": one.status,
                           "direction": one.direction} for one in found])  # fmt: skip


@calls.get("/phone/api/calls/<sid>")
def watch(sid: str) -> ResponseReturnValue:
    """What the call's phone shows; 204 where nothing changed since `version`."""
    call = _call(sid)
    if request.args.get("version", type=int) == call.version:
        return Response(status=204)
    with exchange().lock:
        shown: dict[str, Any] = {
            "sid": sid, "status": call.status, "from": call.from_, "to": call.to, "version": call.version,
            "seconds": call.seconds(), "direction": call.direction, "over": call.is_over, "waits": call.waits,
            "log": list(call.log),
        }  # fmt: skip
    return jsonify(shown)


@calls.post("/phone/api/calls/<sid>/keys")
def press(sid: str) -> ResponseReturnValue:
    _call(sid).press(request.form.get("keys", ""))
    return "", 204


@calls.post("/phone/api/calls/<sid>/talking")
def talk(sid: str) -> ResponseReturnValue:
    """Somebody speaks into the microphone, or has stopped."""
    _call(sid).talking = request.form.get("on") == "1"
    return "", 204


@calls.post("/phone/api/calls/<sid>/sound")
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


@calls.post("/phone/api/calls/<sid>/answer")
def answer(sid: str) -> ResponseReturnValue:
    _call(sid).answer()
    return "", 204


@calls.post("/phone/api/calls/<sid>/hang-up")
def hang_up(sid: str) -> ResponseReturnValue:
    _call(sid).hang_up()
    return "", 204


@calls.get("/phone/api/sounds/<name>.wav")
def sound(name: str) -> ResponseReturnValue:
    heard = exchange().sounds.get(name)
    return Response(heard, mimetype="audio/wav") if heard else abort(404)


def _call(sid: str) -> Call:
    return exchange().calls.get(sid) or abort(404)
