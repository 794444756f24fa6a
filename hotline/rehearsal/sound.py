"""Sounds on a telephone: 8 kHz, mono, 16 bit."""

import hashlib
import io
import subprocess
import wave
from array import array

import imageio_ffmpeg

RATE = 8000
PATIENCE = 60  # seconds
WINDOW = RATE // 10  # samples that are loud or silent together
LOUD = 327  # of 32767: a hundredth, what a line hisses


class NoSound(ValueError):
    """There is no sound in what was given."""


def to_telephone(sound: bytes) -> bytes:
    """Anything that ffmpeg reads (webm or mp4 of a browser, wav, mp3 …) as samples. Raises: NoSound."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "pipe:0", "-vn",
        "-ar", str(RATE), "-ac", "1", "-f", "s16le", "pipe:1",
    ]  # fmt: skip
    try:
        made = subprocess.run(command, input=sound, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise NoSound("this sound took too long to read") from None
    if made.returncode != 0 or not made.stdout:
        raise NoSound("there is no sound in this file")
    return made.stdout


def to_mp3(wav: bytes) -> bytes:
    """A WAV file as MP3."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "pipe:0", "-f", "mp3", "pipe:1"]
    return subprocess.run(command, input=wav, capture_output=True, timeout=PATIENCE, check=True).stdout


def to_wav(samples: bytes) -> bytes:
    """Samples as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writing:
        writing.setnchannels(1)
        writing.setsampwidth(2)
        writing.setframerate(RATE)
        writing.writeframes(samples)
    return file.getvalue()


def seconds_of(samples: bytes) -> float:
    return len(samples) / 2 / RATE


def until_silence(samples: bytes, seconds: float) -> tuple[bytes, bool]:
    """What is heard up to the end of the first silence this long, and whether there is one."""
    quiet = 0
    for number, loud in enumerate(_loudness(samples), start=1):
        quiet = 0 if loud else quiet + 1
        if quiet * WINDOW >= seconds * RATE:
            return samples[: number * WINDOW * 2], True
    return samples, False


def is_silent(samples: bytes) -> bool:
    return not any(_loudness(samples))


def silence_at_end(samples: bytes) -> float:
    """Seconds since somebody was last heard."""
    quiet = 0
    for loud in reversed(_loudness(samples)):
        if loud:
            break
        quiet += 1
    return quiet * WINDOW / RATE


def _loudness(samples: bytes) -> list[bool]:
    """Whether anything is heard, window by window."""
    heard = array("h", samples[: len(samples) // 2 * 2])
    windows = (heard[at : at + WINDOW] for at in range(0, len(heard), WINDOW))
    return [max(window) > LOUD or min(window) < -LOUD for window in windows]


def wav_seconds(audio: bytes) -> float:
    """How long a WAV file plays; 0 where it is none."""
    try:
        with wave.open(io.BytesIO(audio)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return 0.0


def name_of(audio: bytes) -> str:
    return hashlib.sha256(audio).hexdigest()[:20]
