"""How many webhooks a second, beside a bare Flask route under the same gunicorn.

    .venv/bin/python -m benchmarks.webhooks

Call start, menu press and recording announced, each with its row durable before the answer
(fsync on); at 1 and 64 connections, then at one fixed arrival rate. The load runs beside the
servers on the same cores, so quote the ratios, not the figures.
"""

import base64
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from twilio.request_validator import RequestValidator

from benchmarks.load import Load, as_fast_as_answered, at_rate
from hotline.db import make_engine, upgrade
from hotline.embedded import postgres, valkey
from hotline.flow.position import Position
from hotline.settings import read_settings

PUBLIC, ACCOUNT, TOKEN, LINE = "http://hotline.test", "AC" + "0" * 32, "benchmark", "+6620000142"
KNOWN_CALL = "0" * 32
TURNS = 3  # each figure is the median of so many runs, hotline and baseline in turn
REQUESTS = {1: 400, 64: 3000}
BARE = """
from flask import Flask, Response
app = Flask(__name__)
@app.post("/bare")
def bare():
    return Response('<?xml version="1.0" encoding="UTF-8"?><Response><Gather numDigits="1" timeout="5">'
        '<Play>http://hotline.test/prompts/0123456789abcdef0123.wav</Play></Gather></Response>',
        mimetype="text/xml")
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        database, redis = postgres.start(data / "postgres"), valkey.start(data / "valkey")
        servers: list[subprocess.Popen[bytes]] = []
        try:
            database.create_database("hotline")
            environment = environment_of(database.url("hotline"), redis.url, data)
            settings = read_settings(**environment)
            upgrade(settings)
            engine = make_engine(settings)
            with engine.begin() as connection:
                connection.execute(
                    sa.text(
                        "INSERT INTO lines (id, number, name, tree, languages, answers_texts, added_at)"
                        " VALUES (gen_random_uuid(), :number, '', 'main', '{my,th,ne,en}', true, now())"
                    ),
                    {"number": LINE},
                )
            (data / "bare.py").write_text(BARE)
            ours, bare = free_port(), free_port()
            servers = [serve("wsgi:app", ours, environment, Path.cwd()), serve("bare:app", bare, {}, data)]
            _measure(ours, bare)
        finally:
            for server in servers:
                server.terminate()
                server.wait()
            redis.stop()
            database.stop()


def _measure(ours: int, bare: int) -> None:
    kinds: dict[str, tuple[float, Callable[[int], list[bytes]]]] = {
        "call start": (0.40, _starts),
        "menu press": (0.60, _presses),
        "recording announced": (0.40, _recordings),
    }
    as_fast_as_answered(ours, [_signed("/voice/incoming", _call_fields(KNOWN_CALL))], 1)
    make: Callable[[int], list[bytes]]
    for port, make in ((ours, _starts), (bare, _bare)):
        as_fast_as_answered(port, make(300), 8)  # warm
    slowest = float("inf")
    print(
        f"{'':22}{'conn':>5}{'req/s':>9}{'bare':>9}{'ratio':>7}{'target':>8}{'p50 ms':>9}{'p99 ms':>9}{'bare p99':>10}"
    )
    for name, (target, make) in kinds.items():
        for connections, count in REQUESTS.items():
            pairs = [_pair(ours, bare, make, count, connections) for _ in range(TURNS)]
            ratio = statistics.median(a.rate / b.rate for a, b in pairs)
            one, base = sorted(pairs, key=lambda pair: pair[0].rate / pair[1].rate)[TURNS // 2]
            slowest = min(slowest, one.rate) if connections == 64 else slowest
            print(
                f"{name:22}{connections:>5}{one.rate:>9.0f}{base.rate:>9.0f}{ratio:>7.2f}{target:>8.2f}"
                f"{one.percentile(0.5):>9.1f}{one.percentile(0.99):>9.1f}{base.percentile(0.99):>10.1f}"
            )
    rate = slowest / 2
    print(f"\nat {rate:.0f} a second:")
    for name, (_, make) in kinds.items():
        pairs = [
            (at_rate(ours, make(int(rate * 5)), rate), at_rate(bare, _bare(int(rate * 5)), rate))
            for _ in range(TURNS)
        ]
        one, base = sorted(pairs, key=lambda pair: pair[0].percentile(0.99) / pair[1].percentile(0.99))[
            TURNS // 2
        ]
        ratio = one.percentile(0.99) / base.percentile(0.99)
        print(
            f"{name:22} p99 {one.percentile(0.99):6.1f} ms, bare {base.percentile(0.99):6.1f} ms, ratio {ratio:.2f} (target 2)"
        )


def _pair(
    ours: int, bare: int, make: Callable[[int], list[bytes]], count: int, connections: int
) -> tuple[Load, Load]:
    mine = as_fast_as_answered(ours, make(count), connections)
    if mine.refused:
        sys.exit(f"{mine.refused} of {count} requests were not answered with 200")
    return mine, as_fast_as_answered(bare, _bare(count), connections)


def _starts(count: int) -> list[bytes]:
    return [_signed("/voice/incoming", _call_fields(secrets.token_hex(16))) for _ in range(count)]


def _presses(count: int) -> list[bytes]:
    made = []
    for _ in range(count):
        position = Position(tree="main", node="main_menu", turn=2, language="my", chosen=True, consented=True)
        fields = _call_fields(secrets.token_hex(16)) | {"Digits": "3", "msg": "Gather End"}
        made.append(_signed(f"/voice/step?{position.to_query()}", fields))
    return made


def _recordings(count: int) -> list[bytes]:
    """Recordings of one call that has begun."""
    position = Position(
        tree="main", node="message", turn=3, language="my", chosen=True, consented=True, reference="7712043"
    )
    made = []
    for _ in range(count):
        fields = _call_fields(KNOWN_CALL) | {
            "RecordingSid": "RE" + secrets.token_hex(16),
            "RecordingStatus": "completed",
            "RecordingDuration": "42",
            "RecordingUrl": "http://carrier.test/Recordings/RE1",
            "RecordingSource": "RecordVerb",
        }
        made.append(_signed(f"/voice/recording?{position.to_query()}", fields))
    return made


def _call_fields(unique: str) -> dict[str, str]:
    caller = f"+6681{int(unique[:6], 16) % 10_000_000:07d}"
    return {
        "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "CallSid": "CA" + unique, "CallStatus": "in-progress",
        "Called": LINE, "Caller": caller, "CallerCountry": "TH", "CalledCountry": "TH", "Direction": "inbound",
        "From": caller, "FromCountry": "TH", "To": LINE, "ToCountry": "TH",
    }  # fmt: skip


def _bare(count: int) -> list[bytes]:
    return [_signed("/bare", _call_fields(secrets.token_hex(16))) for _ in range(count)]


def _signed(path: str, fields: dict[str, str]) -> bytes:
    body = urlencode(fields).encode()
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, fields)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: hotline.test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def environment_of(database_url: str, redis_url: str, data: Path) -> dict[str, str]:
    key = base64.b64encode(os.urandom(32)).decode()
    return {
        "HOTLINE_ENV": "test", "HOTLINE_DOOR": "carrier", "HOTLINE_DATA": str(data), "PUBLIC_URL": PUBLIC,
        "DATABASE_URL": database_url, "REDIS_URL": redis_url, "MEDIA_URL": f"file:{data / 'media'}",
        "SECRET_KEY": secrets.token_hex(32), "DATA_KEYS": f"k1:{key}", "LOOKUP_KEY": key, "AUDIT_KEY": key,
        "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_URL": "http://127.0.0.1:9",
    }  # fmt: skip


def serve(
    app: str, port: int, environment: dict[str, str], folder: Path, *, nice: int = 0
) -> "subprocess.Popen[bytes]":
    command = [
        "nice", "-n", str(nice), sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "2", "--threads", "16", "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=folder, env=os.environ | environment)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
            return server
        except urllib.error.HTTPError:
            return server
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{app} did not start")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    main()
