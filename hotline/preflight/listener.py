"""A small web server of the trial's own, on loopback: what it answers is given, what it is asked is kept."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from hotline.rehearsal.sound import RATE, to_wav

BROKEN = "broken"  # answered with 503 and nothing else
PICTURE = b"GIF89a\1\0\1\0\0\0\0;"  # one point

SOUND = to_wav(bytes(RATE // 5))  # a tenth of a second, silent
# To whoever gets rather than posts.
FILES = {"/picture": ("image/gif", PICTURE), "/sound.wav": ("audio/wav", SOUND)}

Documents = Callable[[str], dict[str, str]]  # by path, once the address of the server is known


@dataclass(frozen=True)
class Asked:
    """A webhook as it came."""

    path: str
    address: str
    pairs: tuple[tuple[str, str], ...]
    signature: str

    def said(self, name: str) -> str:
        return dict(self.pairs).get(name, "")


@dataclass
class Listener:
    """`asked`: every webhook, in its order; `fetched`: the files that were."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    fetched: set[str] = field(default_factory=set)

    def to(self, *paths: str) -> list[Asked]:
        return [one for one in list(self.asked) if one.path in paths]


@contextmanager
def listen(documents: Documents) -> Iterator[Listener]:
    """Answer on a free port until the end."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
            pairs = tuple(parse_qsl(body, keep_blank_values=True))
            given = self.headers.get("X-Twilio-Signature", "")
            listener.asked.append(Asked(self.path, listener.url + self.path, pairs, given))
            document = answers.get(self.path, "<Response/>")
            sent = b"" if document == BROKEN else document.encode()
            self.send_response(503 if document == BROKEN else 200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def do_GET(self) -> None:
            """A picture that is to be sent with a text, or a sound that is to be played: the carrier fetches it."""
            listener.fetched.add(self.path)
            kind, content = FILES.get(self.path, ("text/plain", b""))
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    listener = Listener(f"http://127.0.0.1:{server.server_port}")
    answers = documents(listener.url)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
