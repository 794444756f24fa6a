"""The lines as a web process knows them: in memory, looked at again every few seconds.

A call must not wait for the database to learn which line was dialled; when the database is away,
what was known goes on serving.
"""

import logging
import threading
import time
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from hotline.intake.models import Line

LOOK_AGAIN = 5.0  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KnownLine:
    """What answering a call or a text on a line needs."""

    id: uuid.UUID
    number: str
    tree: str
    languages: tuple[str, ...]
    answers_texts: bool


class LineBook:
    """Lines by number."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lines: dict[str, KnownLine] = {}
        self._looked_at = float("-inf")
        self._looking = threading.Lock()

    def find(self, number: str) -> KnownLine | None:
        """The line of this number, or nothing where it is unknown to us."""
        found = self._current().get(number)
        if found is None:  # perhaps added a moment ago
            found = self._current(older_than=1.0).get(number)
        return found

    def numbers(self) -> frozenset[str]:
        """Every number that is ours."""
        return frozenset(self._current())

    def _current(self, older_than: float = LOOK_AGAIN) -> dict[str, KnownLine]:
        if time.monotonic() - self._looked_at > older_than and self._looking.acquire(blocking=False):
            try:
                self._looked_at = time.monotonic()
                self._lines = self._read()
            except sa.exc.SQLAlchemyError as away:
                log.warning("lines not read: %s", type(away).__name__)
            finally:
                self._looking.release()
        return self._lines

    def _read(self) -> dict[str, KnownLine]:
        columns = (Line.id, Line.number, Line.tree, Line.languages, Line.answers_texts)
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*columns)).all()
        return {
            row.number: KnownLine(row.id, row.number, row.tree, tuple(row.languages), row.answers_texts)
            for row in rows
        }
