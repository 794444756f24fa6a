"""Bodies that no carrier and no browser would send: for tests, and for the long run of `benchmarks.fuzz`."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

WEBHOOKS = (
    "/voice/incoming", "/voice/step", "/voice/recorded", "/voice/unrecorded", "/voice/recording", "/voice/status",
    "/voice/fallback", "/sms/incoming", "/sms/status",
)  # fmt: skip
FIELDS = (
    "CallSid", "From", "To", "CallStatus", "Digits", "RecordingSid", "RecordingDuration", "RecordingStatus",
    "RecordingUrl", "SequenceNumber", "MessageSid", "SmsSid", "Body", "MessageStatus", "ErrorCode", "ErrorUrl",
    "NumMedia", "MediaUrl0", "MediaContentType0", "MediaUrl1", "CallToken", "SpeechResult",
)  # fmt: skip
QUERIES = (
    "", "at=message&f=110&l=my&m=0&r=7712043&t=main&u=s&w=0&z=2", "at=main_menu&f=110&l=my&m=0&r=&t=main&u=s&w=0&z=1",
    "at=&f=&l=&m=&r=&t=&u=&w=&z=", "at=nowhere&f=000&l=xx&m=9&r=&t=none&u=d&w=9&z=998", "z=-1", "at=%00&f=%ff", "a" * 4000,
)  # fmt: skip
ODD = (
    b"", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"+66812345678", b"+266696687", b"anonymous", b"client:x", b"-1", b"1e9",
    b"99999999999999999999", b"NaN", "၁".encode(), "١٢".encode(), b"completed", b"absent", b"in-progress", b"failed",
    b"CA1", b"RE1", b"SM1", b"#", b"0123456789*#", b"STOP", b"'; DROP TABLE calls; --", b"<Response/>", b"%s%n{0}",
    b"\r\nX-Injected: 1", "ဆိုး".encode() * 40, b"http://127.0.0.1:9/x", b"x" * 2000, b"http://[1/ME1", b"image/jpeg",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """One request, signed or not by whoever sends it. `pairs` are what a reader of forms finds in the body."""

    path: str
    body: bytes
    pairs: tuple[tuple[bytes, bytes], ...] | None  # none: the body is no form at all
    kind: str


def make_requests(seed: int) -> Iterator[Request]:
    """As many as are asked for; the same seed makes the same ones."""
    chance = random.Random(seed)
    while True:
        query = chance.choice(QUERIES)
        path = chance.choice(WEBHOOKS) + (f"?{query}" if query else "")
        if chance.random() < 0.1:
            size = chance.choice((0, 1, 100, 5000, 64 * 1024))
            yield Request(
                path, chance.randbytes(size), None, chance.choice(("application/json", "text/plain", ""))
            )
            continue
        pairs = tuple(
            _pair(chance) for _ in range(600 if chance.random() < 0.01 else chance.choice((0, 1, 3, 8, 20)))
        )
        body = b"&".join(_written(name) + b"=" + _written(value) for name, value in pairs)
        yield Request(
            path,
            body[: 64 * 1024],
            pairs if len(body) <= 64 * 1024 else None,
            "application/x-www-form-urlencoded",
        )


def _pair(chance: random.Random) -> tuple[bytes, bytes]:
    name = chance.choice(FIELDS).encode() if chance.random() < 0.95 else chance.choice(ODD)
    value = chance.choice(ODD) if chance.random() < 0.8 else chance.randbytes(chance.randrange(40))
    return name, value


def _written(raw: bytes) -> bytes:
    return quote_plus(raw).encode()


@dataclass(frozen=True)
class FormRequest:
    """One form of the console, filled in by nobody who looked at it. `fields` lack the form's token."""

    endpoint: str
    path: str
    method: str
    fields: tuple[tuple[bytes, bytes], ...]
    json: bytes  # sent instead of the fields, where there is any


def make_form_requests(
    seed: int, routes: Sequence[tuple[str, str, str]], names: Sequence[str], ids: Mapping[str, Sequence[str]]
) -> Iterator[FormRequest]:
    """For routes (endpoint, rule, method): ids that are there, are not, or are none; fields named as the pages
    name theirs; the same seed makes the same ones."""
    chance = random.Random(seed)
    good = (*ids.get("*", ()), "1", "on", "danger", "my", "new", "true", "2026-11-25")
    while True:
        endpoint, rule, method = chance.choice(routes)
        path = re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda place: _id(chance, ids.get(place[1], ())), rule)
        count = chance.choice((0, 1, 3, 8, 20))
        fields = tuple(
            (
                (chance.choice(names).encode() if chance.random() < 0.95 else chance.choice(ODD)),
                (chance.choice(good).encode() if chance.random() < 0.4 else _pair(chance)[1]),
            )
            for _ in range(count)
        )
        if chance.random() < 0.02:
            fields += ((b"words", b"x" * 64 * 1024),)
        query = (
            ""
            if chance.random() < 0.7
            else "?"
            + "&".join(f"{chance.choice(names)}={quote_plus(chance.choice(ODD)[:200])}" for _ in range(3))
        )
        body = chance.choice((b"", b"", b"", b"{", b"[]", b'{"version": "x", "segments": [1]}', b"\xff",
                              b'{"version": 1e999, "segments": [{"at": -1, "spoken": "\\u0000\\ud800"}]}'))  # fmt: skip
        yield FormRequest(endpoint, path + query, method, fields, body)


def _id(chance: random.Random, known: Sequence[str]) -> str:
    odd = (
        "0",
        "-1",
        "9" * 30,
        "00000000-0000-0000-0000-000000000000",
        "%00",
        "..%2f",
        "4827193",
        "%ed%a0%80",
    )
    return chance.choice(known) if known and chance.random() < 0.7 else chance.choice(odd)
