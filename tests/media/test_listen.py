"""What callers send is heard, made playable, and never more than we can bear."""

import subprocess
import time
from array import array

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hotline.media.ffmpeg import program
from hotline.media.listen import listen
from hotline.media.peaks import peaks_of
from hotline.media.ranges import part_of


def _sound(*options: str, source: str = "sine=f=300:r=48000", seconds: float = 3) -> bytes:
    command = [program(), "-v", "error", "-f", "lavfi", "-i", source, "-t", str(seconds), *options, "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


@pytest.mark.parametrize(
    "options",
    [
        ("-f", "wav"), ("-c:a", "pcm_mulaw", "-ar", "8000", "-f", "wav"), ("-c:a", "pcm_alaw", "-ar", "8000", "-f", "wav"),
        ("-f", "mp3"), ("-c:a", "libopus", "-f", "ogg"), ("-c:a", "libopus", "-f", "webm"), ("-f", "flac"),
        ("-c:a", "amr_nb", "-ar", "8000", "-f", "amr"), ("-c:a", "aac", "-movflags", "frag_keyframe+empty_moov", "-f", "mp4"),
    ],
)  # fmt: skip
def test_every_format_of_carriers_and_browsers(options: tuple[str, ...]) -> None:
    heard = listen(_sound(*options))
    assert heard.verdict == "speech"
    assert heard.seconds == pytest.approx(3, abs=0.1)
    assert len(heard.peaks) == 1600 and max(heard.peaks) > 5
    assert 4_000 < len(heard.playback) < 20_000
    again = listen(heard.playback)
    assert again.seconds == pytest.approx(heard.seconds, abs=0.15)


def test_quiet_and_loud_callers_are_as_loud_as_each_other() -> None:
    quiet = listen(_sound("-af", "volume=-30dB", "-f", "wav"))
    loud = listen(_sound("-af", "volume=-3dB", "-f", "wav"))
    assert quiet.verdict == loud.verdict == "speech"

    def loudest(playback: bytes) -> int:
        decoded = subprocess.run(
            [program(), "-v", "error", "-i", "pipe:0", "-f", "s16le", "pipe:1"],
            input=playback,
            capture_output=True,
        ).stdout
        return max(array("h", decoded))

    assert loudest(quiet.playback) == pytest.approx(loudest(loud.playback), rel=0.3)


@pytest.mark.parametrize("source", ["anullsrc=r=8000:cl=mono", "anoisesrc=r=8000:a=0.0005"])
def test_silence_is_no_speech_and_can_be_played_all_the_same(source: str) -> None:
    heard = listen(_sound("-f", "wav", source=source))
    assert heard.verdict == "no_speech" and heard.playback


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"nonsense",
        b"RIFF" + b"\0" * 40,
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\xff" * 5000,
    ],
)
def test_what_is_no_sound_is_unplayable_and_no_error(junk: bytes) -> None:
    assert listen(junk).verdict == "unplayable"


@hypothesis_settings(max_examples=15, deadline=None)
@given(st.binary(max_size=2000), st.integers(0, 3000))
def test_damaged_recordings_are_never_an_error(noise: bytes, cut: int) -> None:
    good = _DAMAGED
    listen(good[:cut] + noise + good[cut + len(noise) :])


_DAMAGED = _sound("-c:a", "libopus", "-f", "ogg", seconds=1)


def test_an_audio_bomb_stays_within_the_limits() -> None:
    bomb = _sound("-f", "flac", source="anullsrc=r=8000:cl=mono", seconds=8000)
    assert len(bomb) < 1_500_000
    began = time.monotonic()
    heard = listen(bomb, most_seconds=330)
    assert time.monotonic() - began < 60
    assert heard.seconds <= 331


def test_peaks_show_the_shape() -> None:
    assert peaks_of(array("h", [0, 100, -32768, 32767]), slices=2) == [0, 0, -100, 100]
    assert peaks_of(array("h")) == []


@given(
    st.integers(0, 10_000),
    st.one_of(st.none(), st.text(max_size=30), st.from_regex(r"bytes=\d{0,5}-\d{0,5}", fullmatch=True)),
)
def test_a_range_is_always_within_the_sound(whole: int, asked: str | None) -> None:
    part = part_of(asked, whole)
    assert part.code in (200, 206, 416)
    if part.code == 206:
        assert 0 <= part.first <= part.last < whole
