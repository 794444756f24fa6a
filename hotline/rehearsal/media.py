"""The sound of a recording, served well or badly."""

import time
from collections.abc import Iterator

from flask import Response

from hotline.rehearsal.config import Faults
from hotline.rehearsal.exchange import Recording
from hotline.rehearsal.sound import to_mp3


def is_there(found: Recording | None, faults: Faults) -> bool:
    """Whether its sound can be had yet."""
    return found is not None and time.monotonic() - found.ready_at >= faults.media_missing_s


def serve_sound(found: Recording, ending: str, faults: Faults) -> Response:
    """As WAV, or as MP3 where asked for. Whatever goes wrong with the bytes, their length is announced."""
    body = to_mp3(found.wav) if ending == "mp3" else found.wav
    kind = "audio/mpeg" if ending == "mp3" else "audio/x-wav"
    if not (faults.media_slow or faults.media_cut):
        return Response(body, mimetype=kind)
    answer = Response(_send_badly(body, faults.media_cut), mimetype=kind)
    answer.headers["Content-Length"] = str(len(body))
    return answer


def _send_badly(body: bytes, cut: bool) -> Iterator[bytes]:
    if cut:
        yield body[: len(body) // 2]
        raise ConnectionResetError
    for at in range(len(body)):
        yield body[at : at + 1]
        time.sleep(1)
