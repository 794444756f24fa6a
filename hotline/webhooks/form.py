"""A webhook's form, read from the raw body.

One invalid UTF-8 byte empties `request.form` silently (Werkzeug 3.1.9), so the body is kept as it
came and read here: fields that come twice stay twice, fields unknown to us are kept.
"""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Request

from hotline.db import utcnow

MOST_FIELDS = 500
SAYS_NOTHING_OF_US = ("CallToken",)  # a credential of the carrier's: kept nowhere


@dataclass
class Form:
    """What the carrier said, where and when."""

    pairs: tuple[tuple[str, str], ...]  # as they came; of a name that came twice the first counts
    raw: bytes
    path: str
    query: str
    at: datetime
    unwritten: bool = False  # the database was away: it will be told again (hotline.webhooks.spool)
    _first: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._first = dict(reversed(self.pairs))

    @classmethod
    def of(cls, raw: bytes, *, path: str, query: str, at: datetime) -> "Form":
        """Read the fields of a raw body, or query."""
        parts = raw.decode("utf-8", "surrogateescape").replace("+", " ").split("&", MOST_FIELDS)
        named = (part.partition("=") for part in parts if part)
        pairs = tuple((_decoded(name), _decoded(value)) for name, _, value in named)
        return cls(pairs if len(parts) <= MOST_FIELDS else (), raw, path, query, at)  # else nobody's form

    def text(self, name: str, most: int = 4096) -> str:
        """A field as text that PostgreSQL takes: no NUL, no lone surrogates; empty when absent."""
        said = self._first.get(name, "")[:most]
        return said.replace("\0", "").encode("utf-8", "replace").decode()

    def id_at_end_of(self, name: str) -> str:
        """The id at the end of an address; nothing else of an address is ever taken. Empty where it is none."""
        try:
            return urlsplit(self.text(name)).path.rpartition("/")[2]
        except ValueError:
            return ""

    def number(self, name: str) -> int | None:
        """A field as a whole number of at most nine digits, or nothing."""
        said = self._first.get(name, "")
        return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else None

    def recording_sid(self) -> str:
        """The recording's id; Somleng names it only at the end of RecordingUrl."""
        return self.text("RecordingSid", 80) or self.id_at_end_of("RecordingUrl")[:80]

    @property
    def is_outgoing(self) -> bool:
        """Whether we placed the call that this is about (Twilio: Direction)."""
        return self.text("Direction", 20).startswith("outbound")

    def kept(self) -> bytes:
        """The body as evidence, without the carrier's own credentials."""
        if not any(name in self._first for name in SAYS_NOTHING_OF_US):
            return self.raw
        parts = self.raw.split(b"&")
        return b"&".join(
            p
            for p in parts
            if _decoded(p.partition(b"=")[0].decode("ascii", "replace")) not in SAYS_NOTHING_OF_US
        )


def read_form(request: Request) -> Form:
    """Read the fields of a POST, or of the query of a GET (an operator may have chosen either)."""
    raw = request.query_string if request.method == "GET" else request.get_data(cache=True)
    query = request.query_string.decode("ascii", "replace")
    return Form.of(raw, path=request.path, query=query, at=utcnow())


def _decoded(part: str) -> str:
    """Of application/x-www-form-urlencoded (WHATWG URL); what is no UTF-8 stays, as lone surrogates."""
    if "%" not in part:
        return part
    return unquote_to_bytes(part.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
