"""How many seconds of voicemail are taken in a second, beside one raw ffmpeg run doing the same conversions.

    .venv/bin/python -m benchmarks.voicemail

The same decoding, measuring, loudness and encoding, once through hotline.media.listen and once as the
bare programs; in turn, on one core's worth of work at a time.
"""

import statistics
import subprocess
import time
from collections.abc import Callable

from hotline.media.ffmpeg import program
from hotline.media.listen import ENCODE, PEAK, QUIET, RATE, listen

SECONDS = 60
TURNS = 5


def main() -> None:
    voicemail = speech_like(SECONDS)
    listen(voicemail)  # warm
    ratios = []
    for _ in range(TURNS):
        ours, bare = _time(lambda: listen(voicemail)), _time(lambda: _bare(voicemail))
        ratios.append(bare / ours)
        print(
            f"listen {SECONDS / ours:6.1f} s of audio a second, bare ffmpeg {SECONDS / bare:6.1f}, ratio {bare / ours:.2f}"
        )
    print(f"median ratio {statistics.median(ratios):.2f} (target 0.90)")


def _bare(voicemail: bytes) -> None:
    graph = (
        f"[0:a:0]aresample={RATE},aformat=channel_layouts=mono:sample_fmts=s16,asplit=2[out][ear];"
        f"[ear]silencedetect=noise={QUIET}dB:d=0.3,ebur128=framelog=quiet,anullsink"
    )
    decoded = _run(
        voicemail, "-i", "pipe:0", "-filter_complex", graph, "-map", "[out]", "-f", "s16le", "pipe:1"
    )
    raw = ("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0")
    even = f"volume=7.8dB,alimiter=limit={PEAK}:level=disabled"
    _run(decoded, *raw, "-af", even, "-ar", str(RATE), *ENCODE, "pipe:1")


def _run(data: bytes, *options: str) -> bytes:
    command = [program(), "-v", "info", "-nostats", "-threads", "1", *options]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def speech_like(seconds: int) -> bytes:
    """A tone that comes and goes as syllables do, at a telephone's rate."""
    source = "sine=f=220:r=8000,tremolo=f=4:d=0.9"
    command = [program(), "-v", "error", "-f", "lavfi", "-i", source, "-t", str(seconds), "-f", "wav", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _time(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
