"""The verbs that only sound: Play, Say, Pause."""

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import requests

from hotline.rehearsal.sound import name_of, wav_seconds
from hotline.rehearsal.twiml import Verb

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call

WORD = 0.35  # seconds that a spoken word takes
ENDLESS = 1000  # times: what loop="0" means (Twilio, "Play")


def play(call: "Call", verb: Verb, *, barge_in: bool = False) -> None:
    """Let it sound as often as it says, until a key where `barge_in`. Raises: HungUp."""
    times = 1
    match verb.name:
        case "Play":
            times = verb.number("loop", 1) or ENDLESS
            seconds, told = _fetch(call, call.resolve(verb.text))
            call.note("volume", "Play", "Plays", **told)
        case "Say":
            times = verb.number("loop", 1) or ENDLESS
            seconds = WORD * len(verb.text.split())
            call.note("volume", "Say", "Says", verb.text)
        case _:
            seconds = float(verb.number("length", 1))
            call.note("clock", "Pause", f"Is silent for {seconds:.0f} s")
    call.pass_time(seconds * times, barge_in=barge_in)


def _fetch(call: "Call", address: str) -> tuple[float, dict[str, Any]]:
    """The sound, and what the hotline says of it in rehearsal."""
    try:
        answer = requests.get(address, timeout=(5, 15))
    except requests.RequestException:
        return 0.0, {"detail": "the sound cannot be fetched"}
    if answer.status_code != 200:
        return 0.0, {"detail": f"the sound's status is {answer.status_code}"}
    name = name_of(answer.content)
    call.exchange.sounds.setdefault(name, answer.content)
    seconds = wav_seconds(answer.content)
    return seconds, {
        "sound": name,
        "seconds": round(seconds, 1),
        "prompt": answer.headers.get("X-Prompt", ""),
        "language": answer.headers.get("Content-Language", ""),
        "words": unquote(answer.headers.get("X-Prompt-Text", "")),
        "meaning": unquote(answer.headers.get("X-Prompt-Meaning", "")),
        "placeholder": answer.headers.get("X-Prompt-Placeholder") == "1",
    }
