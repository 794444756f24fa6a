"""Documents for another host: what a caller hears when no process of ours answers at all.

Static files cannot know the caller, so each line has three: sorry, consent and the microphone; thanks;
a goodbye to who said nothing. They lead to each other by GET and in one direction, so nothing loops.
The carrier keeps what is said, and reconciliation takes it in when we are back.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from twilio.twiml.voice_response import VoiceResponse

from hotline.flow.engine import Clip, Facts, NothingRecorded, Record, Turn, rescue, resume
from hotline.flow.prompts import Catalogue
from hotline.flow.tree import Tree
from hotline.webhooks.twiml import EVENTS
from hotline.write_whole import write_whole

THANKS = "thanks"  # without a number: a file cannot know it


@dataclass(frozen=True)
class FallbackLine:
    """A line, and what the flow knows of every call to it."""

    number: str
    tree: Tree
    facts: Facts


def write_fallback_files(
    folder: Path, base_url: str, public_url: str, lines: list[FallbackLine], catalogue: Catalogue
) -> list[str]:
    """Write documents and sounds; the answer is the address to paste at the carrier, for each line."""
    pasted = []
    for line in lines:
        name = "".join(sign for sign in line.number if sign.isdigit())
        host = _Host(folder, base_url.rstrip("/"), catalogue)
        _write_line(host, name, line, public_url)
        pasted.append(f"{host.base_url}/{name}/incoming.xml")
    return pasted


@dataclass(frozen=True)
class _Host:
    folder: Path
    base_url: str
    catalogue: Catalogue

    def play(self, response: VoiceResponse, clips: tuple[Clip, ...]) -> None:
        for clip in clips:
            sound = self.catalogue.sound(clip)
            write_whole(self.folder / "prompts" / f"{sound.sha}.wav", sound.audio)
            response.play(f"{self.base_url}/prompts/{sound.sha}.wav")

    def write(self, name: str, response: VoiceResponse) -> None:
        write_whole(self.folder / name, str(response).encode())


def _write_line(host: _Host, name: str, line: FallbackLine, public_url: str) -> None:
    turn = rescue(line.tree, None, line.facts)
    position = replace(turn.position, language=line.facts.languages[0])  # callbacks do not name the line
    assert isinstance(turn.wait, Record), "rescue leads to the microphone"
    incoming = VoiceResponse()
    host.play(incoming, turn.plays)
    incoming.record(
        action=f"{host.base_url}/{name}/recorded.xml",
        method="GET",
        max_length=turn.wait.seconds,
        timeout=turn.wait.silence,
        finish_on_key="#",
        trim="do-not-trim",
        play_beep=True,
        recording_status_callback=f"{public_url}/voice/recording?{position.to_query()}",
        recording_status_callback_method="POST",
        recording_status_callback_event=EVENTS,
    )
    incoming.redirect(f"{host.base_url}/{name}/unrecorded.xml", method="GET")
    host.write(f"{name}/incoming.xml", incoming)
    language = line.facts.languages[0]
    over = tuple(Clip(prompt, language) for prompt in line.tree.nodes[line.tree.over].prompts())
    silent = resume(line.tree, replace(position, asked=True), NothingRecorded(), line.facts)
    _write_last_words(host, f"{name}/recorded.xml", (Clip(THANKS, language), *over))
    _write_last_words(host, f"{name}/unrecorded.xml", _last_words(silent) or over)


def _last_words(turn: Turn) -> tuple[Clip, ...]:
    return turn.plays if turn.wait is None else ()


def _write_last_words(host: _Host, name: str, clips: tuple[Clip, ...]) -> None:
    response = VoiceResponse()
    host.play(response, clips)
    response.hangup()
    host.write(name, response)
