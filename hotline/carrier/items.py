"""What the carrier's lists hold, read with care: a field that is missing or odd costs nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self, TypeVar


@dataclass(frozen=True)
class _Item:
    """One line of a list. `said` is all of it, as it came."""

    sid: str
    at: datetime  # when it began
    status: str
    said: dict[str, Any]

    @classmethod
    def of(cls, said: dict[str, Any]) -> Self:
        """Read it."""
        at = _time(said.get("date_created")) or datetime.now(UTC)
        return cls(_text(said, "sid"), at, _text(said, "status"), said)


class CallItem(_Item):
    """A call, in either direction."""

    @property
    def inbound(self) -> bool:
        return _text(self.said, "direction") == "inbound"

    @property
    def from_(self) -> str:
        return _text(self.said, "from")

    @property
    def to(self) -> str:
        return _text(self.said, "to")

    @property
    def ended_at(self) -> datetime | None:
        return _time(self.said.get("end_time"))


class RecordingItem(_Item):
    """A recording that the carrier holds, or knows to be absent."""

    @property
    def call_sid(self) -> str:
        return _text(self.said, "call_sid")

    @property
    def seconds(self) -> int | None:
        return _count(self.said, "duration")


class TextItem(CallItem):
    """A text, in either direction."""

    @property
    def body(self) -> str:
        return _text(self.said, "body")

    @property
    def error(self) -> str | None:
        return _text(self.said, "error_code") or None

    @property
    def media(self) -> int:
        """How many pictures and the like came with it."""
        return _count(self.said, "num_media") or 0


class MediaItem(_Item):
    """What came with a text."""

    @property
    def type(self) -> str:
        return _text(self.said, "content_type")


Item = TypeVar("Item", bound=_Item)


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    text = "" if value is None else str(value)
    return text.replace("\0", "").encode("utf-8", "replace").decode()  # as PostgreSQL takes it


def _count(said: dict[str, Any], name: str) -> int | None:
    text = _text(said, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _time(said: object) -> datetime | None:
    try:
        return parsedate_to_datetime(str(said)).astimezone(UTC)
    except (TypeError, ValueError):
        return None
