"""Speech and silence are told apart as a telephone line hears them."""

import random
from array import array

import pytest

from hotline.rehearsal.sound import (
    NoSound,
    is_silent,
    seconds_of,
    silence_at_end,
    to_telephone,
    to_wav,
    until_silence,
)
from tests.rehearsal.sounds import silence, voice


def test_the_first_long_silence_ends_what_is_heard() -> None:
    heard, fell_silent = until_silence(voice(1) + silence(1) + voice(1) + silence(5) + voice(1), 2)
    assert fell_silent and seconds_of(heard) == pytest.approx(5, abs=0.2)
    assert until_silence(voice(1) + silence(1) + voice(1), 2) == (voice(1) + silence(1) + voice(1), False)


@pytest.mark.parametrize("quiet", [0, 0.5, 3])
def test_the_silence_at_the_end_is_measured(quiet: float) -> None:
    assert silence_at_end(silence(1) + voice(2) + silence(quiet)) == pytest.approx(quiet, abs=0.1)


def test_a_hissing_line_is_silent_and_a_voice_is_not() -> None:
    chance = random.Random(7)
    hiss = array("h", (chance.randint(-200, 200) for _ in range(16000))).tobytes()
    assert is_silent(hiss) and is_silent(b"") and is_silent(b"\x01")
    assert not is_silent(hiss + voice(0.1))


def test_sounds_come_in_files_and_anything_else_is_refused() -> None:
    assert to_telephone(to_wav(voice(1))) == voice(1)
    for nothing in (b"", b"not a sound", to_wav(b"")):
        with pytest.raises(NoSound):
            to_telephone(nothing)
