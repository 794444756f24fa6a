"""Single statements, each committed as it is made: how webhooks write while a caller waits.

libpq itself (psycopg.pq), a connection a thread, statements prepared once: a menu press costs a
tenth of what a session would (benchmarks/webhooks.py). Every wait has an end, so that a server that
is frozen, not only one that is gone, costs a caller no more than PATIENCE: libpq waits without one (each
wait of our own would give the interpreter away to other threads several times), and a watch hangs up.
"""

import os
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result
from psycopg.pq.abc import PGresult

from hotline.settings import Settings

PATIENCE = 1.0  # seconds that a caller waits for the database
PLACE = re.compile(r"%\((\w+)\)s")
GOOD = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)

T = TypeVar("T")
Away = psycopg.OperationalError


class Statement:
    """SQL with places such as `%(sid)s`. The server infers their types; where it cannot, cast them."""

    def __init__(self, sql: str) -> None:
        self.names = tuple(dict.fromkeys(PLACE.findall(sql)))
        numbers = {name: f"${number}" for number, name in enumerate(self.names, 1)}
        self.sql = PLACE.sub(lambda place: numbers[place[1]], sql).encode()
        self.name = f"s{id(self)}".encode()


PING = Statement("SELECT 1")


class Connection:
    """One to the database, each statement a transaction of its own."""

    def __init__(self, address: str, watch: "Watch") -> None:
        self._watch = watch
        self._prepared: set[bytes] = set()
        self._pq = pq.PGconn.connect_start(address.encode())
        self._connect()

    @property
    def closed(self) -> bool:
        return self._pq.status == pq.ConnStatus.BAD

    def execute(self, statement: Statement, row: Mapping[str, Any]) -> list[tuple[str | None, ...]]:
        """Run it with the values of a row; the answer is its rows, each value as PostgreSQL writes it.

        Raises:
            Away: the database does not answer in time.
            psycopg.Error: it refuses the statement.
        """
        values = [row[name] for name in statement.names]
        written, binary = [_written(value) for value in values], [type(value) is bytes for value in values]
        with self._watch.over(self._pq.socket):
            if statement.name not in self._prepared:
                _checked(self._pq.prepare(statement.name, statement.sql))
                self._prepared.add(statement.name)
            answer = _checked(self._pq.exec_prepared(statement.name, written, binary))  # type: ignore[arg-type]
        columns = range(answer.nfields)
        return [tuple(_read(answer, at, column) for column in columns) for at in range(answer.ntuples)]

    def _connect(self) -> None:
        until = time.monotonic() + PATIENCE
        while (status := self._pq.connect_poll()) != pq.PollingStatus.OK:
            if status == pq.PollingStatus.FAILED:
                raise Away(self._pq.get_error_message())
            here = [self._pq.socket]  # it may become another from one look to the next
            reads, writes = (here, []) if status == pq.PollingStatus.READING else ([], here)
            left = until - time.monotonic()
            if left <= 0 or not any(select.select(reads, writes, [], left)):
                self._pq.finish()
                raise Away("the database does not answer in time")


class Watch:
    """Hangs up on a server that does not answer in time: libpq's own waits have no end.

    Its thread looks ten times in PATIENCE; where nobody waited for so long, it ends until somebody does.
    """

    def __init__(self) -> None:
        self._until: dict[int, float] = {}  # by socket
        self._used = 0.0
        self._starting = threading.Lock()
        self._watching: threading.Thread | None = None

    @contextmanager
    def over(self, fd: int) -> Iterator[None]:
        """While this lasts, the socket is shut down after PATIENCE."""
        self._used = time.monotonic()
        self._until[fd] = self._used + PATIENCE  # before the look at the thread: see _is_idle
        try:
            if not self._is_watched():
                self._begin()
            yield
        finally:
            del self._until[fd]

    def _is_watched(self) -> bool:
        watching = self._watching
        return watching is not None and watching.is_alive()  # a fork has none

    def _begin(self) -> None:
        with self._starting:
            if not self._is_watched():
                self._watching = threading.Thread(target=self._watch_on, name="watch", daemon=True)
                self._watching.start()

    def _watch_on(self) -> None:
        while True:
            time.sleep(PATIENCE / 10)
            now = time.monotonic()
            for fd, until in list(self._until.items()):
                if now > until:
                    with suppress(OSError), socket.socket(fileno=os.dup(fd)) as line:
                        line.shutdown(socket.SHUT_RDWR)
            if now - self._used > PATIENCE and self._is_idle():
                return

    def _is_idle(self) -> bool:
        """Whether nobody waits. Who begins to wait meanwhile is seen here, or sees that no thread is there."""
        with self._starting:
            me, self._watching = self._watching, None
            if self._until:
                self._watching = me
            return self._watching is None


class Writer:
    """Connections made when a thread first writes (so not before a fork), kept while they serve.

    While the database is away, one caller in each second waits to see whether it is back; the others
    learn at once that it is not.
    """

    def __init__(self, settings: Settings) -> None:
        address = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        options = f"-c timezone=UTC -c client_encoding=UTF8 -c statement_timeout={int(PATIENCE * 900)}"
        options += " -c plan_cache_mode=force_generic_plan"  # each is planned once a connection
        self._address = psycopg.conninfo.make_conninfo(address, options=options)
        self._mine = threading.local()
        self._watch = Watch()
        self._away_until = 0.0
        self._looking = threading.Lock()

    def write(self, verb: Callable[[Connection], T]) -> T:
        """Run a verb; a connection that the server has closed is replaced once.

        Raises:
            Away: the database does not answer in time.
        """
        if not self._away_until:
            return self._write(verb)
        if time.monotonic() < self._away_until or not self._looking.acquire(blocking=False):
            raise Away("the database was away a moment ago")
        try:
            return self._write(verb)
        finally:
            self._looking.release()

    def _write(self, verb: Callable[[Connection], T]) -> T:
        try:
            written = self._write_on(self._kept() or self._connected(), verb)
        except Away:
            if self._kept() is None:
                self._away_until = time.monotonic() + PATIENCE
            raise
        self._away_until = 0.0
        return written

    def _write_on(self, connection: Connection, verb: Callable[[Connection], T]) -> T:
        began = time.monotonic()
        try:
            return verb(connection)
        except Away:  # perhaps it was closed while nobody used it
            if not connection.closed or time.monotonic() - began > PATIENCE / 2:
                raise
        return verb(self._connected())

    def _kept(self) -> Connection | None:
        kept: Connection | None = getattr(self._mine, "connection", None)
        return kept if kept is not None and not kept.closed else None

    def _connected(self) -> Connection:
        made = self._mine.connection = Connection(self._address, self._watch)
        return made


def is_there(connection: Connection) -> bool:
    """Whether the database answers. Raises: Away."""
    return bool(connection.execute(PING, {}))


def _checked(answer: PGresult) -> PGresult:
    if answer.status not in GOOD:
        error = error_from_result(answer)
        raise error if error.sqlstate else Away(str(error))  # without one, it is the line that is broken
    return answer


def _written(value: Any) -> bytes | None:
    """A value as PostgreSQL reads it; lists of plain words only."""
    if isinstance(value, str):
        return value.encode()
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, Iterable):
        return f"{{{','.join(value)}}}".encode()
    return str(value).encode()  # of numbers, yes and no, ids and times, too


def _read(answer: PGresult, row: int, column: int) -> str | None:
    value = answer.get_value(row, column)
    return None if value is None else value.decode()
