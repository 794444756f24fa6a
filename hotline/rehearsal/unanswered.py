"""A call to a line that is never answered, and so costs its caller nothing."""

from typing import TYPE_CHECKING

from hotline.rehearsal.ring import RINGING
from hotline.rehearsal.twiml import Verb

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call


def stays_unanswered(call: "Call", verbs: tuple[Verb, ...]) -> bool:
    """Whether the first document rejects the call, or its caller has rung once only. Raises: HungUp."""
    if call.direction != "inbound":
        return False
    if verbs and verbs[0].name == "Reject":  # only there does it come in time (Twilio, "Reject")
        is_busy = verbs[0].attributes.get("reason") == "busy"
        call.status = "busy" if is_busy else "no-answer"
        call.note("hangup", "Reject", "Plays the busy tone" if is_busy else "Says that nobody is there")
        return True
    if call.script is not None and call.script.hang_up == "ring":
        call.status = "ringing"
        call.pass_time(RINGING)
        call.note("hangup", "", "The caller hangs up before it is answered")
        call.status = "no-answer"
        return True
    return False
