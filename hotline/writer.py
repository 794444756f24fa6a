"""Single statements, each committed as it is made: how webhooks write while a caller waits.

psycopg itself, a connection a thread, without the ORM and without a pool: a menu press costs a
fifth of what a session would (benchmarks/webhooks.py).
"""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg

from hotline.settings import Settings

PATIENCE = 1.0  # seconds that a caller waits for the database

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]
Away = psycopg.OperationalError


class Writer:
    """Connections made when a thread first writes (so not before a fork), kept while they serve."""

    def __init__(self, settings: Settings) -> None:
        self._address = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._mine = threading.local()

    def write(self, verb: Callable[[Connection], T]) -> T:
        """Run a verb; a connection that the server has closed is replaced once.

        Raises:
            Away: the database does not answer in time.
        """
        kept: Connection | None = getattr(self._mine, "connection", None)
        if kept is not None and not kept.closed:
            try:
                return verb(kept)
            except psycopg.OperationalError:
                if not kept.closed:  # it answered, too late or that it cannot now
                    raise
        self._mine.connection = self._connect()
        return verb(self._mine.connection)

    def _connect(self) -> Connection:
        return psycopg.connect(
            self._address,
            autocommit=True,
            prepare_threshold=0,
            connect_timeout=2,
            options=f"-c timezone=UTC -c statement_timeout={int(PATIENCE * 1000)}",
        )
