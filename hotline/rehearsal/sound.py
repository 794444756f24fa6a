"""Sounds on a telephone: 8 kHz, mono, 16 bit."""

import hashlib
import io
import subprocess
import wave

import imageio_ffmpeg

RATE = 8000
PATIENCE = 60  # seconds


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


def wav_seconds(audio: bytes) -> float:
    """How long a WAV file plays; 0 where it is none."""
    try:
        with wave.open(io.BytesIO(audio)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return 0.0


def name_of(audio: bytes) -> str:
    return hashlib.sha256(audio).hexdigest()[:20]
