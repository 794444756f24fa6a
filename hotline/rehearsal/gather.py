"""The Gather verb: words are played, keys are waited for."""

import queue
import time
from typing import TYPE_CHECKING

from hotline.rehearsal.exchange import HungUp
from hotline.rehearsal.play import play
from hotline.rehearsal.twiml import Onward, Verb

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call


def gather(call: "Call", verb: Verb) -> Onward | None:
    """Play and wait; the answer is where to go on, or nothing where no key came (it falls through)."""
    _forget_keys(call)
    scripted = _next_scripted(call)
    for inner in verb.nested:
        if scripted or not call.keys.empty():
            break
        play(call, inner, barge_in=True)
    timeout = verb.number("timeout", 5)
    call.wait_for({"for": "key", "seconds": timeout})
    pressed = scripted or _wait_for_keys(call, verb, timeout)
    call.wait_for({})
    told = f"pressed {pressed}" if pressed else "no key"
    call.note("keyboard", "Gather", f"Waits for a key, {timeout} s", told)
    if not pressed and verb.attributes.get("actionOnEmptyResult") != "true":
        return None
    digits = {"Digits": pressed} if pressed else {}
    return Onward(verb.attributes.get("action", ""), verb.method(), digits | {"msg": "Gather End"})


def _next_scripted(call: "Call") -> str:
    """What a script presses here. Raises: HungUp."""
    if call.script is None:
        return ""
    pressed = call.script.keys.pop(0) if call.script.keys else ""
    if not pressed and call.script.hang_up == "key":
        raise HungUp
    return pressed


def _wait_for_keys(call: "Call", verb: Verb, timeout: int) -> str:
    """The keys, until there are enough, the finishing one comes, or none comes in time."""
    finish, most = verb.attributes.get("finishOnKey", "#"), verb.number("numDigits", 0)
    pressed = ""
    while not (most and len(pressed) >= most):
        key = _wait_for_key(call, timeout)
        if key is None or key == finish:
            break
        pressed += key
    return pressed


def _wait_for_key(call: "Call", seconds: float) -> str | None:
    until = call.until(seconds)
    while (left := until - time.monotonic()) > 0:
        call.check_gone()
        try:
            return call.keys.get(timeout=min(left, 0.05))
        except queue.Empty:
            continue
    return None


def _forget_keys(call: "Call") -> None:
    """Keys pressed while nobody asked are forgotten."""
    while not call.keys.empty():
        call.keys.get_nowait()
