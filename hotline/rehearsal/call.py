"""One call, as the carrier runs it: ask, do what the answer says, ask again, until somebody hangs up."""

import queue
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urljoin

import requests

from hotline.rehearsal.exchange import Exchange, HungUp, new_sid
from hotline.rehearsal.recording import record
from hotline.rehearsal.sound import name_of, wav_seconds
from hotline.rehearsal.twiml import BadDocument, Verb, read_twiml
from hotline.rehearsal.webhook import Answer, NoAnswer, ask, tell

WORD = 0.35  # seconds that a spoken word takes
MOST_STEPS = 200
SCRIPTED = 60.0  # times faster than people


@dataclass
class Script:
    """What a scripted caller does: keys at each wait, one sound at the microphone, and when they leave."""

    keys: list[str] = field(default_factory=list)
    sound: bytes | None = None  # telephone samples
    hang_up: str = "after"  # after the last word, or while "recording", or at the last "key"


@dataclass
class Call:
    """A call and all that its phone shows. People act through `press`, `speak`, `talk` and `hang_up`."""

    exchange: Exchange
    from_: str
    to: str
    script: Script | None = None
    sid: str = field(default_factory=lambda: new_sid("CA"))
    status: str = "ringing"
    log: list[dict[str, Any]] = field(default_factory=list)
    waits: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    talking: bool = False
    gone: bool = False
    keys: "queue.Queue[str]" = field(default_factory=queue.Queue)
    sounds: "queue.Queue[bytes]" = field(default_factory=queue.Queue)
    began: float = field(default_factory=time.monotonic)
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    # ── what people do ──
    def press(self, keys: str) -> None:
        for key in keys:
            if key in "0123456789*#":
                self.keys.put(key)

    def speak(self, samples: bytes) -> None:
        self.sounds.put(samples)

    def hang_up(self) -> None:
        self.gone = True

    # ── what the carrier does ──
    def start(self) -> None:
        threading.Thread(target=self._run, name=self.sid, daemon=True).start()

    def _run(self) -> None:
        self.status = "in-progress"
        try:
            self._follow("/voice/incoming", {})
        except HungUp:
            self.note("hangup", "Hangup", "The caller hangs up")
        finally:
            self.status = "completed"
            self.wait_for({})
            self.tell("/voice/status", {"CallDuration": str(self.seconds()), "Duration": "1"})

    def _follow(self, url: str, more: dict[str, str]) -> None:
        """Ask and do, until a document ends the call or ends."""
        for _ in range(MOST_STEPS):
            onward = self._perform(self._document(url, more))
            if onward is None:
                self.note("hangup", "Hangup", "The call ends")
                return
            url, more = onward

    def _document(self, url: str, more: dict[str, str]) -> tuple[Verb, ...]:
        """The hotline's answer; where it fails, the fallback's."""
        try:
            answer = self.ask(url, more)
            self.note("call-in", "", "Asks the hotline what to do", _how(answer))
            return read_twiml(answer.body)
        except (NoAnswer, BadDocument) as failed:
            asked = getattr(failed, "url", urljoin(self.exchange.config.webhooks + "/", url))
            self.note("offline", "", "Has no answer it can use, and asks the fallback", str(failed))
            fallback = {"ErrorCode": str(failed.code), "ErrorUrl": asked}
        try:
            return read_twiml(self.ask("/voice/fallback", fallback).body)
        except (NoAnswer, BadDocument) as failed:
            self.note("offline", "", "The fallback does not answer either", str(failed))
            return (Verb("Hangup"),)

    def _perform(self, verbs: tuple[Verb, ...]) -> tuple[str, dict[str, str]] | None:
        """Do each verb in turn; the answer is where to ask next, or nothing where the call ends."""
        for verb in verbs:
            match verb.name:
                case "Gather":
                    if onward := self._gather(verb):
                        return onward
                case "Record":
                    if onward := record(self, verb):
                        return onward
                case "Redirect":
                    self.note("right", "Redirect", "Goes on")
                    return verb.text, {}
                case "Hangup" | "Reject":
                    return None
                case _:
                    self._play(verb, barge_in=False)
        return None

    def _gather(self, verb: Verb) -> tuple[str, dict[str, str]] | None:
        finish, most = verb.attributes.get("finishOnKey", "#"), verb.number("numDigits", 0)
        self._clear_keys()
        pressed = ""
        if self.script is not None:
            pressed = self.script.keys.pop(0) if self.script.keys else ""
            if not pressed and self.script.hang_up == "key":
                raise HungUp
        for inner in verb.nested:
            if pressed or not self.keys.empty():
                break
            self._play(inner, barge_in=True)
        timeout = verb.number("timeout", 5)
        self.wait_for({"for": "key", "seconds": timeout})
        scripted = bool(pressed)
        while not scripted and not (most and len(pressed) >= most):
            key = self._key(timeout)
            if key is None or key == finish:
                break
            pressed += key
        self.wait_for({})
        self.note(
            "keyboard",
            "Gather",
            f"Waits for a key, {timeout} s",
            f"pressed {pressed}" if pressed else "no key",
        )
        if not pressed and verb.attributes.get("actionOnEmptyResult") != "true":
            return None
        digits = {"Digits": pressed} if pressed else {}
        return verb.attributes.get("action", "/voice/incoming"), digits | {"msg": "Gather End"}

    def _play(self, verb: Verb, *, barge_in: bool) -> None:
        match verb.name:
            case "Play":
                seconds, told = self._fetch(urljoin(self.exchange.config.webhooks + "/", verb.text))
                self.note("volume", "Play", "Plays", **told)
            case "Say":
                seconds = WORD * len(verb.text.split())
                self.note("volume", "Say", "Says", verb.text)
            case _:
                seconds = float(verb.number("length", 1))
                self.note("clock", "Pause", f"Is silent for {seconds:.0f} s")
        self._pass(seconds, barge_in)

    def _fetch(self, address: str) -> tuple[float, dict[str, Any]]:
        """The sound, and what the hotline says of it in rehearsal."""
        try:
            answer = requests.get(address, timeout=(5, 15))
        except requests.RequestException:
            return 0.0, {"detail": "the sound cannot be fetched"}
        if answer.status_code != 200:
            return 0.0, {"detail": f"the sound's status is {answer.status_code}"}
        name = name_of(answer.content)
        self.exchange.sounds.setdefault(name, answer.content)
        seconds = wav_seconds(answer.content)
        return seconds, {
            "sound": name,
            "seconds": round(seconds, 1),
            "prompt": answer.headers.get("X-Prompt", ""),
            "language": answer.headers.get("Content-Language", ""),
            "words": unquote(answer.headers.get("X-Prompt-Text", "")),
            "meaning": unquote(answer.headers.get("X-Prompt-Meaning", "")),
            "placeholder": answer.headers.get("X-Prompt-Placeholder") == "1",
        }

    # ── what verbs use ──
    def ask(self, url: str, more: dict[str, str]) -> Answer:
        return ask(self.exchange.config, self.exchange.faults, url, self.fields() | more)

    def tell(self, url: str, more: dict[str, str]) -> None:
        stamped = {
            "Timestamp": format_datetime(datetime.now(UTC)),
            "SequenceNumber": "0",
            "CallbackSource": "call-progress-events",
        }
        tell(self.exchange.config, self.exchange.faults, url, self.fields() | stamped | more)

    def fields(self) -> dict[str, str]:
        """What every webhook of this call carries."""
        return {
            "AccountSid": self.exchange.config.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to,
            "Caller": self.from_,
            "Direction": "inbound",
            "From": self.from_,
            "To": self.to,
        }

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

    def _key(self, seconds: float) -> str | None:
        until = self.until(seconds)
        while (left := until - time.monotonic()) > 0:
            self.check_gone()
            try:
                return self.keys.get(timeout=min(left, 0.05))
            except queue.Empty:
                continue
        return None

    def _pass(self, seconds: float, barge_in: bool) -> None:
        until = self.until(seconds)
        while (left := until - time.monotonic()) > 0:
            self.check_gone()
            if barge_in and not self.keys.empty():
                return
            time.sleep(min(left, 0.05))
        self.check_gone()

    def _clear_keys(self) -> None:
        """Keys pressed while nobody asked are forgotten."""
        while not self.keys.empty():
            self.keys.get_nowait()


def _how(answer: Answer) -> str:
    path = answer.url.partition("://")[2].partition("/")[2].partition("?")[0]
    return f"POST /{path}, signed, answered in {answer.took_ms} ms"
