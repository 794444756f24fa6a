"""What a person recorded becomes a prompt: from any common format, trimmed, evenly loud, or it says why not."""

import io
import subprocess
import wave
from pathlib import Path

import pytest

from hotline.flow.prompts import Catalogue, ScriptError, seconds_of
from hotline.media.ffmpeg import CannotDecode, program, run
from hotline.media.listen import LOUDNESS, loudness_in
from hotline.media.make_prompt import make_prompt
from hotline.media.placeholders import pause_after
from tests.rehearsal.sounds import heard, silence, voice

SPOKEN = heard(silence(1.5), voice(3), silence(2))


def _as(kind: str, tmp_path: Path) -> bytes:
    """The same recording as a phone or a studio writes it."""
    made = tmp_path / f"said.{kind}"
    command = [program(), "-v", "error", "-i", "pipe:0", "-ar", "48000", "-ac", "2", str(made)]
    subprocess.run(command, input=SPOKEN, check=True)
    return made.read_bytes()


@pytest.mark.parametrize("kind", ["wav", "m4a", "mp3", "ogg", "webm", "flac", "aiff"])
def test_any_common_format_is_taken(kind: str, tmp_path: Path) -> None:
    with wave.open(io.BytesIO(make_prompt(_as(kind, tmp_path)).audio)) as made:
        assert (made.getframerate(), made.getnchannels(), made.getsampwidth()) == (8000, 1, 2)
        assert 3.0 <= made.getnframes() / 8000 <= 3.5


@pytest.mark.parametrize("gain", ["-20dB", "6dB"])
def test_low_and_loud_voices_come_out_alike(gain: str) -> None:
    raw, _ = run(SPOKEN, ["-af", f"volume={gain}", "-f", "wav", "pipe:1"])
    _, words = run(make_prompt(raw).audio, ["-af", "ebur128=framelog=quiet", "-f", "null", "-"])
    assert abs(loudness_in(words) - LOUDNESS) < 1.5


@pytest.mark.parametrize("seconds", [0.15, 0.25, 0.35])
def test_a_short_word_is_a_word_and_as_loud_as_the_others(seconds: float) -> None:
    made = make_prompt(heard(silence(1), voice(seconds), silence(1)), pause=60)
    assert seconds - 0.05 <= seconds_of(made.audio) - 0.06 <= seconds + 0.05
    assert abs(made.loudness - make_prompt(SPOKEN).loudness) < 6


@pytest.mark.parametrize(
    ("recorded", "why"),
    [
        (heard(silence(1), voice(0.05), silence(1)), "nothing is heard"),
        (heard(silence(4)), "nothing is heard"),
        (heard(voice(130)), "longer than 120 seconds"),
        (b"no audio at all", ""),
        (b"", ""),
    ],
)
def test_what_cannot_be_used_says_why(recorded: bytes, why: str) -> None:
    with pytest.raises(CannotDecode, match=why):
        make_prompt(recorded)


def test_a_part_of_a_number_is_followed_by_a_breath_and_a_sentence_by_a_pause() -> None:
    ends = {name: seconds_of(make_prompt(SPOKEN, pause_after(name)).audio) for name in ("thanks", "number.3")}
    assert round(ends["thanks"] - ends["number.3"], 3) == 0.14


def test_a_recording_that_no_telephone_plays_is_named_at_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "prompts" / "xx"
    folder.mkdir(parents=True)
    (folder / "script.yaml").write_text(
        "name: Made up\nown_name: Nix\nwritten_by: a test\nprompts: {thanks: Zub zub}\n"
    )
    (folder / "thanks.wav").write_bytes(b"RIFF....")
    with pytest.raises(
        ScriptError, match=r"xx/thanks\.wav: not WAV.*take it away, and record it in the console"
    ):
        Catalogue.load(folder.parent, tmp_path / "none")
