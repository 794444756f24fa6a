"""One part of a sound, as browsers ask for it when somebody seeks (RFC 9110, 14)."""

import re
from dataclasses import dataclass

ONE = re.compile(r"bytes=(\d*)-(\d*)\Z")


@dataclass(frozen=True)
class Part:
    """Bytes from `first` to `last`, both included, of `whole`; `code` is 200, 206 or 416."""

    code: int
    first: int
    last: int
    whole: int


def part_of(asked: str | None, whole: int) -> Part:
    """Which part a Range header asks for; all of it where it asks for several or for nonsense."""
    match = ONE.match(asked.strip()) if asked else None
    if not match or match.groups() == ("", "") or len(asked or "") > 60:
        return Part(200, 0, whole - 1, whole)
    first, last = match.groups()
    if not first:  # the last so many
        begin = max(whole - int(last), 0)
        return Part(206, begin, whole - 1, whole) if int(last) and whole else Part(416, 0, -1, whole)
    begin, end = int(first), min(int(last), whole - 1) if last else whole - 1
    return Part(206, begin, end, whole) if begin <= end else Part(416, 0, -1, whole)
