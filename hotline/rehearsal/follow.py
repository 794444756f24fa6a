"""Run a call: ask, do what the answer says, ask again, until somebody hangs up."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hotline.rehearsal.exchange import HungUp
from hotline.rehearsal.gather import gather
from hotline.rehearsal.play import play
from hotline.rehearsal.put_through import put_through
from hotline.rehearsal.recording import record
from hotline.rehearsal.ring import ring
from hotline.rehearsal.twiml import BadDocument, Onward, Verb, read_twiml
from hotline.rehearsal.unanswered import stays_unanswered
from hotline.rehearsal.webhook import Answer, NoAnswer

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call

MOST_STEPS = 200


def run_call(call: "Call") -> None:
    """From the first ring to the last callback."""
    try:
        if call.direction == "inbound" or ring(call):
            call.status = "in-progress"
            call.tell_status("answered")
            _follow(call)
    except HungUp:
        call.note("hangup", "Hangup", "The caller hangs up")
    finally:
        if call.status in ("in-progress", "ringing"):
            call.status = "completed"
        call.ended_at = datetime.now(UTC)
        call.wait_for({})
        lasted = {"CallDuration": str(call.seconds()), "Duration": "1"} if call.status == "completed" else {}
        call.tell_status("completed", lasted)


def _follow(call: "Call") -> None:
    """Ask and do, until a document ends the call or ends."""
    verbs = _document(call, call.handling.first)
    if stays_unanswered(call, verbs):
        return
    for _ in range(MOST_STEPS):
        onward = _perform(call, verbs)
        if onward is None:
            call.note("hangup", "Hangup", "The call ends")
            return
        verbs = _document(call, onward)


def _document(call: "Call", onward: Onward) -> tuple[Verb, ...]:
    """The hotline's answer; where it fails, the fallback's."""
    try:
        answer = call.ask(onward)
        call.note("call-in", "", "Asks the hotline what to do", _how(answer))
        call.document = answer.url
        return _read(call, answer)
    except (NoAnswer, BadDocument) as failed:
        asked = getattr(failed, "url", call.resolve(onward.url))
        call.note("offline", "", "Has no answer it can use, and asks the fallback", str(failed))
        fallback = {"ErrorCode": str(failed.code), "ErrorUrl": asked}
    if not call.handling.fallback or call.exchange.config.gaps.no_fallback:
        return (Verb("Hangup"),)
    try:
        answer = call.ask(Onward(call.handling.fallback, more=fallback))
        call.document = answer.url
        return _read(call, answer)
    except (NoAnswer, BadDocument) as failed:
        call.note("offline", "", "The fallback does not answer either", str(failed))
        return (Verb("Hangup"),)


def _read(call: "Call", answer: Answer) -> tuple[Verb, ...]:
    """Raises: BadDocument."""
    return read_twiml(answer.body, few=call.exchange.config.gaps.few_verbs)


def _perform(call: "Call", verbs: tuple[Verb, ...]) -> Onward | None:
    """Do each verb in turn; the answer is where to ask next, or nothing where the call ends."""
    for verb in verbs:
        match verb.name:
            case "Gather":
                if onward := gather(call, verb):
                    return onward
            case "Record":
                if onward := record(call, verb):
                    return onward
            case "Redirect":
                call.note("right", "Redirect", "Goes on")
                return Onward(verb.text, verb.method())
            case "Dial":
                return put_through(call, verb)
            case "Hangup" | "Reject":
                return None
            case _:
                play(call, verb)
    return None


def _how(answer: Answer) -> str:
    path = answer.url.partition("://")[2].partition("/")[2].partition("?")[0]
    return f"{answer.method} /{path}, signed, answered in {answer.took_ms} ms"
