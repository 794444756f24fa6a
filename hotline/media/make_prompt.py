"""Make a prompt of what a person recorded, in any common format: trimmed, evenly loud, as telephones carry it."""

from dataclasses import dataclass

from hotline.flow.prompts import LONGEST, RATE, wav
from hotline.media.ffmpeg import CannotDecode, run
from hotline.media.listen import LOUDNESS, SHORTEST, even_gain, loudness_in
from hotline.media.placeholders import PAUSE, TRIM

BAND = "highpass=f=100"  # hum and knocks at the microphone, below all that a telephone carries
KNOCK = 0.12  # seconds: the shortest numeral lasts longer, a knock at the microphone does not
RAW = ["-f", "s16le", "-ar", str(RATE), "-ac", "1"]


@dataclass(frozen=True)
class Made:
    """A prompt, and how loud it came (LUFS): a voice far under LOUDNESS was too far from the microphone."""

    audio: bytes
    loudness: float


def make_prompt(recorded: bytes, pause: int = PAUSE) -> Made:
    """16-bit mono WAV at 8 kHz, at LOUDNESS, without the silence at both ends but for a pause after it (ms).

    Raises:
        CannotDecode: it is no audio, is longer than LONGEST, or nothing is heard in it.
    """
    graph = (
        f"[0:a:0]{BAND},aresample={RATE},aformat=channel_layouts=mono:sample_fmts=s16,{TRIM},asplit=2[out][ear];"
        f"[ear]apad=whole_dur={SHORTEST},ebur128=framelog=quiet,anullsink"
    )
    options = ["-filter_complex", graph, "-map", "[out]", "-t", str(LONGEST + 1), *RAW, "pipe:1"]
    cut, words = run(recorded, options)
    seconds = len(cut) / 2 / RATE
    if seconds < KNOCK:
        raise CannotDecode("nothing is heard in it")
    if seconds > LONGEST:
        raise CannotDecode(f"it is longer than {LONGEST} seconds")
    loudness = loudness_in(words)
    even, _ = run(cut, ["-af", even_gain(LOUDNESS - loudness), *RAW, "pipe:1"], before=RAW)
    return Made(wav(even + bytes(RATE * pause // 1000 * 2)), loudness)
