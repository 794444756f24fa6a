"""Run ffmpeg on bytes we do not trust: as a child with limits, formats by content, no other inputs."""

import subprocess
from functools import cache

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
        program(), "-hide_banner", "-nostats", "-threads", "1", "-protocol_whitelist", "pipe",
        *(before or ["-format_whitelist", FORMATS]), "-i", "pipe:0", "-vn", "-sn", "-dn", *options,
    ]  # fmt: skip
    try:
        ended = subprocess.run(
            command, input=data, capture_output=True, timeout=PATIENCE, preexec_fn=limited(), check=False
        )
    except subprocess.TimeoutExpired:
        raise CannotDecode("took too long") from None
    words = ended.stderr.decode(errors="replace")
    if ended.returncode != 0:
        raise CannotDecode(words.strip().splitlines()[-1] if words.strip() else str(ended.returncode))
    return ended.stdout, words
