"""A Turn as TwiML, the only place that knows it.

A document is built once for what it plays and waits for; the position, which differs from call to
call, is put in its place afterwards.

Kept to what both Twilio and Somleng run: no Pause, Play only, numDigits or `#`, absolute addresses.
What follows Gather and Record in the document is a way of its own, for carriers that fall through.
"""

from functools import lru_cache

from twilio.twiml.voice_response import Gather as GatherVerb
from twilio.twiml.voice_response import Reject, VoiceResponse

from hotline.flow.turn import Gather, Record, Turn, Wait

HERE = "at-this-position"  # stands in a document for the position's query
EMPTY = str(VoiceResponse())
BUSY = str(VoiceResponse().append(Reject(reason="busy")))  # unanswered: it costs nobody anything
EVENTS = "in-progress completed absent"


def write_twiml(turn: Turn, public_url: str, sounds: tuple[str, ...], first: str = "") -> str:
    """The document of a Turn; `sounds` are the names of what it plays, in order, after the address `first`."""
    heard = tuple(f"{public_url}/prompts/{name}.wav" for name in sounds)
    build = _built if first else _document  # what one caller alone hears is not remembered
    document = build(public_url, (first, *heard) if first else heard, turn.wait)
    return document.replace(HERE, turn.position.to_query().replace("&", "&amp;"))


def _built(public_url: str, heard: tuple[str, ...], wait: Wait | None) -> str:
    response = VoiceResponse()
    match wait:
        case Gather(seconds=seconds, digits=digits):
            step = f"{public_url}/voice/step?{HERE}"
            gather = GatherVerb(
                action=step,
                method="POST",
                num_digits=digits,
                timeout=seconds,
                finish_on_key="",
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
                action=f"{public_url}/voice/recorded?{HERE}",
                method="POST",
                max_length=seconds,
                timeout=silence,
                finish_on_key="#",
                trim="do-not-trim",
                play_beep=True,
                recording_status_callback=f"{public_url}/voice/recording?{HERE}",
                recording_status_callback_method="POST",
                recording_status_callback_event=EVENTS,
            )
            response.redirect(f"{public_url}/voice/unrecorded?{HERE}", method="POST")
        case _:
            for sound in heard:
                response.play(sound)
            response.hangup()
    return str(response)


_document = lru_cache(maxsize=2048)(_built)
