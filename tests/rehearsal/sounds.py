"""Sounds that callers give: a tone for a voice, and silence."""

import math
from array import array

from hotline.rehearsal.sound import RATE, to_wav


def voice(seconds: float) -> bytes:
    return array("h", (int(9000 * math.sin(n / 3)) for n in range(int(seconds * RATE)))).tobytes()


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * RATE) * 2)


def heard(*parts: bytes) -> bytes:
    """A sound file of these parts."""
    return to_wav(b"".join(parts))
