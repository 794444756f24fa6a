"""Placeholder voices for prompts that nobody has recorded yet: for rehearsal, never for a live line."""

import subprocess
import sys
import tempfile
import warnings
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import imageio_ffmpeg

from hotline.flow.prompts import RATE, Catalogue, placeholder_name, wav
from hotline.flow.spoken_numbers import PARTS
from hotline.write_whole import write_whole

with warnings.catch_warnings():  # it looks for an ffmpeg on PATH, which we do not use, and for audioop
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
AUDIBLE = "silenceremove=start_periods=1:start_threshold=-45dB"
TRIM = f"{AUDIBLE},areverse,{AUDIBLE},areverse"  # the silence at both ends
PAUSE, BREATH = 200, 60  # milliseconds after each clip, so that digits stand apart; after a part of a number
MOST_UNDER_WAY = 16  # sounds spoken and not converted yet: eSpeak is the faster
HEADROOM = 3.0  # dB under the loudest a telephone carries


SPELT = frozenset({"shn"})  # eSpeak NG 1.52 spells it, sign by sign: the language to fall back to says more


class NoVoices(Exception):
    """eSpeak NG is not installed, or does not start; the text says which."""


def make_placeholders(
    catalogue: Catalogue, folder: Path, progress: Callable[[str, int, int], None] = lambda *_: None
) -> list[str]:
    """Make what is missing: 8 kHz mono WAV, named after its words, so that only changed ones are made.

    `progress(language, done, of)` is told of each clip.

    Returns:
        The languages that eSpeak NG has no voice for, or none that can be understood.

    Raises:
        NoVoices: see there.
    """
    wanted = [
        (
            script.language,
            folder / script.language / placeholder_name(prompt, text),
            text,
            pause_after(prompt),
        )
        for script in catalogue.scripts.values()
        for prompt, text in script.prompts.items()
    ]
    missing = [item for item in wanted if not item[1].exists()]
    if not missing:
        return []
    if find_spec("espeakng_loader") is None:
        raise NoVoices("placeholder voices need eSpeak NG: pip install 'worker-voice-hotline[placeholders]'")
    mute: list[str] = []
    under_way: deque[Future[None]] = deque()
    with tempfile.TemporaryDirectory() as scratch, _espeak() as espeak, ThreadPoolExecutor() as converters:
        for done, (language, path, text, pause) in enumerate(missing, 1):
            progress(language, done, len(missing))
            if language in mute:
                continue
            raw = Path(scratch) / f"{done}.wav"
            if language in SPELT or not _ask(espeak, language, raw, text):
                mute.append(language)
                continue
            under_way.append(converters.submit(_convert, raw, path, pause))
            if len(under_way) > MOST_UNDER_WAY:
                under_way.popleft().result()
        for conversion in under_way:
            conversion.result()
    return mute


def pause_after(prompt: str) -> int:
    """Milliseconds of silence at the end of its sound."""
    return BREATH if prompt.startswith(PARTS) else PAUSE


def _espeak() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "hotline.media.espeak"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[2],
    )


def _ask(espeak: "subprocess.Popen[str]", language: str, path: Path, text: str) -> bool:
    assert espeak.stdin and espeak.stdout
    espeak.stdin.write(f"{language}\t{path}\t{' '.join(text.split())}\n")
    espeak.stdin.flush()
    answer = espeak.stdout.readline().strip()
    if not answer:
        raise NoVoices("eSpeak NG did not start")
    return answer == "ok"


def _convert(said: Path, path: Path, pause: int) -> None:
    write_whole(path, _for_telephone(said, pause))
    said.unlink()


def _for_telephone(said: Path, pause: int) -> bytes:
    """Trimmed, 8 kHz, as loud as the others, with so many milliseconds of silence at its end."""
    command = [
        FFMPEG, "-nostdin", "-v", "error", "-i", str(said), "-af", TRIM,
        "-ar", str(RATE), "-ac", "1", "-f", "s16le", "-",
    ]  # fmt: skip
    frames = subprocess.run(command, capture_output=True, check=True, timeout=30).stdout
    clip = AudioSegment(data=frames, sample_width=2, frame_rate=RATE, channels=1)
    loud = clip.apply_gain(-clip.max_dBFS - HEADROOM) if frames and clip.max > 0 else clip
    return wav((loud + AudioSegment.silent(pause, frame_rate=RATE)).raw_data)
