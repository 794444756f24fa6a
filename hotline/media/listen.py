"""Listen to what a caller left: how long it is, whether anybody speaks, a copy for playing, its waveform.

Lengths are measured by decoding, never read from a header.
"""

import json
import math
import re
from array import array
from dataclasses import dataclass
from typing import Literal

from hotline.media.ffmpeg import CannotDecode, run
from hotline.media.peaks import peaks_of

RATE = 16000  # samples a second of the playback copy: all of what a telephone carries, and small
PLAYBACK_TYPE = "audio/mpeg"
ENCODE = ("-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3")  # mp3 plays and seeks in every browser
LOUDNESS = "I=-18:TP=-2:LRA=11"  # EBU R 128 terms; a telephone's voice, evened out
QUIET = -57.0  # dB: below this is silence even for a whisper on a bad line
SHORTEST = 0.4  # seconds: under this loudness cannot be measured, and nobody has spoken
LONGEST = 3700  # seconds: no message is longer (settings.voicemail_seconds is at most an hour)


@dataclass(frozen=True)
class Listened:
    """What was found. `playback` is empty where nothing could be decoded."""

    verdict: Literal["speech", "no_speech", "unplayable"]
    seconds: float
    playback: bytes
    peaks: list[int]


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
    loudness = _measured(words)
    spoken = _spoken(words, seconds, loudness)
    try:
        playback = _encode(samples, loudness if spoken else None)
    except CannotDecode:
        return Listened("unplayable", seconds, b"", [])
    return Listened("speech" if spoken else "no_speech", seconds, playback, peaks_of(samples))


def _decode(original: bytes, most_seconds: float) -> "tuple[array[int], str]":
    """Mono samples, and the words of the measuring filters: one run does both."""
    graph = (
        f"[0:a:0]aresample={RATE},aformat=channel_layouts=mono:sample_fmts=s16,asplit=2[out][ear];"
        f"[ear]silencedetect=noise={QUIET}dB:d=0.3,loudnorm={LOUDNESS}:print_format=json,anullsink"
    )
    options = ["-filter_complex", graph, "-map", "[out]", "-t", str(most_seconds), "-f", "s16le", "pipe:1"]
    decoded, words = run(original, options)
    samples = array("h")
    samples.frombytes(decoded[: len(decoded) // 2 * 2])
    return samples, words


def _encode(samples: "array[int]", loudness: dict[str, float] | None) -> bytes:
    filters = []
    if loudness:
        filters = [
            "-af",
            f"loudnorm={LOUDNESS}:linear=true:measured_I={loudness['input_i']}:measured_TP={loudness['input_tp']}"
            f":measured_LRA={loudness['input_lra']}:measured_thresh={loudness['input_thresh']}"
            f":offset={loudness['target_offset']}",
        ]
    raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    options = [*filters, "-ar", str(RATE), "-map_metadata", "-1", "-bitexact", *ENCODE, "pipe:1"]
    return run(samples.tobytes(), options, before=raw)[0]


def _measured(words: str) -> dict[str, float] | None:
    """What loudnorm measured; nothing where it was silent or too short to say."""
    found = re.search(r"\{[^{}]*\"input_i\"[^{}]*\}", words)
    if not found:
        return None
    values = {
        name: float(value) for name, value in json.loads(found[0]).items() if name != "normalization_type"
    }
    needed = ("input_i", "input_tp", "input_lra", "input_thresh", "target_offset")
    return values if all(math.isfinite(values.get(name, math.inf)) for name in needed) else None


def _spoken(words: str, seconds: float, loudness: dict[str, float] | None) -> bool:
    """Whether there is anything but silence: half a second of sound is enough to be heard by a person."""
    if loudness is None or seconds < SHORTEST or loudness["input_i"] < QUIET:
        return False
    silent = sum(float(length) for length in re.findall(r"silence_duration: ([0-9.]+)", words))
    return seconds - silent >= SHORTEST
