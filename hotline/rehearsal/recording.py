"""The Record verb: a tone, the caller's words, and who is told of them."""

import queue
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from hotline.rehearsal.exchange import HungUp, new_sid
from hotline.rehearsal.sound import RATE, seconds_of, to_wav
from hotline.rehearsal.twiml import Verb
from hotline.rehearsal.webhook import NoAnswer

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call

TICK = 0.02  # seconds between looks at what the caller does


def record(call: "Call", verb: Verb) -> tuple[str, dict[str, str]] | None:
    """Record; the answer is where to go on, or nothing where the caller said nothing (it falls through).

    Who hangs up while recording has left what they said: the action and the callbacks tell of it.
    """
    most, silence = verb.number("maxLength", 3600), verb.number("timeout", 5)
    finish = verb.attributes.get("finishOnKey", "1234567890*#")
    sid = new_sid("RE")
    call.note("rec", "Record", f"Tone; records up to {most} s, ended by {finish} or {silence} s of silence")
    call.wait_for({"for": "voice", "seconds": silence})
    samples, ended_by = _listen(call, most, silence, finish)
    call.wait_for({})
    if not samples:
        call.note("mic", "Record", "Nothing was said: goes on without a recording")
        call.check_gone()
        return None
    kept = call.exchange.keep_recording(call.sid, to_wav(samples), max(1, round(seconds_of(samples))), sid)
    call.note("check", "Record", f"Has recorded {kept.seconds} s", f"ended by {ended_by or 'silence'}")
    base = f"/2010-04-01/Accounts/{call.exchange.config.account_sid}/Recordings/{sid}"
    told = {
        "RecordingSid": sid,
        "RecordingUrl": urljoin("http://127.0.0.1", base),
        "RecordingDuration": str(kept.seconds),
    }
    _call_back(call, verb, told)
    onward = verb.attributes.get("action", "/voice/incoming"), told | {"Digits": ended_by}
    if ended_by == "hangup":
        _tell_of_hang_up(call, *onward)
    return onward


def _listen(call: "Call", most: int, silence: int, finish: str) -> tuple[bytes, str]:
    """Gather what is said until a key, silence, the longest time or the end of the call."""
    samples, ended_by = b"", ""
    if call.script is not None:
        samples = call.script.sound or b""
        return samples[: most * RATE * 2], "hangup" if call.script.hang_up == "recording" else finish[:1]
    quiet_until = call.until(silence)
    while seconds_of(samples) < most:
        if call.talking:
            quiet_until = call.until(silence)
        try:
            samples += call.sounds.get(timeout=TICK)
            quiet_until = call.until(silence)
            continue
        except queue.Empty:
            pass
        if call.gone and not call.talking:
            ended_by = "hangup"
            break
        if not call.keys.empty() and call.keys.get_nowait() in finish and not call.talking:
            ended_by = finish[:1]
            break
        if time.monotonic() > quiet_until:
            break
    return samples[: most * RATE * 2], ended_by


def _call_back(call: "Call", verb: Verb, told: dict[str, str]) -> None:
    url = verb.attributes.get("recordingStatusCallback")
    wanted = verb.attributes.get("recordingStatusCallbackEvent", "completed").split()
    if not url or call.exchange.faults.never_complete:
        return
    for status in ("in-progress", "completed"):
        if status in wanted:
            call.tell(
                url,
                told | {"RecordingStatus": status, "RecordingSource": "RecordVerb", "RecordingChannels": "1"},
            )


def _tell_of_hang_up(call: "Call", url: str, more: dict[str, str]) -> None:
    """The action is asked once more, and nobody listens to its answer."""
    call.status = "completed"
    with suppress(NoAnswer):
        call.ask(url, more)
    raise HungUp
