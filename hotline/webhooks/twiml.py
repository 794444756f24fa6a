"""A Turn as TwiML, the only place that knows it.

Kept to what both Twilio and Somleng run: no Pause, Play only, numDigits or `#`, absolute addresses.
What follows Gather and Record in the document is a way of its own, for carriers that fall through.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from twilio.twiml.voice_response import Gather as GatherVerb
from twilio.twiml.voice_response import VoiceResponse

from hotline.flow.turn import Gather, Record, Turn


@dataclass(frozen=True)
class Addresses:
    """Where the carrier goes next, absolute; each carries the position of its Turn."""

    step: str
    recorded: str
    unrecorded: str
    recording: str


EMPTY = str(VoiceResponse())
EVENTS = "in-progress completed absent"


def write_twiml(turn: Turn, sounds: Iterable[str], to: Addresses) -> str:
    """The document of a Turn; `sounds` are the addresses of what it plays, in order."""
    response = VoiceResponse()
    match turn.wait:
        case Gather(seconds=seconds, digits=digits):
            gather = GatherVerb(
                action=to.step,
                method="POST",
                num_digits=digits,
                timeout=seconds,
                finish_on_key="",
                action_on_empty_result=True,
            )
            for sound in sounds:
                gather.play(sound)
            response.append(gather)
            response.redirect(to.step, method="POST")
        case Record(seconds=seconds, silence=silence):
            for sound in sounds:
                response.play(sound)
            response.record(
                action=to.recorded,
                method="POST",
                max_length=seconds,
                timeout=silence,
                finish_on_key="#",
                trim="do-not-trim",
                play_beep=True,
                recording_status_callback=to.recording,
                recording_status_callback_method="POST",
                recording_status_callback_event=EVENTS,
            )
            response.redirect(to.unrecorded, method="POST")
        case _:
            for sound in sounds:
                response.play(sound)
            response.hangup()
    return str(response)
