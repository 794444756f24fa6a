"""A rush: a thousand people call at once and walk five levels of the menu; then it goes on for ten minutes.

    .venv/bin/python -m benchmarks.burst [minutes]

First 400 webhooks a second until a thousand calls stand; then about 150 a second: whoever ends is
followed by another. The load runs beside everything else on the same cores. Afterwards every call is
counted in the ledger. At last, for a minute each: calls alone, calls beside a core that only counts, and
calls beside supervisors whose heaviest pages are asked for without pause at the console's own door.
"""

import asyncio
import itertools
import multiprocessing
import os
import random
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase
from urllib.parse import urlencode, urlsplit

import requests
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from benchmarks.webhooks import LINE, PUBLIC, TOKEN, environment_of, free_port, serve
from hotline import create_app
from hotline.db import make_engine, upgrade, utcnow
from hotline.embedded import postgres, valkey
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Line
from hotline.settings import Settings, read_settings
from tests.signing_in import make_member, sign_in

AT_ONCE, BURST, STEADY = 1000, 400, 150  # calls, then webhooks a second
PAGES = ("/queue", "/board", "/ledger?since=2026-01-01")
LEVELS = ("1", "3", "3", "1")  # the language, information twice and back, then the microphone
GATHER = re.compile(r'<Gather action="([^"]+)"')
RECORD = re.compile(r'<Record action="([^"]+)"')
SUPERVISORS = 12
PATIENCE = 15  # seconds, as the carrier's


@dataclass
class Rush:
    """What callers met. `waits` in seconds, one a webhook."""

    port: int
    waits: list[float] = field(default_factory=list)
    errors: int = 0
    begun: int = 0
    spoken: int = 0
    _idle: "list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]" = field(default_factory=list)

    async def call(self, pause: Callable[[], float]) -> None:
        """One call to its end."""
        self.begun += 1
        sid, caller = "CA" + secrets.token_hex(16), f"+6681{random.randrange(10**7):07d}"
        fields = {
            "CallSid": sid,
            "From": caller,
            "To": LINE,
            "CallStatus": "in-progress",
            "Direction": "inbound",
        }
        document = await self._post("/voice/incoming", fields)
        for key in LEVELS:
            await asyncio.sleep(pause())
            if document is None or (found := GATHER.search(document)) is None:
                break
            document = await self._post(_path(found[1]), fields | {"Digits": key})
        if document is not None and (found := RECORD.search(document)) is not None:
            await asyncio.sleep(pause())
            told = {"RecordingSid": "RE" + sid[2:], "RecordingDuration": "9"}
            thanked = await self._post(_path(found[1]), fields | told)
            self.spoken += thanked is not None  # not before the wait: others count meanwhile
        await self._post("/voice/status", fields | {"CallStatus": "completed", "SequenceNumber": "4"})

    async def _post(self, path: str, fields: dict[str, str]) -> str | None:
        body = urlencode(fields).encode()
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, fields)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: hotline.test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._ask(head.encode() + body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            answer = None
        self.waits.append(time.perf_counter() - began)
        if answer is None:
            self.errors += 1
        return answer

    async def _ask(self, request: bytes) -> str | None:
        kept = self._idle.pop() if self._idle else None
        try:
            return await self._talk(*(kept or await self._connect()), request)
        except (OSError, asyncio.IncompleteReadError):
            if kept is None:
                raise
            return await self._talk(*await self._connect(), request)  # it was kept alive no longer

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
    ) -> str | None:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        self._idle.append((reader, writer))
        return body.decode() if head.startswith(b"HTTP/1.1 200") else None

    def say(self, what: str) -> None:
        ordered = sorted(self.waits)
        p99 = ordered[int(0.99 * len(ordered))]
        print(
            f"{what}: {self.begun} calls, {len(ordered)} webhooks, {self.errors} errors,"
            f" p50 {1000 * ordered[len(ordered) // 2]:.0f} ms, p99 {1000 * p99:.0f} ms (target 800),"
            f" slowest {ordered[-1]:.2f} s (target 5)",
            flush=True,
        )


def _path(address: str) -> str:
    parts = urlsplit(address.replace("&amp;", "&"))
    return f"{parts.path}?{parts.query}"


async def _rush(rush: Rush, seconds: float, at_once: int) -> None:
    """Fill up at the burst's rate, then keep as many calls going."""
    people = at_once / STEADY  # seconds between two webhooks of one call
    until = time.monotonic() + seconds
    pause = lambda: random.uniform(0.5, 1.5) * people  # noqa: E731

    async def caller(number: int) -> None:
        await asyncio.sleep(number / BURST)
        while time.monotonic() < until:
            await rush.call(pause)

    await asyncio.gather(*(caller(number) for number in range(at_once)))


def main(minutes: float = 10) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        database, redis = postgres.start(data / "postgres"), valkey.start(data / "valkey")
        servers = []
        try:
            database.create_database("hotline")
            environment = environment_of(database.url("hotline"), redis.url, data) | {"HOTLINE_ENV": "demo"}
            settings = read_settings(**environment)
            upgrade(settings)
            cookies = _set_up(settings)
            calls, console = free_port(), free_port()
            servers = [
                serve("wsgi:app", calls, environment, Path.cwd()),
                serve("wsgi:app", console, environment | {"HOTLINE_DOOR": "console"}, Path.cwd(), nice=10),
            ]
            rush = Rush(calls)
            asyncio.run(_rush(rush, minutes * 60, AT_ONCE))
            rush.say(f"{AT_ONCE} calls at once, {minutes:g} minutes")
            _count(settings, rush)
            _beside_the_console(calls, console, cookies)
        finally:
            for server in servers:
                server.terminate()
                server.wait()
            redis.stop()
            database.stop()


def _set_up(settings: Settings) -> list[str]:
    """A line, and supervisors who are signed in; the answer is the cookie of each."""
    app = create_app(settings.model_copy(update={"door": "all"}))
    languages = ["my", "th", "ne", "en"]
    with Session(make_engine(settings)) as session:
        session.add(Line(number=LINE, name="", tree="main", languages=languages, added_at=utcnow()))
        session.commit()
        names = [f"Supervisor {letter}" for letter in ascii_lowercase[:SUPERVISORS]]
        emails = [make_member(session, "supervisor", ("my",), name).email for name in names]
    clients = [sign_in(app.test_client(), email) for email in emails]
    return [
        "; ".join(f"{one.key}={one.value}" for one in (client._cookies or {}).values()) for client in clients
    ]


def _count(settings: Settings, rush: Rush) -> None:
    with Session(make_engine(settings)) as session:
        ledger = keep_ledger(session)
    lost = (rush.begun - ledger.calls) + (rush.spoken - ledger.arriving)
    print(
        f"in the ledger: {ledger.calls} calls, {ledger.arriving} announced voicemails; {lost} lost",
        flush=True,
    )


def _beside_the_console(calls: int, console: int, cookies: list[str]) -> None:
    """p99 of callers alone, beside a core that only counts, and beside the heaviest pages, in turn.

    What the counting moves is the machine's own doing: cores share caches and their host.
    """
    beside: dict[str, Callable[..., None] | None] = {"": None, "a core that only counts": _count_on}
    beside |= dict.fromkeys(PAGES, _ask_on)
    p99: dict[str, list[float]] = {what: [] for what in beside}
    for what in (*p99, *p99):
        busy = None
        if load := beside[what]:
            busy = multiprocessing.get_context("spawn").Process(
                target=load, args=(f"http://127.0.0.1:{console}{what}", cookies), daemon=True
            )
            busy.start()
        rush = Rush(calls)
        asyncio.run(_rush(rush, 30, AT_ONCE // 5))
        if busy:
            assert busy.is_alive(), f"{what} was not asked for to the end"
            busy.kill()
            busy.join()
        ordered = sorted(rush.waits)
        p99[what].append(1000 * ordered[int(0.99 * len(ordered))])
    alone, counting = (sum(p99[what]) / 2 for what in ("", "a core that only counts"))
    for what, both in p99.items():
        ms = sum(both) / 2
        print(
            f"p99 of callers beside {what or 'nothing'}: {ms:.1f} ms, {100 * (ms / alone - 1):+.0f} % of alone,"
            f" {100 * (ms / counting - 1):+.0f} % of beside the counting (target: less than 20)"
        )


def _count_on(_page: str, _cookies: list[str]) -> None:
    os.nice(10)
    while True:
        sum(range(1000))


def _ask_on(page: str, cookies: list[str]) -> None:
    """Without pause; one supervisor alone would soon be over what a member may ask in a minute."""
    os.nice(10)
    for cookie in itertools.cycle(cookies):
        answer = requests.get(page, headers={"Cookie": cookie}, timeout=60, allow_redirects=False)
        assert answer.status_code == 200, answer.status_code


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
