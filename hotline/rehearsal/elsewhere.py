"""Where every carrier keeps what comes with texts, and one with `media_elsewhere` its sounds: another host, which asks
nobody who they are.

On one machine 127.0.0.1 and localhost are two hosts.
"""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from hotline.rehearsal.exchange import Exchange
from hotline.rehearsal.media import is_there, serve_bytes, serve_sound

HERE, THERE = "127.0.0.1", "localhost"
bucket = Blueprint("bucket", __name__, url_prefix="/bucket")


def lead_elsewhere(name: str) -> Response:
    """The answer that sends who asks for this file to the other host."""
    parts = urlsplit(request.host_url)
    host = HERE if parts.hostname == THERE else THERE
    answer = redirect(f"{parts.scheme}://{host}:{parts.port}/bucket/{name}")
    assert isinstance(answer, Response)
    return answer


@bucket.before_request
def _is_nobody() -> None:
    """Credentials are none of this host's business: a fault of ours."""
    if request.authorization is not None:
        abort(400)


@bucket.get("/<sid>.wav")
def sound(sid: str) -> ResponseReturnValue:
    """The sound, as well or badly as the faults say."""
    found, faults = _exchange().recordings.get(sid), _exchange().faults
    if found is None or not is_there(found, faults):
        abort(404)
    return serve_sound(found, "wav", faults)


@bucket.get("/media/<sid>")
def media(sid: str) -> ResponseReturnValue:
    """What came with a text, likewise."""
    found, faults = _exchange().media.get(sid), _exchange().faults
    if found is None or not is_there(found, faults):
        abort(404)
    return serve_bytes(found.body, found.type, faults)


def _exchange() -> Exchange:
    exchange: Exchange = current_app.extensions["exchange"]
    return exchange
