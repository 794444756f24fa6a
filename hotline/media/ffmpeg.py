"""Run ffmpeg on bytes we do not trust: as a child with limits, formats by content, no other inputs."""

import os
import subprocess
import sys
import tempfile
from functools import cache
from typing import IO

import imageio_ffmpeg

from hotline.media.limits import limited

PATIENCE = 90.0  # seconds of wall time for one run
# What carriers and browsers send. None of these reads other files or addresses (as playlists would).
FORMATS = "wav,mp3,ogg,matroska,webm,mov,mp4,m4a,amr,flac,aac,caf,aiff,gsm,au"


class CannotDecode(Exception):
    """No audio could be read from these bytes within the limits."""


@cache
def program() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def run(data: bytes, options: list[str], *, before: list[str] | None = None) -> tuple[bytes, str]:
    """Feed bytes in; the answer is what ffmpeg wrote to standard output, and its words.

    `before` stands before the input, `options` behind it.

    Raises:
        CannotDecode: it failed, or took too long or too much.
    """
    command = [
        program(), "-hide_banner", "-nostats", "-threads", "1", "-protocol_whitelist", "fd,pipe",
        *(before or ["-format_whitelist", FORMATS]), "-i", "fd:", "-vn", "-sn", "-dn", *options,
    ]  # fmt: skip
    try:
        with _scratch() as given:  # not a pipe: phones write MP4's index last
            given.write(data)
            given.seek(0)
            ended = subprocess.run(
                command, stdin=given, capture_output=True, timeout=PATIENCE, preexec_fn=limited(), check=False
            )
    except subprocess.TimeoutExpired:
        raise CannotDecode("took too long") from None
    words = ended.stderr.decode(errors="replace")
    if ended.returncode != 0:
        raise CannotDecode(words.strip().splitlines()[-1] if words.strip() else str(ended.returncode))
    return ended.stdout, words


def _scratch() -> IO[bytes]:
    """A file without a name; in memory where there is such a thing, as what callers said touches no disk."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("sound"), "w+b")
    return tempfile.TemporaryFile()
