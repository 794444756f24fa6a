"""A hotline as the carrier sees one: documents at addresses, and everything that was asked of it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from hotline.rehearsal.app import create_app
from hotline.rehearsal.client import Phone
from hotline.rehearsal.config import Config
from hotline.rehearsal.exchange import Exchange
from hotline.rehearsal.gaps import TWILIO, Gaps

ACCOUNT, TOKEN = "AC" + "0" * 32, "test-token"
LINE, CALLER = "+6620000142", "+66812345678"
EMPTY = "<Response/>"


@dataclass(frozen=True)
class Asked:
    """One webhook as it came."""

    method: str
    url: str
    form: dict[str, str]
    signature: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query))

    @property
    def fields(self) -> dict[str, str]:
        return self.query | self.form

    def is_signed(self) -> bool:
        return bool(RequestValidator(TOKEN).validate(self.url, self.form, self.signature))


@dataclass
class TinyHotline:
    """Answers each path with what `serves` holds for it: a document, a sound, or the status of a failure."""

    url: str = ""
    serves: dict[str, str | bytes | int] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def to(self, path: str) -> list[Asked]:
        return [one for one in self.asked if one.path == path]

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


@dataclass
class Rehearsal:
    """A carrier that listens, the hotline that it asks, and a telephone."""

    url: str
    exchange: Exchange
    hotline: TinyHotline
    phone: Phone

    @property
    def account_url(self) -> str:
        return f"{self.url}/2010-04-01/Accounts/{ACCOUNT}"

    @property
    def credentials(self) -> tuple[str, str]:
        return ACCOUNT, TOKEN

    def call(self, sound: bytes | None = None, keys: str = "", hang_up: str = "after") -> dict[str, object]:
        """A scripted call to its end, with the callback that tells of it."""
        before = len(self.hotline.to("/voice/status"))
        ended = self.phone.play(from_=CALLER, to=LINE, keys=keys, speak=sound, hang_up=hang_up)
        wait_for(lambda: len(self.hotline.to("/voice/status")) > before)
        return ended


def wait_for(true: Callable[[], object], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "this did not come true in time"
        time.sleep(0.01)


@contextmanager
def run_hotline() -> Iterator[TinyHotline]:
    hotline = TinyHotline()

    class Answers(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = dict(parse_qsl(body, keep_blank_values=True))
            signature = self.headers.get("X-Twilio-Signature", "")
            if signature:
                hotline.asked.append(Asked(self.command, hotline.url + self.path, form, signature))
            served = hotline.serves.get(urlsplit(self.path).path, EMPTY)
            sent = (
                served.encode() if isinstance(served, str) else served if isinstance(served, bytes) else b""
            )
            self.send_response(served if isinstance(served, int) else 200)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = _answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    hotline.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield hotline
    server.shutdown()
    server.server_close()


@contextmanager
def run_carrier(hotline: TinyHotline, speed: float = 100, gaps: Gaps = TWILIO) -> Iterator[Rehearsal]:
    app = create_app(Config(hotline.url, ACCOUNT, TOKEN, (LINE,), speed, gaps))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.port}"
    yield Rehearsal(url, app.extensions["exchange"], hotline, Phone(url))
    server.shutdown()
    server.server_close()
