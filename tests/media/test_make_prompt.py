"""What a person recorded becomes a prompt: from any common format, trimmed, evenly loud, or it says why not."""

import io
import subprocess
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.cli import main, prompts
from hotline.flow.prompts import Catalogue, ScriptError, seconds_of
from hotline.flow.turn import Clip
from hotline.media.ffmpeg import CannotDecode, program, run
from hotline.media.listen import LOUDNESS, loudness_in
from hotline.media.make_prompt import make_prompt
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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of prompts with one language, and a recording beside it."""
    monkeypatch.setattr(prompts, "PROMPTS", tmp_path / "prompts")
    (tmp_path / "prompts" / "xx").mkdir(parents=True)
    (tmp_path / "prompts" / "xx" / "script.yaml").write_text(
        "name: Made up\nown_name: Nix\nwritten_by: a test\nprompts: {thanks: Zub zub}\n"
    )
    (tmp_path / "said.wav").write_bytes(SPOKEN)
    (tmp_path / "notes.txt").write_text("not a sound")
    return tmp_path


def _take(folder: Path, *said: str) -> tuple[int, str]:
    ended = CliRunner().invoke(main, ["prompts", "take", *said[:2], str(folder / said[2]), *said[3:]])
    return ended.exit_code, ended.output


def test_a_recording_is_taken_and_callers_hear_it(folder: Path) -> None:
    code, output = _take(folder, "xx", "thanks", "said.wav")
    assert code == 0 and "xx/thanks.wav: 3.2 s" in output and "Zub zub" in output
    sound = Catalogue.load(folder / "prompts", folder / "none").sound(Clip("thanks", "xx"))
    assert (sound.source, round(sound.seconds)) == ("recording", 3)
    assert _take(folder, "xx", "thanks", "said.wav")[0] == 1
    assert _take(folder, "xx", "thanks", "said.wav", "--replace")[0] == 0


def test_a_part_of_a_number_is_followed_by_a_breath_and_a_sentence_by_a_pause(folder: Path) -> None:
    script = folder / "prompts" / "xx" / "script.yaml"
    script.write_text(script.read_text().replace("thanks: Zub zub", "thanks: Zub zub, number.3: Zub"))
    ends = {}
    for prompt in ("thanks", "number.3"):
        assert _take(folder, "xx", prompt, "said.wav")[0] == 0
        ends[prompt] = seconds_of((folder / "prompts" / "xx" / f"{prompt}.wav").read_bytes())
    assert round(ends["thanks"] - ends["number.3"], 3) == 0.14


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (("yy", "thanks", "said.wav"), "No prompts are written in yy"),
        (("xx", "other", "said.wav"), "xx/script.yaml has no prompt other"),
        (("xx", "thanks", "notes.txt"), "notes.txt cannot be used"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    folder: Path, said: tuple[str, ...], says: str
) -> None:
    code, output = _take(folder, *said)
    assert code == 1 and says in output
    assert [path.name for path in (folder / "prompts" / "xx").iterdir()] == ["script.yaml"]


def test_a_recording_that_no_telephone_plays_is_named_at_the_start(folder: Path) -> None:
    (folder / "prompts" / "xx" / "thanks.wav").write_bytes(b"RIFF....")
    with pytest.raises(ScriptError, match=r"xx/thanks\.wav: not WAV.*hotline prompts take xx thanks FILE"):
        Catalogue.load(folder / "prompts", folder / "none")
