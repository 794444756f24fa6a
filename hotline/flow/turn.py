"""What goes between the flow and whoever serves it: what was heard, what to play, what to wait for."""

from dataclasses import dataclass

from hotline.flow.position import Position


@dataclass(frozen=True, slots=True)
class Facts:
    """What the flow may know of a call beside its position."""

    languages: tuple[str, ...]  # those of the line, in its order
    remembered: str | None = None  # the one that this number chose before
    most_turns: int = 30
    voicemail_seconds: int = 300
    silence_seconds: int = 10


@dataclass(frozen=True, slots=True)
class Clip:
    """One prompt in one language."""

    prompt: str
    language: str


@dataclass(frozen=True, slots=True)
class Gather:
    """Wait for keys."""

    seconds: int
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """The microphone: a tone, then up to so many seconds, ended by # or by silence."""

    seconds: int
    silence: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer. `wait` empty: the call ends after what it plays."""

    position: Position
    plays: tuple[Clip, ...]
    wait: Gather | Record | None
    chose_language: bool = False  # by the key that led here


@dataclass(frozen=True, slots=True)
class Pressed:
    digits: str


@dataclass(frozen=True, slots=True)
class NoKey:
    pass


@dataclass(frozen=True, slots=True)
class Recorded:
    seconds: int | None


@dataclass(frozen=True, slots=True)
class NothingRecorded:
    pass


Heard = Pressed | NoKey | Recorded | NothingRecorded
