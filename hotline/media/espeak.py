"""A program of its own: speaks lines with eSpeak NG (GPL, so never a part of our process).

Reads `voice<TAB>file<TAB>text` a line, writes 16-bit mono WAV files at eSpeak's rate, and answers
`ok` or `no voice` a line. Run as `python -m hotline.media.espeak`.
"""

import ctypes
import os
import sys
import tempfile
import wave

import espeakng_loader

SYNCHRONOUS, UTF_8, RATE_PARAMETER, WORDS_A_MINUTE = 2, 1, 1, 130
DONT_EXIT = 0x8000  # eSpeak's initialisation would end the process on a fault
LONGEST_PATH = 120  # its data path is copied into a small buffer


def main() -> None:
    espeak = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    rate = espeak.espeak_Initialize(
        SYNCHRONOUS, 0, _short(str(espeakng_loader.get_data_path())).encode(), DONT_EXIT
    )
    if rate <= 0:
        sys.exit("eSpeak NG did not start")
    heard = bytearray()
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    @callback  # type: ignore[untyped-decorator]
    def take(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
        if samples and count > 0:
            heard.extend(ctypes.string_at(samples, count * 2))
        return 0

    espeak.espeak_SetSynthCallback(take)
    for line in sys.stdin:
        voice, path, text = line.rstrip("\n").split("\t", 2)
        # Without this check it would go on in the voice before, and spell the letters out.
        if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
            print("no voice", flush=True)
            continue
        espeak.espeak_SetParameter(RATE_PARAMETER, WORDS_A_MINUTE, 0)
        heard.clear()
        said = text.encode()
        espeak.espeak_Synth(said, len(said) + 1, 0, 0, 0, UTF_8, None, None)
        espeak.espeak_Synchronize()
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(bytes(heard))
        print("ok", flush=True)


def _short(path: str) -> str:
    """The data's folder under a name that eSpeak can hold."""
    folder = os.path.dirname(path) if os.path.basename(path) == "espeak-ng-data" else path
    if len(folder) <= LONGEST_PATH:
        return folder
    link = os.path.join(tempfile.mkdtemp(prefix="espeak-"), "espeak-ng-data")
    os.symlink(os.path.join(folder, "espeak-ng-data"), link)
    return os.path.dirname(link)


if __name__ == "__main__":
    main()
