"""The catalogue: language and prompt in, a sound out. Every look-up ends in a sound.

A person's recording (`ivr_prompts/<language>/<prompt>.wav`), else the placeholder voice made at
set-up, else the same in the language to fall back to, else a tone.
"""

import hashlib
import io
import math
import os
import struct
import wave
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

from hotline.flow.areas import AREA
from hotline.flow.languages import TAG, Tells, bare, letters_of, plain, without
from hotline.flow.places import name_of
from hotline.flow.read_once import read_once
from hotline.flow.spoken_numbers import RuleFault, SpokenNumbers, read_rules
from hotline.flow.turn import Clip
from hotline.flow.zawgyi import converted_from_zawgyi

PROMPTS = Path(__file__).parents[2] / "ivr_prompts"  # a folder for each language
POLITE = "polite"  # of a script's words: those that are no part of what is asked for
FEW = 4  # words
LAST_RESORT = "en"
PAUSE = "pause"  # silence, in every language
PLACE = name_of("")
NAMES = (PLACE, AREA)  # prompts that no script holds: the names of places and of areas
RATE = 8000  # samples a second: what telephones carry
LONGEST = 120  # seconds: nobody listens to a prompt that long


@dataclass(frozen=True)
class Script:
    """What each prompt says in one language, who wrote it and who checked it."""

    language: str
    name: str  # in English
    own_name: str
    written_by: str
    checked_by: str  # empty: nobody who speaks it from childhood has
    fallback: str
    prompts: dict[str, str]
    texts: dict[str, str]
    tells: Tells
    words: dict[str, tuple[str, ...]]  # whole texts by which workers ask for something: stop, start, rights
    numbers: SpokenNumbers | None  # none: spoken in the language to fall back to
    polite: tuple[str, ...] = ()  # words that may stand around those


@dataclass(frozen=True)
class Sound:
    """What a caller hears. `language` is the one that is heard, `sha` the name it is served under."""

    prompt: str
    language: str
    text: str
    source: Literal["recording", "placeholder", "tone"]
    audio: bytes
    sha: str

    @property
    def seconds(self) -> float:
        """How long it is."""
        return seconds_of(self.audio)


class ScriptError(Exception):
    """A file of a language that cannot be used; the text names it and its fault and, where we know it, the mend."""

    def __init__(self, says: str, *, tells_mend: bool = False) -> None:
        super().__init__(says)
        self.tells_mend = tells_mend


class Catalogue:
    """All scripts and sounds, in memory."""

    def __init__(self, scripts: dict[str, Script], sounds: dict[Clip, Sound]) -> None:
        self.scripts = scripts
        self._sounds = sounds
        self._words: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._polite = {plain(word) for script in scripts.values() for word in script.polite}
        for language, script in scripts.items():
            for what, words in script.words.items():
                for word in (plain(bare(word)) for word in words):
                    meant, spoken = self._words.get(word, (what, ()))
                    self._words[word] = (meant, (*spoken, language) if meant == what else spoken)
        self._pause = _sound(
            Clip(PAUSE, LAST_RESORT), "", "recording", *_named(wav(bytes(RATE)))
        )  # half a second
        self._tone = _sound(Clip("tone", LAST_RESORT), "", "tone", *_named(tone()))
        self._by_sha = {sound.sha: sound for sound in (*sounds.values(), self._pause, self._tone)}

    @classmethod
    def load(cls, folder: Path, placeholders: Path) -> "Catalogue":
        """Read scripts and sounds. Raises: ScriptError."""
        scripts = read_scripts(folder)
        sounds = {}
        for script in scripts.values():
            recorded, made = _files(folder / script.language), _files(placeholders / script.language)
            for prompt, text in script.prompts.items():
                clip = Clip(prompt, script.language)
                if found := recorded.get(recording_name(prompt)):
                    sounds[clip] = _sound(clip, text, "recording", *_read_recording(found))
                elif found := made.get(placeholder_name(prompt, text)):
                    sounds[clip] = _sound(clip, text, "placeholder", *_read_sound(found))
        return cls(scripts, sounds)

    def with_takes(self, takes: Mapping[Clip, bytes], former: "Catalogue") -> "Catalogue":
        """The same with these recordings over its own; what `former` served is still found by its name."""
        made = Catalogue(self.scripts, dict(self._sounds))
        for clip, audio in takes.items():
            script = self.scripts.get(clip.language)
            text = script.prompts.get(clip.prompt, "") if script else ""
            if text or (script and clip.prompt.startswith(NAMES)):
                made._sounds[clip] = _sound(clip, text, "recording", *_named(audio))
        made._by_sha = former._by_sha | made._by_sha | {sound.sha: sound for sound in made._sounds.values()}
        return made

    def sound(self, clip: Clip) -> Sound:
        """The sound of a prompt in a language, or what stands in for it."""
        if clip.prompt == PAUSE:
            return self._pause
        found = self._sounds.get(clip)
        if found is not None:
            return found
        for language in self._fallbacks(clip.language):
            found = self._sounds.get(Clip(clip.prompt, language))
            if found is not None:
                return found
        return self._tone

    def recorded_in(self, prompt: str) -> frozenset[str]:
        """The languages in which it has a sound of its own."""
        return frozenset(language for language in self.scripts if Clip(prompt, language) in self._sounds)

    def by_sha(self, sha: str) -> Sound | None:
        return self._by_sha.get(sha)

    def text(self, prompt: str, language: str) -> str:
        """What a prompt says, in this language or the one it falls back to; empty where nothing does."""
        for spoken in (language, *self._fallbacks(language)):
            script = self.scripts.get(spoken)
            if script and prompt in script.prompts:
                return script.prompts[prompt]
        return ""

    def spoken(self, kind: str, number: int, language: str) -> tuple[Clip, ...]:
        """A number, a day or a count (spoken_numbers.ASKED) as clips; none where no language can say them all."""
        speaker, numbers = self.speaker(kind, language) or (language, None)
        return tuple(Clip(prompt, speaker) for prompt in numbers.say(kind, number)) if numbers else ()

    def speaker(self, kind: str, language: str) -> tuple[str, SpokenNumbers] | None:
        """By which rules such numbers are spoken: the first, of this language and those to fall back to, of which
        every part has a sound. So none is half in one language and half in another."""
        for spoken in (language, *self._fallbacks(language)):
            numbers = self.scripts[spoken].numbers if spoken in self.scripts else None
            if numbers and all(Clip(prompt, spoken) in self._sounds for prompt in numbers.needs[kind]):
                return spoken, numbers
        return None

    def written(self, name: str, language: str) -> str:
        """The words of a text message, likewise."""
        for spoken in (language, *self._fallbacks(language)):
            script = self.scripts.get(spoken)
            if script and name in script.texts:
                return script.texts[name]
        return ""

    def written_in_each(self, name: str) -> tuple[tuple[str, str], ...]:
        """(language, words) of each that there is."""
        return tuple((language, self.written(name, language)) for language in self.scripts)

    def own_name(self, language: str) -> str:
        """What a language calls itself; its code where nobody wrote that down."""
        script = self.scripts.get(language)
        return script.own_name if script else language

    def asked_for(self, text: str) -> tuple[str, tuple[str, ...]] | None:
        """(what, in which languages) where the whole text is a word by which something is asked for.

        Polite words around it are no part of it. Danger is heard in a few words, whatever the others are.
        """
        word = bare(text)
        for written in (plain(word), plain(converted_from_zawgyi(word))):
            if found := self._words.get(written) or self._words.get(without(self._polite, written)):
                return found
        few = plain(word).split()
        danger = (self._words.get(bare(each)) for each in few if len(few) <= FEW)
        return next((found for found in danger if found and found[0] == "danger"), None)

    def tells(self) -> dict[str, Tells]:
        """What tells each language in a text."""
        return {language: script.tells for language, script in self.scripts.items()}

    def _fallbacks(self, language: str) -> Iterator[str]:
        script = self.scripts.get(language)
        if script and script.fallback != language:
            yield script.fallback
        yield LAST_RESORT


def read_scripts(folder: Path) -> dict[str, Script]:
    """All languages, by their code. Raises: ScriptError."""
    return {path.parent.name: read_script(path) for path in sorted(folder.glob("*/script.yaml"))}


@read_once
def read_script(path: Path) -> Script:
    """Read one language. Raises: ScriptError."""
    if not TAG.match(path.parent.name):
        raise ScriptError(
            f"{path.parent.name}/{path.name}: name the folder by its language’s tag, as my or zh-Hans",
            tells_mend=True,
        )
    try:
        said: Any = YAML(typ="safe").load(path.read_text("utf-8"))
        prompts, texts, tells = said["prompts"], said.get("texts", {}), said.get("tells", {})
        spoken = {str(name): str(words).strip() for name, words in prompts.items()}
        asks = dict(said.get("words", {}))
        polite = tuple(map(str, asks.pop(POLITE, ())))
        script = Script(
            language=path.parent.name,
            name=str(said["name"]),
            own_name=str(said["own_name"]),
            written_by=str(said["written_by"]),
            checked_by=str(said.get("checked_by") or ""),
            fallback=str(said.get("fallback") or LAST_RESORT),
            prompts=spoken,
            texts={str(name): str(words).strip() for name, words in texts.items()},
            tells=Tells(
                letters=letters_of("".join(map(str, prompts.values()))),
                words=frozenset(plain(str(word)) for word in tells.get("words", ())),
                signs=frozenset(plain(str(tells.get("signs", "")))),
            ),
            words={str(name): tuple(map(str, listed)) for name, listed in asks.items()},
            polite=polite,
            numbers=read_rules(said["numbers"], spoken) if "numbers" in said else None,
        )
    except RuleFault as fault:
        raise ScriptError(f"{path.parent.name}/{path.name}: numbers, {fault}") from None
    except (KeyError, TypeError, AttributeError) as fault:
        raise ScriptError(f"{path.parent.name}/{path.name}: {fault}") from None
    except Exception as fault:
        raise ScriptError(f"{path.parent.name}/{path.name}: not YAML ({type(fault).__name__})") from None
    return script


def placeholder_name(prompt: str, text: str) -> str:
    """The file of a placeholder, named after its words: changed words are made anew."""
    return f"{prompt}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.wav"


def recording_name(prompt: str) -> str:
    """The file of a person's recording, in its language's folder."""
    return f"{prompt}.wav"


def _files(folder: Path) -> dict[str, Path]:
    """What lies in a folder by name: asking once is quicker than asking for each of a thousand."""
    return {entry.name: Path(entry.path) for entry in os.scandir(folder)} if folder.is_dir() else {}


def seconds_of(audio: bytes) -> float:
    """How long a WAV file is."""
    with wave.open(io.BytesIO(audio)) as file:
        return float(file.getnframes() / file.getframerate())


@cache
def tone(seconds: float = 0.4, hertz: float = 440.0) -> bytes:
    """A short tone as 8 kHz WAV: the sound of a prompt that nobody has recorded."""
    samples = (int(9000 * math.sin(2 * math.pi * hertz * at / RATE)) for at in range(int(seconds * RATE)))
    return wav(b"".join(struct.pack("<h", sample) for sample in samples))


def wav(frames: bytes, rate: int = RATE) -> bytes:
    """16-bit mono samples as a WAV file."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames)
    return made.getvalue()


@read_once
def _read_recording(path: Path) -> tuple[bytes, str]:
    """A sound that somebody put there; Raises: ScriptError, with the way to mend it."""
    audio, sha = _read_sound(path)
    try:
        with wave.open(io.BytesIO(audio)) as file:
            fits = (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
    except (wave.Error, EOFError):
        fits = False
    if not fits:
        mend = "take it away, and record it in the console, or with hotline prompts take"
        says = f"{path.parent.name}/{path.name}: not WAV of 16 bits, mono, 8 kHz; {mend}"
        raise ScriptError(says, tells_mend=True)
    return audio, sha


@read_once
def _read_sound(path: Path) -> tuple[bytes, str]:
    return _named(path.read_bytes())


def _named(audio: bytes) -> tuple[bytes, str]:
    """The audio, and the name it is served under."""
    return audio, hashlib.sha256(audio).hexdigest()[:20]


def _sound(
    clip: Clip, text: str, source: Literal["recording", "placeholder", "tone"], audio: bytes, sha: str
) -> Sound:
    return Sound(clip.prompt, clip.language, text, source, audio, sha)
