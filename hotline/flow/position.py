"""Where a caller is: small enough to travel in a webhook's address, which the carrier's signature covers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from hotline.flow.languages import TAG

Urgency = Literal["danger", "urgent", "standard"]
URGENCIES: dict[str, Urgency] = {"d": "danger", "u": "urgent", "s": "standard"}
LETTERS = {word: letter for letter, word in URGENCIES.items()}
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
REFERENCE = re.compile(r"[0-9]{7}\Z")
MAILBOX = re.compile(r"[0-9a-f]{24}\Z")
MOST = 999  # turns, beyond which a position is nonsense


class BadPosition(ValueError):
    """An address that none of our answers named."""


@dataclass(frozen=True, slots=True)
class Position:
    """One place in a tree, and what the call carries with it."""

    tree: str
    node: str
    turn: int = 0
    language: str | None = None
    chosen: bool = False  # the caller chose the language, or answered in it; else it is only assumed
    consented: bool = False  # this call has heard that it is recorded, and who will hear it
    urgency: Urgency = "standard"
    misses: int = 0  # times in a row that no key came at this node
    wrong: int = 0  # times that a wrong key came at this node
    asked: bool = False  # asked to speak once more
    reference: str = ""  # the report's number, once the call leads to the microphone
    page: int = 0  # of a node that has several
    mailbox: str = ""  # a keyed mark of the code that was pressed
    version: int = 0  # of the tree: a call ends on the one it began with

    def to_query(self) -> str:
        """Alphabetical, one letter each, nothing that an address would have to escape."""
        flags = f"{self.chosen:d}{self.consented:d}{self.asked:d}"
        return (
            f"at={self.node}&b={self.mailbox}&f={flags}&l={self.language or ''}&m={self.misses}&p={self.page}"
            f"&r={self.reference}&t={self.tree}&u={LETTERS[self.urgency]}&v={self.version}&w={self.wrong}&z={self.turn}"
        )

    @classmethod
    @lru_cache(maxsize=4096)
    def from_address(cls, query: str) -> "Position":
        """Read the query of an address, which has no escapes (to_query). Raises: BadPosition."""
        parts = (part.partition("=") for part in query[:300].split("&"))
        return cls.from_query({name: value for name, _, value in parts})

    @classmethod
    def from_query(cls, said: Mapping[str, str]) -> "Position":
        """Read what `to_query` wrote. Raises: BadPosition."""
        flags = _matching(re.compile(r"[01]{3}\Z"), said.get("f", ""))
        language, reference, mailbox = said.get("l", ""), said.get("r", ""), said.get("b", "")
        urgency = URGENCIES.get(said.get("u", ""))
        if urgency is None:
            raise BadPosition("urgency")
        return cls(
            tree=_matching(NAME, said.get("t", "")),
            node=_matching(NAME, said.get("at", "")),
            turn=_number(said.get("z", "")),
            language=_matching(TAG, language) if language else None,
            chosen=flags[0] == "1",
            consented=flags[1] == "1",
            asked=flags[2] == "1",
            urgency=urgency,
            misses=_number(said.get("m", "")),
            wrong=_number(said.get("w", "")),
            reference=_matching(REFERENCE, reference) if reference else "",
            page=_number(said.get("p", "0")),
            mailbox=_matching(MAILBOX, mailbox) if mailbox else "",
            version=_number(said.get("v", "0"), digits=6),
        )


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.match(text):
        raise BadPosition(pattern.pattern)
    return text


def _number(text: str, digits: int = 3) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= digits):
        raise BadPosition("number")
    return int(text)
