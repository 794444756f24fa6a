"""A Turn as TwiML, the only place that knows it.

A document is built once for what it plays and waits for; the position, which differs from call to
call, is put in its place afterwards.

Kept to what every known carrier runs (VERBS, hotline/carrier/known): no Pause, Play only, numDigits or `#`,
absolute addresses. Whom a carrier cannot ask for a key first (its profile) is not rung by Dial at all.
What follows Gather and Record in the document is a way of its own, for carriers that fall through.
"""

from collections.abc import Sequence
from functools import lru_cache

from twilio.twiml.voice_response import Dial as DialVerb
from twilio.twiml.voice_response import Gather as GatherVerb
from twilio.twiml.voice_response import Hangup, Reject, VoiceResponse

from hotline.flow.turn import Dial, Gather, Record, Turn, Wait

HERE = "at-this-position"  # stands in a document for the position's query
EMPTY = str(VoiceResponse())
GOODBYE = str(VoiceResponse().append(Hangup()))
MOST_PHONES = 10  # Twilio, "Number": simultaneous dialling
BUSY = str(VoiceResponse().append(Reject(reason="busy")))  # unanswered: it costs nobody anything
EVENTS = "in-progress completed absent"
DOOR = "/voice"
Own = tuple[tuple[int, str], ...]  # (after so many sounds, address of what one caller alone hears), in order
VERBS = frozenset(
    {"Play", "Gather", "Record", "Dial", "Number", "Redirect", "Reject", "Hangup"}
)  # all that is written


def write_twiml(
    turn: Turn,
    public_url: str,
    sounds: tuple[str, ...],
    own: Own = (),
    events: str = EVENTS,
    door: str = DOOR,
) -> str:
    """The document of a Turn; `sounds` are the names of what it plays, in order.

    `own` is what one caller alone hears; `events` is what this carrier
    can tell of a recording; `door` is where it goes on.
    """
    heard = [f"{public_url}/prompts/{name}.wav" for name in sounds]
    for after, address in reversed(own):
        heard.insert(after, address)
    build = _built if own else _document  # what one caller alone hears is not remembered
    document = build(public_url, tuple(heard), turn.wait, events, door)
    return document.replace(HERE, turn.position.to_query().replace("&", "&amp;"))


def put_through(
    public_url: str,
    phones: Sequence[str],
    caller_id: str,
    wait: Dial,
    after: str,
    sounds: tuple[str, ...] = (),
) -> str:
    """Ring all these phones; who presses the key first has the call. Numbers are hidden both ways.

    `after` is the query of where the call goes on when nobody took it, or when they have talked.
    """
    response = VoiceResponse()
    for name in sounds:
        response.play(f"{public_url}/prompts/{name}.wav")
    dial = DialVerb(
        action=f"{public_url}/voice/dialled?{after}", method="POST", timeout=wait.seconds, caller_id=caller_id,
        answer_on_bridge=True,
    )  # fmt: skip
    for phone in phones[:MOST_PHONES]:
        dial.number(phone, url=f"{public_url}/voice/accept", method="POST")
    response.append(dial)
    return str(response)


def ask_for_key(public_url: str, sound: str, leads_to: str, seconds: int) -> str:
    """Whoever answers a call of ours hears this and presses a key, which goes to `leads_to`; else it is rung off."""
    response = VoiceResponse()
    gather = GatherVerb(
        action=public_url + leads_to, method="POST", num_digits=1, timeout=seconds, finish_on_key=""
    )
    gather.play(f"{public_url}/prompts/{sound}.wav")
    response.append(gather)
    response.hangup()
    return str(response)


def play_and_hang_up(public_url: str, sound: str) -> str:
    """Last words."""
    return _document(public_url, (f"{public_url}/prompts/{sound}.wav",), None)


def _built(
    public_url: str, heard: tuple[str, ...], wait: Wait | None, events: str = EVENTS, door: str = DOOR
) -> str:
    response, here = VoiceResponse(), public_url + door
    match wait:
        case Gather(seconds=seconds, digits=digits):
            step = f"{here}/step?{HERE}"
            gather = GatherVerb(
                action=step,
                method="POST",
                num_digits=digits or None,
                timeout=seconds,
                finish_on_key="" if digits else "#",
                action_on_empty_result=True,
            )
            for sound in heard:
                gather.play(sound)
            response.append(gather)
            response.redirect(step, method="POST")
        case Record(seconds=seconds, silence=silence):
            for sound in heard:
                response.play(sound)
            response.record(
                action=f"{here}/recorded?{HERE}",
                method="POST",
                max_length=seconds,
                timeout=silence,
                finish_on_key="#",
                trim="do-not-trim",
                play_beep=True,
                recording_status_callback=f"{here}/recording?{HERE}",
                recording_status_callback_method="POST",
                recording_status_callback_event=events,
            )
            response.redirect(f"{here}/unrecorded?{HERE}", method="POST")
        case _:
            for sound in heard:
                response.play(sound)
            response.hangup()
    return str(response)


_document = lru_cache(maxsize=2048)(_built)
