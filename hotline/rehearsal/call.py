"""One call: who speaks with whom, what its phone shows, and what people at that phone do."""

import queue
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urljoin

from hotline.rehearsal.exchange import Exchange, HungUp
from hotline.rehearsal.follow import run_call
from hotline.rehearsal.twiml import Onward
from hotline.rehearsal.webhook import Answer, ask, tell

SCRIPTED = 60.0  # times faster than people


@dataclass
class Script:
    """What a scripted caller does: keys at each wait, one sound at the microphone, and when they leave."""

    keys: list[str] = field(default_factory=list)
    sound: bytes | None = None  # telephone samples
    hang_up: str = (
        "after"  # after the last word, while "recording", at the last "key", or at the first "ring"
    )


@dataclass(frozen=True)
class Handling:
    """Whom the carrier asks about a call: as a line of ours is set, unless the caller says otherwise."""

    first: Onward = field(default_factory=lambda: Onward("/voice/incoming"))
    fallback: str = "/voice/fallback"
    status: str = "/voice/status"
    status_method: str = "POST"
    events: tuple[str, ...] = ("completed",)
    ring_seconds: int = 60  # an outgoing call rings this long


@dataclass
class Call:
    """A call and all that its phone shows. People act through `press`, `speak`, `answer` and `hang_up`.

    `phone` is the phone at which they do, though `from_` may withhold its number.
    """

    exchange: Exchange
    from_: str
    to: str
    script: Script | None = None
    sid: str = ""
    status: str = "ringing"
    direction: str = "inbound"
    phone: str = ""
    handling: Handling = field(default_factory=Handling)
    log: list[dict[str, Any]] = field(default_factory=list)
    waits: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    talking: bool = False
    gone: bool = False
    chosen: str = ""  # what a person does with a ringing phone: it "answers", or is "busy"
    keys: "queue.Queue[str]" = field(default_factory=queue.Queue)
    sounds: "queue.Queue[bytes]" = field(default_factory=queue.Queue)
    began: float = field(default_factory=time.monotonic)
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    document: str = ""  # the address of the document that is being followed
    told: int = 0  # how often its status was told

    def __post_init__(self) -> None:
        self.phone = self.phone or (self.from_ if self.direction == "inbound" else self.to)
        self.sid = self.sid or self.exchange.new_sid("CA")

    # ── what people do ──
    def press(self, keys: str) -> None:
        for key in keys:
            if key in "0123456789*#":
                self.keys.put(key)

    def speak(self, samples: bytes) -> None:
        self.sounds.put(samples)

    def answer(self) -> None:
        self.chosen = self.chosen or "answers"

    def hang_up(self) -> None:
        """Leave; who does so while their phone rings declines."""
        if self.rings_here:
            self.chosen = self.chosen or "busy"
        else:
            self.gone = True

    def end(self) -> None:
        """The hotline has had enough."""
        self.gone = True

    # ── what the carrier does ──
    def start(self) -> None:
        with self.exchange.lock:
            self.exchange.calls[self.sid] = self
        threading.Thread(target=run_call, args=(self,), name=self.sid, daemon=True).start()

    def ask(self, onward: Onward) -> Answer:
        """Raises: NoAnswer."""
        config, faults = self.exchange.config, self.exchange.faults
        return ask(config, faults, self.resolve(onward.url), self.fields() | onward.more, onward.method)

    def tell(self, url: str, more: dict[str, str], method: str = "POST") -> None:
        stamped = {
            "Timestamp": format_datetime(datetime.now(UTC)),
            "SequenceNumber": "0",
            "CallbackSource": "call-progress-events",
        }
        fields = self.fields() | stamped | more
        tell(self.exchange.config, self.exchange.faults, self.resolve(url), fields, method)

    def tell_status(self, event: str, more: dict[str, str] | None = None) -> None:
        """Call back about the call itself, where that event is wanted."""
        only_end = self.exchange.config.gaps.one_status
        wanted = ("completed",) if only_end else self.handling.events
        if self.handling.status and event in wanted:
            numbered = {"SequenceNumber": str(self.told)} | (more or {})
            self.told += 1
            self.tell(self.handling.status, numbered, self.handling.status_method)

    def resolve(self, url: str) -> str:
        """An address as the current document means it."""
        return urljoin(self.document or self.exchange.config.webhooks + "/", url)

    def fields(self) -> dict[str, str]:
        """What every webhook of this call carries."""
        return {
            "AccountSid": self.exchange.config.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to,
            "Caller": self.from_,
            "Direction": self.direction,
            "From": self.from_,
            "To": self.to,
        }

    # ── what its phone shows ──
    def note(self, sign: str, verb: str, says: str, detail: str = "", **more: Any) -> None:
        """Write into what the phone's page shows."""
        with self.exchange.lock:
            self.log.append(
                {"at": self.seconds(), "sign": sign, "verb": verb, "says": says, "detail": detail, **more}
            )
            self.version += 1

    def wait_for(self, what: dict[str, Any]) -> None:
        with self.exchange.lock:
            self.waits = what
            self.version += 1

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    @property
    def rings_here(self) -> bool:
        """Whether it is the phone of a person that rings."""
        return self.direction != "inbound" and self.status == "ringing"

    # ── its clock ──
    def seconds(self) -> int:
        return round((time.monotonic() - self.began) * self.speed)

    @property
    def speed(self) -> float:
        """How many times faster than people this call goes; nobody waits while a script is played."""
        return (
            self.exchange.config.speed if self.script is None else max(self.exchange.config.speed, SCRIPTED)
        )

    def until(self, seconds: float) -> float:
        """The moment, on the monotonic clock, so many of the caller's seconds from now."""
        return time.monotonic() + seconds / self.speed

    def check_gone(self) -> None:
        """Raises: HungUp."""
        if self.gone:
            raise HungUp

    def pass_time(self, seconds: float, *, barge_in: bool = False) -> None:
        """Let so many of the caller's seconds go by, or fewer where a key may end them. Raises: HungUp."""
        until = self.until(seconds)
        while (left := until - time.monotonic()) > 0:
            self.check_gone()
            if barge_in and not self.keys.empty():
                return
            time.sleep(min(left, 0.05))
        self.check_gone()
