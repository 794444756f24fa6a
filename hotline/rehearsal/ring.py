"""Ring a phone that the hotline calls. A person answers it, where one has it; else it does as it is set to."""

import time
from typing import TYPE_CHECKING

from hotline.rehearsal.exchange import HungUp

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call

ANSWERS = ("answers", "busy", "no-answer")
RINGING = 2.0  # seconds until somebody answers
SAYS = {"busy": "Is busy", "no-answer": "Nobody answers"}


def ring(call: "Call") -> bool:
    """Whether somebody answers; where nobody does, the call's status says why."""
    try:
        call.pass_time(call.exchange.queue_call())
    except HungUp:
        call.status = "canceled"
        raise
    call.tell_status("initiated")
    call.status = "ringing"
    call.note("call-in", "", f"Rings {call.to}")
    call.tell_status("ringing")
    try:
        how = _what_happens(call)
    except HungUp:
        call.status = "canceled"
        raise
    if how == "answers":
        return True
    call.status = how
    call.note("hangup", "", SAYS[how])
    return False


def _what_happens(call: "Call") -> str:
    """One of ANSWERS, once it has rung. Raises: HungUp."""
    ends = call.handling.ring_seconds
    how = call.exchange.answers.get(call.to)
    if how is None and call.exchange.lies_here(call.to):
        engaged = call.exchange.calls_at(call.to)[0] is not call
        return "busy" if engaged else _wait_for_person(call, ends)
    call.pass_time(ends if how == "no-answer" else min(RINGING, ends))
    return how or "answers"


def _wait_for_person(call: "Call", seconds: float) -> str:
    """What they do. Raises: HungUp."""
    until = call.until(seconds)
    while not call.chosen and time.monotonic() < until:
        call.check_gone()
        time.sleep(0.05)
    return call.chosen or "no-answer"
