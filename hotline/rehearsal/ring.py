"""Ring a phone that the hotline calls: its number is set to answer, to be busy, or not to answer."""

from typing import TYPE_CHECKING

from hotline.rehearsal.exchange import HungUp

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call

ANSWERS = ("answers", "busy", "no-answer")
RINGING = 2.0  # seconds until somebody answers


def ring(call: "Call") -> bool:
    """Whether somebody answers; where nobody does, the call's status says why."""
    how = call.exchange.answers.get(call.to, "answers")
    call.tell_status("initiated")
    call.status = "ringing"
    call.note("call-in", "", f"Rings {call.to}")
    call.tell_status("ringing")
    ends = call.handling.ring_seconds
    try:
        call.pass_time(ends if how == "no-answer" else min(RINGING, ends))
    except HungUp:
        call.status = "canceled"
        raise
    if how == "answers":
        return True
    call.status = how
    call.note("hangup", "", "Is busy" if how == "busy" else "Nobody answers")
    return False
