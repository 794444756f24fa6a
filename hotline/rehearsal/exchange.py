"""What the carrier remembers: calls, recordings, texts, and what each phone has on its screen."""

import secrets
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hotline.rehearsal.config import Config, Faults

if TYPE_CHECKING:
    from hotline.rehearsal.call import Call


OUT_OF_SIGHT = 90.0  # seconds: a browser asks once a minute for a page that nobody looks at


class HungUp(Exception):
    """The caller is gone."""


def new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


@dataclass
class Recording:
    """Audio that the carrier holds."""

    sid: str
    call_sid: str
    wav: bytes
    seconds: int
    made_at: datetime
    ready_at: float  # on the monotonic clock


@dataclass
class Media:
    """A picture or the like that came with a text."""

    sid: str
    text_sid: str
    type: str
    body: bytes
    made_at: datetime
    ready_at: float  # on the monotonic clock


@dataclass
class Text:
    """One text, either way."""

    sid: str
    from_: str
    to: str
    body: str
    inbound: bool
    status: str
    at: datetime
    error_code: int = 0  # why it was not delivered; 0: no reason
    by_carrier: bool = False  # the carrier's own answer to STOP and the like
    sent_at: datetime | None = None
    media: tuple[str, ...] = ()  # ids of what came with it, also of what was deleted since


@dataclass
class Exchange:
    """Everything, behind one lock."""

    config: Config
    faults: Faults = field(default_factory=Faults)
    calls: dict[str, "Call"] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    stopped: set[tuple[str, str]] = field(default_factory=set)  # (our number, theirs) after STOP
    answers: dict[str, str] = field(default_factory=dict)  # how a number answers when it is called
    presses: dict[str, str] = field(
        default_factory=dict
    )  # the key that is pressed there when one is asked for
    laid_out: dict[str, float] = field(default_factory=dict)  # phones before a person, last seen when
    address: str = "http://127.0.0.1"  # where we were last reached: recordings are fetched there
    sounds: dict[str, bytes] = field(default_factory=dict)  # what phones have heard, by name
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)  # where each leads, by field
    next_call: float = 0.0  # on the monotonic clock: not before then the next call goes out
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        for number in self.config.lines:
            self.numbers[number] = _leads_to(self.config.webhooks)

    def leads(self, number: str) -> dict[str, str]:
        """Who is asked of a number, by field: as it is set, else as a line of ours is."""
        return self.numbers.get(number) or _leads_to(self.config.webhooks)

    def lead(self, number: str, webhooks: str) -> None:
        """A number of somebody else's in the same account; nothing: it is theirs no more."""
        with self.lock:
            self.numbers.pop(number, None)
            if webhooks:
                self.numbers[number] = _leads_to(webhooks)

    def new_sid(self, prefix: str) -> str:
        return str(uuid.uuid4()) if self.config.gaps.plain_ids else new_sid(prefix)

    @property
    def account_url(self) -> str:
        """This account at our own REST API."""
        return f"{self.address}/2010-04-01/Accounts/{self.config.account_sid}"

    def queue_call(self) -> float:
        """Seconds until a call may go out, a turn being taken: one a second (Twilio, "Calls per second")."""
        with self.lock:
            now = time.monotonic()
            begins = max(now, self.next_call)
            self.next_call = begins + 1 / self.config.speed
        return (begins - now) * self.config.speed

    def keep_recording(self, call_sid: str, wav: bytes, seconds: int, sid: str) -> Recording:
        made = Recording(sid, call_sid, wav, seconds, datetime.now(UTC), time.monotonic())
        with self.lock:
            self.recordings[sid] = made
        return made

    def keep_media(self, text_sid: str, type: str, body: bytes, sid: str = "") -> Media:
        made = Media(sid or self.new_sid("ME"), text_sid, type, body, datetime.now(UTC), time.monotonic())
        with self.lock:
            self.media[made.sid] = made
        return made

    def media_of(self, text_sid: str) -> list[Media]:
        """What is still held of it, in its order."""
        with self.lock:
            return [one for one in self.media.values() if one.text_sid == text_sid]

    def lay_out(self, numbers: list[str]) -> None:
        """These phones lie before a person, who answers them, or does not."""
        with self.lock:
            self.laid_out |= dict.fromkeys(numbers, time.monotonic())

    def lies_here(self, number: str) -> bool:
        return time.monotonic() - self.laid_out.get(number, -OUT_OF_SIGHT) < OUT_OF_SIGHT

    def calls_at(self, number: str) -> list["Call"]:
        """The calls that this phone is in or rings for, the first one first."""
        with self.lock:
            return [call for call in self.calls.values() if call.phone == number and not call.is_over]

    def thread(self, number: str) -> list[Text]:
        """The texts of one phone, oldest first."""
        with self.lock:
            return [text for text in self.texts.values() if number in (text.from_, text.to)]


def _leads_to(webhooks: str) -> dict[str, str]:
    return {
        "voice_url": f"{webhooks}/voice/incoming",
        "voice_fallback_url": f"{webhooks}/voice/fallback",
        "status_callback": f"{webhooks}/voice/status",
        "sms_url": f"{webhooks}/sms/incoming",
    }
