"""A webhook's form, read from the raw body.

One invalid UTF-8 byte empties `request.form` silently (Werkzeug 3.1.9), so the body is kept as it
came and read here: fields that come twice stay twice, fields unknown to us are kept.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import MultiDict

MOST_FIELDS = 500
SAYS_NOTHING_OF_US = ("CallToken",)  # a credential of the carrier's: kept nowhere


@dataclass(frozen=True)
class Form:
    """What the carrier said."""

    fields: MultiDict[str, str]
    raw: bytes

    def text(self, name: str, most: int = 4096) -> str:
        """A field as text that PostgreSQL takes: no NUL, no lone surrogates; empty when absent."""
        said = self.fields.get(name, "")[:most]
        return said.replace("\0", "").encode("utf-8", "replace").decode()

    def number(self, name: str) -> int | None:
        """A field as a whole number of at most nine digits, or nothing."""
        said = self.fields.get(name, "")
        return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else None

    def kept(self) -> bytes:
        """The body as evidence, without the carrier's own credentials."""
        if not any(name in self.fields for name in SAYS_NOTHING_OF_US):
            return self.raw
        parts = self.raw.split(b"&")
        return b"&".join(
            p for p in parts if p.partition(b"=")[0].decode("ascii", "replace") not in SAYS_NOTHING_OF_US
        )


def read_form(request: Request) -> Form:
    """Read the fields of a POST, or of the query of a GET (an operator may have chosen either)."""
    raw = request.query_string if request.method == "GET" else request.get_data(cache=True)
    text = raw.decode("utf-8", "surrogateescape")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_FIELDS)
    except ValueError:
        pairs = []
    return Form(MultiDict(pairs), raw)
