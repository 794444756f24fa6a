"""Listen to what a caller left: how long it is, whether anybody speaks, a copy for playing, its waveform.

Lengths are measured by decoding, never read from a header.
"""

import re
from array import array
from dataclasses import dataclass
from typing import Literal

from hotline.media.ffmpeg import CannotDecode, run
from hotline.media.peaks import peaks_of

RATE = 16000  # samples a second of the playback copy: all of what a telephone carries, and small
PLAYBACK_TYPE = "audio/mpeg"
ENCODE = ("-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3")  # mp3 plays and seeks in every browser
LOUDNESS = -18.0  # LUFS (EBU R 128): as loud as a podcast, whoever spoke and on whatever line
PEAK = 0.8  # of full scale, about -2 dB: what a louder moment is held to
QUIET = -57.0  # dB: below this is silence even for a whisper on a bad line
SHORTEST = 0.4  # seconds: under this loudness cannot be measured, and nobody has spoken
# As ffmpeg lists what a file says of itself: MP4's ©xyz and loci, QuickTime's keys, comments of Ogg and Matroska.
PLACE = re.compile(r"^\s+(com\.apple\.quicktime\.|geo_)?location[\w.-]*\s*:", re.MULTILINE | re.IGNORECASE)
LONGEST = 3700  # seconds: no message is longer (settings.voicemail_seconds is at most an hour)


@dataclass(frozen=True)
class Listened:
    """What was found. `playback` is empty where nothing could be decoded; `holds_place`: the file names a place."""

    verdict: Literal["speech", "no_speech", "unplayable"]
    seconds: float
    playback: bytes
    peaks: list[int]
    holds_place: bool = False


def listen(original: bytes, most_seconds: float = LONGEST) -> Listened:
    """Decode once, measure, and encode the playback copy. Never raises for what a caller sent.

    What is longer than `most_seconds` is listened to no further.
    """
    try:
        samples, words = _decode(original, most_seconds)
    except CannotDecode:
        return Listened("unplayable", 0.0, b"", [])
    seconds = len(samples) / RATE
    if not samples:
        return Listened("unplayable", 0.0, b"", [])
    loudness = loudness_in(words)
    spoken = _spoken(words, seconds, loudness)
    try:
        playback = _encode(samples, LOUDNESS - loudness if spoken else 0.0)
    except CannotDecode:
        return Listened("unplayable", seconds, b"", [])
    verdict: Literal["speech", "no_speech"] = "speech" if spoken else "no_speech"
    return Listened(verdict, seconds, playback, peaks_of(samples), PLACE.search(words) is not None)


def length_of(original: bytes, most_seconds: float = LONGEST) -> float:
    """How many seconds can be heard, up to `most_seconds`. Raises: CannotDecode."""
    samples, _ = _decode(original, most_seconds)
    return len(samples) / RATE


def loudness_in(words: str) -> float:
    """What ffmpeg's ebur128 measured, in LUFS; -70 where all was silent, or too short to say (EBU R 128)."""
    found = re.findall(r"\bI:\s+(-?[0-9.]+) LUFS", words)
    return float(found[-1]) if found else -70.0


def even_gain(gain: float) -> str:
    """Filters: an even gain, in dB, and a limiter. What loudnorm does with a measured voice, in a tenth of its time."""
    return f"volume={gain:.1f}dB,alimiter=limit={PEAK}:level=disabled"


def _decode(original: bytes, most_seconds: float) -> "tuple[array[int], str]":
    """Mono samples, and the words of the measuring filters: one run does both."""
    graph = (
        f"[0:a:0]aresample={RATE},aformat=channel_layouts=mono:sample_fmts=s16,asplit=2[out][ear];"
        f"[ear]silencedetect=noise={QUIET}dB:d=0.3,ebur128=framelog=quiet,anullsink"
    )
    options = ["-filter_complex", graph, "-map", "[out]", "-t", str(most_seconds), "-f", "s16le", "pipe:1"]
    decoded, words = run(original, options)
    samples = array("h")
    samples.frombytes(decoded[: len(decoded) // 2 * 2])
    return samples, words


def _encode(samples: "array[int]", gain: float) -> bytes:
    raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    filters = ["-af", even_gain(gain), "-ar", str(RATE), "-map_metadata", "-1", "-bitexact"]
    return run(samples.tobytes(), [*filters, *ENCODE, "pipe:1"], before=raw)[0]


def _spoken(words: str, seconds: float, loudness: float) -> bool:
    """Whether there is anything but silence: half a second of sound is enough to be heard by a person."""
    if seconds < SHORTEST or loudness < QUIET:
        return False
    silent = sum(float(length) for length in re.findall(r"silence_duration: ([0-9.]+)", words))
    return seconds - silent >= SHORTEST
