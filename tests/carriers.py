"""The rehearsal carrier in a thread of the tests, and the hotline's client for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.serving import make_server

from hotline.carrier.client import AnswerLost, Carrier
from hotline.carrier.profiles import Profile
from hotline.rehearsal.app import create_app
from hotline.rehearsal.call import Call
from hotline.rehearsal.config import Config, Faults
from hotline.rehearsal.exchange import Exchange, Text
from hotline.rehearsal.gaps import TWILIO, Gaps
from hotline.rehearsal.sound import to_wav

ACCOUNT, TOKEN = "AC" + "0" * 32, "test-token"


@dataclass
class RunningCarrier:
    """A carrier that listens, what it remembers, and our client for it."""

    url: str
    exchange: Exchange
    client: Carrier

    @property
    def faults(self) -> Faults:
        return self.exchange.faults

    def hold(self, sid: str, samples: bytes, call_sid: str = "CA1") -> None:
        """The carrier has recorded this."""
        self.exchange.keep_recording(call_sid, to_wav(samples), max(1, len(samples) // 16000), sid)

    def called(
        self, sid: str, from_: str, to: str, *, status: str = "completed", at: datetime | None = None
    ) -> None:
        """It has had this call, and told nobody."""
        made = Call(self.exchange, from_, to, sid=sid, status=status, made_at=at or datetime.now(UTC))
        self.exchange.calls[sid] = made

    def texted(
        self,
        sid: str,
        from_: str,
        to: str,
        body: str,
        *media: tuple[str, str, bytes],
        at: datetime | None = None,
    ) -> None:
        """It has had this text a while ago, and told nobody; with it came `media` (id, claimed type, bytes)."""
        for one, type, file in media:
            self.exchange.keep_media(sid, type, file, one)
        ids = tuple(one for one, _, _ in media)
        self.exchange.texts[sid] = Text(
            sid, from_, to, body, True, "received", at or datetime.now(UTC) - timedelta(seconds=20), media=ids
        )


@contextmanager
def answers_lost(method: str, *, taken: bool) -> Iterator[None]:
    """No answer comes back to this method of our client; `taken` says whether the carrier got what was asked."""
    hand_over = getattr(Carrier, method)

    def lose(*given: Any) -> str:
        if taken:
            hand_over(*given)
        raise AnswerLost("answer")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Carrier, method, lose)
        yield


@pytest.fixture
def carrier() -> Iterator[RunningCarrier]:
    with run_carrier() as running:
        yield running


@contextmanager
def run_carrier(
    host: str = "127.0.0.1", gaps: Gaps = TWILIO, profile: Profile | None = None
) -> Iterator[RunningCarrier]:
    """A carrier of its own, on a free port; our client takes it for what `profile` says."""
    app = create_app(Config("http://127.0.0.1:9", ACCOUNT, TOKEN, speed=50, gaps=gaps))
    server = make_server(host, 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    url = f"http://{host}:{server.port}"
    yield RunningCarrier(url, app.extensions["exchange"], Carrier(ACCOUNT, TOKEN, url, profile))
    server.shutdown()
