"""Where a carrier with `media_elsewhere` keeps its sounds: another host, which asks nobody who they are.

On one machine 127.0.0.1 and localhost are two hosts.
"""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from hotline.rehearsal.exchange import Exchange
from hotline.rehearsal.media import is_there, serve_sound

HERE, THERE = "127.0.0.1", "localhost"
bucket = Blueprint("bucket", __name__, url_prefix="/bucket")


def lead_elsewhere(sid: str) -> Response:
    """The answer that sends who asks to the other host."""
    parts = urlsplit(request.host_url)
    host = HERE if parts.hostname == THERE else THERE
    answer = redirect(f"{parts.scheme}://{host}:{parts.port}/bucket/{sid}.wav")
    assert isinstance(answer, Response)
    return answer


@bucket.get("/<sid>.wav")
def sound(sid: str) -> ResponseReturnValue:
    """The sound, as well or badly as the faults say. Credentials are none of this host's business: a fault of ours."""
    exchange: Exchange = current_app.extensions["exchange"]
    found = exchange.recordings.get(sid)
    if request.authorization is not None:
        abort(400)
    if found is None or not is_there(found, exchange.faults):
        abort(404)
    return serve_sound(found, "wav", exchange.faults)
