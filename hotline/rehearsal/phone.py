"""The telephone's page, for this machine's own browser only, and how the carrier is set for it."""

import re

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from hotline.rehearsal.rest import exchange
from hotline.rehearsal.ring import ANSWERS

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


@pages.post("/phone/api/numbers")
def lead() -> ResponseReturnValue:
    """Form: a number that is no line of the hotline's, and whose webhooks are asked of it; none: nobody's any more."""
    number = request.form.get("number", "")
    if not number or number in exchange().config.lines:
        return jsonify(why="which number, that is no line of the hotline's?"), 400
    exchange().lead(number, request.form.get("webhooks", ""))
    return "", 204


@pages.get("/phone/api/held")
def held() -> ResponseReturnValue:
    """The recordings, and what came with texts, that the carrier still holds."""
    return jsonify(recordings=sorted(exchange().recordings), media=sorted(exchange().media))


def _is_here(host: str) -> bool:
    """Whether a Host header names this machine: a page's own name for it may lead here, too (rebinding)."""
    return HERE.fullmatch(host) is not None
