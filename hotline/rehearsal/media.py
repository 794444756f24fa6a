"""The sound of a recording, or what comes with a text: fetched from who sends it, served well or badly."""

import time
from collections.abc import Iterator

import requests
from flask import Response

from hotline.rehearsal.config import Faults
from hotline.rehearsal.exchange import Media, Recording
from hotline.rehearsal.sound import to_mp3

PATIENCE = 5  # seconds


def is_there(found: Recording | Media | None, faults: Faults) -> bool:
    """Whether its bytes can be had yet."""
    return found is not None and time.monotonic() - found.ready_at >= faults.media_missing_s


def fetch_file(address: str) -> tuple[str, bytes]:
    """(type, bytes) of what a text is sent with (Twilio, "Messages": MediaUrl). Raises: requests.RequestException."""
    answer = requests.get(address, timeout=PATIENCE)
    answer.raise_for_status()
    return answer.headers.get("Content-Type", ""), answer.content


def serve_sound(found: Recording, ending: str, faults: Faults) -> Response:
    """As WAV, or as MP3 where asked for."""
    if ending == "mp3":
        return serve_bytes(to_mp3(found.wav), "audio/mpeg", faults)
    return serve_bytes(found.wav, "audio/x-wav", faults)


def serve_bytes(body: bytes, kind: str, faults: Faults) -> Response:
    """Whatever goes wrong with the bytes, their length is announced."""
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
