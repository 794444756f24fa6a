"""The Record verb: a tone, the caller's words, and who is told of them."""

import queue
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from hotline.rehearsal.exchange import HungUp
from hotline.rehearsal.sound import RATE, is_silent, seconds_of, silence_at_end, to_wav, until_silence
from hotline.rehearsal.twiml import Onward, Verb
from hotline.rehearsal.webhook import NoAnswer

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call

TICK = 0.02  # seconds between looks at what the caller does


def record(call: "Call", verb: Verb) -> Onward | None:
    """Record; the answer is where to go on, or nothing where the caller said nothing (it falls through).

    With `record_acts` silence is a recording as any other, and the action is told less of it.

    Who hangs up while recording has left what they said: the action and the callbacks tell of it.
    """
    most, silence = verb.number("maxLength", 3600), verb.number("timeout", 5)
    finish = verb.attributes.get("finishOnKey", "1234567890*#")
    sid = call.exchange.new_sid("RE")
    gaps = call.exchange.config.gaps
    told = {"RecordingSid": sid, "RecordingUrl": f"{call.exchange.account_url}/Recordings/{sid}"}
    call.note("rec", "Record", f"Tone; records up to {most} s, ended by {finish} or {silence} s of silence")
    call.wait_for({"for": "voice", "seconds": silence})
    _call_back(call, verb, "in-progress", told)
    samples, ended_by = _listen(call, most, silence, finish)
    call.wait_for({})
    if is_silent(samples) and not gaps.record_acts:
        call.note("mic", "Record", "Nothing was said: goes on without a recording")
        _call_back(call, verb, "absent", told | {"RecordingDuration": "0"})
        if ended_by == "hangup":
            raise HungUp
        return None
    lasted = int(seconds_of(samples)) if gaps.record_acts else max(1, round(seconds_of(samples)))
    kept = call.exchange.keep_recording(call.sid, to_wav(samples), lasted, sid)
    call.note("check", "Record", f"Has recorded {kept.seconds} s", f"ended by {ended_by or 'silence'}")
    told |= {"RecordingDuration": str(kept.seconds)}
    _call_back(call, verb, "completed", told)
    more = told | {"Digits": ended_by}
    if gaps.record_acts:
        more = {name: more[name] for name in ("RecordingUrl", "RecordingDuration")}
    onward = Onward(verb.attributes.get("action", ""), verb.method(), more)
    if ended_by == "hangup":
        _tell_of_hang_up(call, onward)
    return onward


def _listen(call: "Call", most: int, silence: int, finish: str) -> tuple[bytes, str]:
    """What is said until a key, silence, the longest time or the end of the call; and the key, or "hangup"."""
    if call.script is not None:
        return _listen_to_script(call.script.sound or b"", call.script.hang_up, most, silence, finish)
    samples = b""
    quiet_until = call.until(silence)
    while seconds_of(samples) < most:
        if call.talking:
            quiet_until = call.until(silence)
        try:
            samples += call.sounds.get(timeout=TICK)
        except queue.Empty:
            pass
        else:
            samples, fell_silent = until_silence(samples, silence)
            if fell_silent:
                break
            quiet_until = call.until(silence - silence_at_end(samples))
            continue
        if call.gone and not call.talking:
            return samples, "hangup"
        if not call.talking and not call.keys.empty() and (key := call.keys.get_nowait()) in finish:
            return samples, key
        if time.monotonic() > quiet_until:
            break
    return samples[: most * RATE * 2], ""


def _listen_to_script(sound: bytes, hang_up: str, most: int, silence: int, finish: str) -> tuple[bytes, str]:
    samples, fell_silent = until_silence(sound[: most * RATE * 2], silence)
    if fell_silent:
        return samples, ""
    return samples, "hangup" if hang_up == "recording" else finish[:1]


def _call_back(call: "Call", verb: Verb, status: str, told: dict[str, str]) -> None:
    url = verb.attributes.get("recordingStatusCallback")
    wanted = verb.attributes.get("recordingStatusCallbackEvent", "completed").split()
    if call.exchange.config.gaps.only_completed:
        wanted = ["completed"]
    if not url or status not in wanted or call.exchange.faults.never_complete:
        return
    more = {"RecordingStatus": status, "RecordingSource": "RecordVerb", "RecordingChannels": "1"}
    call.tell(url, told | more, verb.method("recordingStatusCallbackMethod"))


def _tell_of_hang_up(call: "Call", onward: Onward) -> None:
    """The action is asked once more, and nobody listens to its answer."""
    call.status = "completed"
    with suppress(NoAnswer):
        call.ask(onward)
    raise HungUp
