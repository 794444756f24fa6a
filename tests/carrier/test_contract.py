"""Every request that we send is one that Twilio's own description of its API knows.

The description is read from TWILIO_OAI, else from ../shared/twilio-oai beside the checkout; CI has it
and fails without it, elsewhere this module says that it was skipped.
"""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hotline.carrier.client import Carrier

ROOT = Path(__file__).parents[2]
OAI = Path(os.environ.get("TWILIO_OAI", ROOT.parent / "shared" / "twilio-oai")) / "twilio_api_v2010.json"
if not OAI.exists() and not os.environ.get("CI"):
    pytest.skip(f"Twilio's API description is not at {OAI}", allow_module_level=True)

ACCOUNT = "AC" + "1" * 32


@dataclass(frozen=True)
class Sent:
    method: str
    path: str
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    authorization: str


@pytest.fixture
def sent() -> Iterator[tuple[Carrier, list[Sent]]]:
    """A carrier that writes down what it is asked, and answers something."""
    seen: list[Sent] = []

    class Recorder(BaseHTTPRequestHandler):
        def _take(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            seen.append(
                Sent(
                    self.command,
                    parts.path,
                    parse_qs(parts.query),
                    parse_qs(body),
                    self.headers["Authorization"],
                )
            )
            answer = json.dumps(
                {"sid": "SM1", "status": "completed", "messages": [], "next_page_uri": None}
            ).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_DELETE = _take

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Carrier(ACCOUNT, "token", f"http://127.0.0.1:{server.server_port}"), seen
    server.shutdown()


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(OAI.read_text())
    return read


def _operation(description: dict[str, Any], request: Sent) -> tuple[str, dict[str, Any]]:
    """The path and the operation that this request is, by the description."""
    for template, item in description["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[A-Za-z0-9]+", re.escape(template))
        # Media of a recording is its own address with another ending, which the description does not list.
        path = re.sub(r"(/Recordings/\w+)\.wav$|(/Media/\w+)$", r"\1\2.json", request.path)
        if re.fullmatch(pattern, path) and request.method.lower() in item:
            return template, item[request.method.lower()]
    raise AssertionError(f"{request.method} {request.path} is in no description")


@pytest.mark.parametrize(
    "ask",
    [
        lambda carrier: carrier.fetch_recording("RE" + "2" * 32),
        lambda carrier: carrier.delete_recording("RE" + "2" * 32),
        lambda carrier: carrier.send_text(
            "+6620000142", "+66812345678", "hi", "https://h.example/sms/status", 3600
        ),
        lambda carrier: carrier.find_sent_text("+66812345678", "+6620000142", datetime.now(UTC), "hi"),
        lambda carrier: carrier.call_status("CA" + "3" * 32),
        lambda carrier: carrier.list_media("MM" + "4" * 32),
        lambda carrier: carrier.fetch_media("MM" + "4" * 32, "ME" + "5" * 32),
        lambda carrier: carrier.delete_media("MM" + "4" * 32, "ME" + "5" * 32),
    ],
    ids=["fetch", "delete", "send", "find", "call", "media", "fetch media", "delete media"],
)
def test_each_request_is_as_described(
    sent: tuple[Carrier, list[Sent]], description: dict[str, Any], ask: Callable[[Carrier], object]
) -> None:
    carrier, seen = sent
    ask(carrier)
    (request,) = seen
    assert request.authorization.startswith("Basic ")
    template, operation = _operation(description, request)
    assert template.startswith("/2010-04-01/Accounts/{AccountSid}/")
    known = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    assert set(request.query) <= known, "an unknown filter would be ignored, and the wrong things listed"
    content = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
    schema = content.get("schema", {})
    assert set(request.form) <= set(schema.get("properties", {}))
    assert set(schema.get("required", [])) <= set(request.form)
