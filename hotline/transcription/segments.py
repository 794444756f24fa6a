"""The lines of a transcript: when, as spoken, and what it means."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from hotline.intake.models import Contact
from hotline.transcription.models import Transcript

MOST_LINES = 2000
LONGEST_LINE = 20_000


class BadSegments(ValueError):
    """What came is not a transcript."""


@dataclass(frozen=True)
class Segment:
    """One line."""

    at: float  # seconds from the beginning; 0 for a text
    spoken: str
    meaning: str


def read_segments(contact: Contact, written: Transcript) -> list[Segment]:
    """Open a transcript's lines."""
    opened = contact.open(written.segments, f"transcripts.segments:{written.id}")
    return [Segment(**line) for line in json.loads(opened)]


def seal_segments(contact: Contact, written: Transcript, segments: Iterable[Segment]) -> bytes:
    """The lines as they are kept."""
    lines = json.dumps([asdict(segment) for segment in segments], ensure_ascii=False)
    return contact.seal(lines.encode("utf-8", "replace"), f"transcripts.segments:{written.id}")


def parse_segments(said: Any) -> list[Segment]:
    """What a browser sends: a list of {at, spoken, meaning}. Raises: BadSegments."""
    if not isinstance(said, list) or len(said) > MOST_LINES:
        raise BadSegments("a transcript is a list of lines")
    return [_parse(line) for line in said]


def _parse(line: Any) -> Segment:
    if not isinstance(line, dict):
        raise BadSegments("a line has a time, words and a meaning")
    at, spoken, meaning = line.get("at", 0), line.get("spoken", ""), line.get("meaning", "")
    if (
        isinstance(at, bool)
        or not isinstance(at, int | float)
        or not isinstance(spoken, str)
        or not isinstance(meaning, str)
    ):
        raise BadSegments("a line has a time, words and a meaning")
    if max(len(spoken), len(meaning)) > LONGEST_LINE or not 0 <= at < 100_000:
        raise BadSegments("a line is too long")
    return Segment(float(at), spoken, meaning)
