"""What goes between the flow and whoever serves it: what was heard, what to play, what to wait for."""

from dataclasses import dataclass
from typing import Literal

from hotline.flow.places import Place
from hotline.flow.position import Position

Hours = Literal["open", "closed", "holiday"]
# What is done beside answering: by hotline.webhooks.acts, in the studio by hotline.webhooks.studio.
Act = Literal["ask_callback", "report_by_keys", "send_information", "say_anew"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the flow may know of a call beside its position."""

    languages: tuple[str, ...]  # those of the line, in its order
    own_names: tuple[str, ...] = ()  # what each of them calls itself
    remembered: str | None = None  # the one that this number chose before
    most_turns: int = 30
    voicemail_seconds: int = 300
    silence_seconds: int = 10
    hours: Hours = "open"  # of the line, in its own zone
    evening_over: bool = False  # there, for whoever would be called this evening
    can_text: bool = (
        False  # the number is a phone's; whether its owner refused texts is known where they are sent
    )
    can_be_called: bool = True  # back, at our cost: not a number withheld, dear or of elsewhere
    on_duty: frozenset[str] = frozenset()  # languages that somebody on duty speaks
    announcement: str = ""  # a prompt that stands before the line just now
    straight: bool = False  # every caller goes straight to the microphone just now
    country: str = ""  # of the line (ISO 3166); nothing where it is unknown
    fresh: frozenset[str] = (
        frozenset()
    )  # messages for this country that are not too old (hotline.flow.topics)
    old: frozenset[str] = frozenset()  # messages for everybody that are
    places: tuple[Place, ...] = ()  # where help is in this country
    reads: bool = False  # by texts: what has no sound can be told, too
    elsewhere: tuple[tuple[str, str], ...] = ()  # by language, how that is written of places in a text


@dataclass(frozen=True, slots=True)
class Clip:
    """One prompt in one language."""

    prompt: str
    language: str


@dataclass(frozen=True, slots=True)
class Gather:
    """Wait for keys."""

    seconds: int
    digits: int = 1  # 0: as many as are pressed before #


@dataclass(frozen=True, slots=True)
class Record:
    """The microphone: a tone, then up to so many seconds, ended by # or by silence."""

    seconds: int
    silence: int


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring staff for so many seconds."""

    seconds: int


Wait = Gather | Record | Dial


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer. `wait` empty: the call ends after what it plays."""

    position: Position
    plays: tuple[Clip, ...]
    wait: Wait | None
    chose_language: bool = False  # by the key that led here
    replay: bool = False  # before all else, the caller's own last message
    does: tuple[Act, ...] = ()
    topic: str = ""  # of an information that is sent, in the words of the scripts or in these
    words: str = ""
    unsent: tuple[Clip, ...] = ()  # played in place of `plays` where that text may not be sent
    # The ids of staff's answers by voice, each heard after a clip that says so (nodes.mailbox.REPLY).
    replies: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Talked:
    """Somebody of staff took the call."""


@dataclass(frozen=True, slots=True)
class NobodyTook:
    pass


@dataclass(frozen=True, slots=True)
class Admitted:
    """Code and PIN are right; `clips` tells how things stand, `replies` are the ids of staff's answers by voice."""

    clips: tuple[Clip, ...]
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotAdmitted:
    pass


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nobody has looked whether the digits are right: too many were tried, or the database is away."""


@dataclass(frozen=True, slots=True)
class MailboxMade:
    """The code that opens the new mailbox."""

    code: str


Heard = (
    Pressed
    | NoKey
    | Recorded
    | NothingRecorded
    | Talked
    | NobodyTook
    | Admitted
    | NotAdmitted
    | NotNow
    | MailboxMade
)
