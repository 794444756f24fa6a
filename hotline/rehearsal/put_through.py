"""The Dial verb: phones ring at once, who presses the key has the call (Twilio: Dial, Number with url)."""

from typing import TYPE_CHECKING

from hotline.rehearsal.ring import RINGING
from hotline.rehearsal.twiml import Onward, Verb, read_twiml

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call

TALK = 5.0  # seconds that they talk


def put_through(call: "Call", verb: Verb) -> Onward:
    """Ring each number; the answer is the verb's action, told how it went. Raises: HungUp, NoAnswer, BadDocument."""
    blind = (
        call.exchange.config.gaps.no_whisper
    )  # a Number's url is not looked at: a voicemail takes the call
    phones = [(one.text, "" if blind else one.attributes.get("url", "")) for one in verb.nested]
    phones = phones or [(verb.text, "")]
    waits = verb.number("timeout", 30)
    answering = [phone for phone in phones if call.exchange.answers.get(phone[0], "no-answer") == "answers"]
    call.note("call-in", "Dial", f"Rings {', '.join(number for number, _ in phones)} for {waits} s")
    call.pass_time(min(RINGING, waits) if answering else waits)
    taken = next((number for number, url in answering if not url or _accepts(call, number, url)), None)
    if taken is None:
        call.note("hangup", "Dial", "Nobody takes the call")
        told = {"DialCallStatus": "no-answer", "DialBridged": "false"}
    else:
        call.note("people", "Dial", f"{taken} takes the call; they talk for {TALK:.0f} s")
        call.pass_time(TALK)
        told = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": str(round(TALK))}
    if blind:
        del told["DialBridged"]
    told["DialCallSid"] = call.exchange.new_sid("CA")
    return Onward(verb.attributes.get("action", ""), verb.method(), told)


def _accepts(call: "Call", number: str, url: str) -> bool:
    """Whether who answers there presses the key that is asked for."""
    leg = {
        "CallSid": call.exchange.new_sid("CA"),
        "ParentCallSid": call.sid,
        "To": number,
        "Direction": "outbound-dial",
    }
    verbs = read_twiml(call.ask(Onward(url, more=leg)).body)
    pressed = call.exchange.presses.get(number, "")
    gather = next((one for one in verbs if one.name == "Gather"), None)
    if gather is None:
        return not any(one.name == "Hangup" for one in verbs)
    if not pressed:
        return False
    after = call.ask(Onward(gather.attributes.get("action", ""), gather.method(), leg | {"Digits": pressed}))
    return not any(one.name == "Hangup" for one in read_twiml(after.body))
