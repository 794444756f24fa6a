"""Callers and texters at a carrier that behaves as Twilio says: what it did stands in its lists, whatever we heard.

A webhook is tried once more where no connection was made (Twilio, "Webhooks: connection overrides", by default). A call
whose webhook fails goes to the fallback, then it drops; a callback that fails is lost.
"""

import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from urllib.parse import urlsplit
from xml.etree import ElementTree

import requests
from twilio.request_validator import RequestValidator

from benchmarks.voicemail import speech_like
from hotline.rehearsal.exchange import Exchange, new_sid
from tests.carriers import TOKEN, RunningCarrier
from tests.made_media import picture, sound

LINE = "+6620000142"
PATIENCE = (5, 15)  # seconds, as Twilio waits for us
SECONDS = 2


@dataclass
class Callers:
    """Everybody who calls or texts, and what the carrier knows of it."""

    carrier: RunningCarrier
    public_url: str
    chance: random.Random
    sent: int = 0  # webhooks, repeats included
    slowest: float = 0.0
    calls: set[str] = field(default_factory=set)
    voicemails: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)  # that came with texts
    voice_notes: set[str] = field(default_factory=set)  # likewise
    _lock: Lock = field(default_factory=Lock)

    def act(self, events: int, hurt: Callable[[], "Future[None]"], at_once: int = 8) -> None:
        """So many signed events in all; `hurt` begins when a third of them have been sent."""
        before, faulted = self.sent, False
        with ThreadPoolExecutor(at_once) as people:
            pending = []
            while self.sent < before + events:
                pending = [one for one in pending if not one.done()]
                if len(pending) < at_once:
                    pending.append(people.submit(self._text if self.chance.random() < 0.4 else self._call))
                if not faulted and self.sent > before + events / 3:
                    faulted = True
                    pending.append(hurt())
                time.sleep(0.005)
            for one in pending:
                one.result()

    def _call(self) -> None:
        sid, caller = new_sid("CA"), f"+6681{self.chance.randrange(10**7):07d}"
        self.carrier.called(sid, caller, LINE)
        self.calls.add(sid)
        fields = {"CallSid": sid, "From": caller, "To": LINE, "CallStatus": "in-progress"}
        document = self._ask("/voice/incoming", fields)
        for key in ("1", "1", "", ""):
            if document is None or document.find("Record") is not None:
                break
            document = self._ask(_next(document, "Gather"), fields | ({"Digits": key} if key else {}))
        if document is not None and (record := document.find("Record")) is not None:
            self._speak(record, fields)
        self._tell("/voice/status", fields | {"CallStatus": "completed", "SequenceNumber": "3"})

    def _speak(self, record: ElementTree.Element, fields: dict[str, str]) -> None:
        sid = new_sid("RE")
        _keep(self.carrier.exchange, fields["CallSid"], sid)
        self.voicemails.add(sid)
        told = {"RecordingSid": sid, "RecordingDuration": str(SECONDS), "RecordingStatus": "completed"}
        self._ask(_path(record.attrib["action"]), fields | told)
        self._tell(
            _path(record.attrib["recordingStatusCallback"]), {"CallSid": fields["CallSid"]} | told, twice=True
        )

    def _text(self) -> None:
        sid, texter = new_sid("SM"), f"+6682{self.chance.randrange(10**7):07d}"
        body = f"They keep my passport {sid}"
        told = {"MessageSid": sid, "From": texter, "To": LINE, "Body": body}
        files, with_it = [], self.chance.random()
        if with_it < 0.4:
            kept, type, made = (
                (self.pictures, "image/jpeg", picture)
                if with_it < 0.2
                else (self.voice_notes, "audio/amr", _note)
            )
            files = [(new_sid("ME"), type, made())]
            kept.add(files[0][0])
            address = f"{self.carrier.exchange.account_url}/Messages/{sid}/Media/{files[0][0]}"
            told |= {"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": type}
        self.carrier.texted(sid, texter, LINE, body, *files)
        self.texts.add(sid)
        self._tell("/sms/incoming", told, twice=True)

    def _ask(self, path: str, fields: dict[str, str]) -> ElementTree.Element | None:
        """What a call is told; else the fallback tells it, else the call drops."""
        document = self._post(path, fields)
        if document is None:
            failed = {"ErrorCode": "11205", "ErrorUrl": self.public_url + path}
            document = self._post("/voice/fallback", fields | failed)
        return ElementTree.fromstring(document) if document is not None else None

    def _tell(self, path: str, fields: dict[str, str], *, twice: bool = False) -> None:
        """A callback, and now and then a repeat."""
        self._post(path, fields)
        if twice and self.chance.random() < 0.3:
            self._post(path, fields)

    def _post(self, path: str, fields: dict[str, str], *, tries: int = 2) -> bytes | None:
        signature = RequestValidator(TOKEN).compute_signature(self.public_url + path, fields)
        headers, began = {"X-Twilio-Signature": signature}, time.monotonic()
        answer, connected = None, True
        try:
            answer = requests.post(self.public_url + path, data=fields, headers=headers, timeout=PATIENCE)
        except requests.RequestException as broken:
            connected = not isinstance(broken, requests.ConnectionError)
        with self._lock:
            self.sent += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
        if not connected and tries > 1:
            return self._post(path, fields, tries=tries - 1)
        return answer.content if answer is not None and answer.status_code == 200 else None


def _keep(exchange: Exchange, call_sid: str, sid: str) -> None:
    exchange.keep_recording(call_sid, _sound(), SECONDS, sid)


@cache
def _sound() -> bytes:
    return speech_like(SECONDS)


@cache
def _note() -> bytes:
    return sound("amr")


def _next(document: ElementTree.Element, verb: str) -> str:
    found = document.find(verb)
    assert found is not None
    return _path(found.attrib["action"])


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
