"""Make the copy of a picture that is shown and shared: upright, bounded, without any metadata."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from hotline.media.limits import limited

PATIENCE = 60.0  # seconds of wall time
PROGRAM = Path(__file__).with_name("shrink.py")
PICTURE_TYPE = "image/jpeg"


class CannotShow(Exception):
    """No picture could be read from these bytes within the limits."""


@dataclass(frozen=True)
class Picture:
    """`copy` is of PICTURE_TYPE; `holds_place`: whether the original says where it was taken."""

    copy: bytes
    width: int
    height: int
    holds_place: bool


def copy_picture(original: bytes) -> Picture:
    """In a child with limits on memory and time, which knows none of our settings. Raises: CannotShow."""
    command = [sys.executable, "-I", str(PROGRAM)]
    try:
        ended = subprocess.run(
            command, input=original, capture_output=True, timeout=PATIENCE, preexec_fn=limited(), check=False, env={}
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise CannotShow("took too long") from None
    if ended.returncode != 0:
        words = ended.stderr.decode(errors="replace").strip().splitlines()
        raise CannotShow(words[-1] if words else str(ended.returncode))
    line, _, copy = ended.stdout.partition(b"\n")
    said = json.loads(line)
    return Picture(copy, said["width"], said["height"], said["holds_place"])
