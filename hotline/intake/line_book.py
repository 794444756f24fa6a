"""The lines as a web process knows them; after a restart without the database, from a copy in the data folder."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hotline.carrier.numbers import country_of
from hotline.flow.studio import STUDIO
from hotline.known import Known
from hotline.write_whole import write_whole
from hotline.writer import Connection, Statement, Writer

LINES = Statement("""
    SELECT id, number, tree, array_to_string(languages, ','), answers_texts, zone, hours,
           array_to_string(holidays, ','), answer_mode, CASE WHEN notice_until > now() THEN notice ELSE '' END,
           coalesce(straight_until > now(), false), rehearsal, coalesce(recording_seconds, 0), country
    FROM lines
    """)


@dataclass(frozen=True)
class KnownLine:
    """What answering a call or a text on a line needs."""

    id: uuid.UUID
    number: str
    tree: str
    languages: tuple[str, ...]
    answers_texts: bool
    zone: str = ""
    hours: str = ""
    holidays: tuple[str, ...] = ()
    answer_mode: str = "answer"
    notice: str = ""
    straight: bool = False
    rehearsal: bool = False
    recording_seconds: int = 0  # how long a message may be; 0: as long as anywhere
    country: str = ""  # where it is (ISO 3166); nothing where it is unknown

    @property
    def is_studio(self) -> bool:
        """Whether staff record prompts there (hotline.flow.studio), and no worker is heard."""
        return self.tree == STUDIO


def longest_message(own: int | None, anywhere: int) -> int:
    """Seconds: a line's own limit, if any, but no more than what is taken in at all."""
    return min(own or anywhere, anywhere)


class LineBook:
    """Lines by number; `copy` is the file that keeps them for a start without the database."""

    def __init__(self, writer: Writer, copy: Path) -> None:
        self._copy = copy
        self._lines = Known("lines", writer, read_lines, self._read_copy(), self._write_copy)

    def find(self, number: str) -> KnownLine | None:
        """The line of this number, or nothing where it is unknown to us."""
        found = self._lines.now().get(number)
        if found is None:  # perhaps added a moment ago
            found = self._lines.now(older_than=1.0).get(number)
        return found

    def numbers(self) -> frozenset[str]:
        """Every number that is ours."""
        return frozenset(self._lines.now())

    def _read_copy(self) -> dict[str, KnownLine]:
        try:
            rows = json.loads(self._copy.read_text())
            lines = [_of_copy(**row) for row in rows]
        except (OSError, ValueError, TypeError, KeyError):  # none yet, or not ours
            return {}
        return {line.number: line for line in lines}

    def _write_copy(self, lines: dict[str, KnownLine]) -> None:
        rows = [asdict(line) for line in lines.values()]
        write_whole(self._copy, json.dumps(rows, default=str).encode())


def _of_copy(
    id: str, number: str, languages: list[str], holidays: Iterable[str] = (), country: str = "", **more: Any
) -> KnownLine:
    return KnownLine(
        id=uuid.UUID(id),
        number=number,
        languages=tuple(languages),
        holidays=tuple(holidays),
        country=country_of(number, country),
        **more,
    )


def read_lines(connection: Connection) -> dict[str, KnownLine]:
    """Every line, by its number."""
    lines = (
        KnownLine(
            uuid.UUID(id),
            str(number),
            str(tree),
            tuple(str(languages).split(",")),
            answers == "t",
            str(zone),
            str(hours),
            tuple(filter(None, str(holidays).split(","))),
            str(mode),
            str(notice),
            straight == "t",
            rehearsal == "t",
            int(str(seconds)),
            country_of(str(number), str(country)),
        )
        for (
            id, number, tree, languages, answers, zone, hours, holidays, mode, notice, straight, rehearsal, seconds,
            country,
        ) in connection.execute(LINES, {})
    )  # fmt: skip
    return {line.number: line for line in lines}
