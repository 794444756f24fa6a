"""Who of staff takes calls just now, as a web process knows them: in memory, looked at again every few seconds."""

import logging
import threading
import time
from dataclasses import dataclass

from hotline.db import utcnow
from hotline.flow.opening import is_within
from hotline.vault.keys import vault
from hotline.writer import Away, Connection, Statement, Writer

LOOK_AGAIN = 5.0  # seconds
TAKERS = Statement("""
    SELECT encode(phone, 'hex'), array_to_string(languages, ','), duty, coalesce(zone, '')
    FROM users WHERE active AND takes_calls AND phone IS NOT NULL ORDER BY id
    """)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Taker:
    """A member who takes calls, at their own phone."""

    phone: str
    languages: frozenset[str]
    duty: str  # hours of their week; empty: any
    zone: str


class DutyBook:
    """With the database away, those known last; who is away then does not answer, and the call goes on."""

    def __init__(self, writer: Writer, office_zone: str) -> None:
        self._writer, self._zone = writer, office_zone
        self._takers: tuple[Taker, ...] = ()
        self._looked_at = float("-inf")
        self._looking = threading.Lock()

    def phones(self, language: str) -> list[str]:
        """Where somebody on duty speaks this language."""
        return [taker.phone for taker in self._on_duty() if language in taker.languages]

    def languages(self) -> frozenset[str]:
        """Those that somebody on duty speaks."""
        return frozenset().union(*(taker.languages for taker in self._on_duty()))

    def _on_duty(self) -> list[Taker]:
        now = utcnow()
        return [taker for taker in self._current() if is_within(taker.duty, now, taker.zone or self._zone)]

    def _current(self) -> tuple[Taker, ...]:
        if time.monotonic() - self._looked_at > LOOK_AGAIN and self._looking.acquire(blocking=False):
            try:
                self._looked_at = time.monotonic()
                self._takers = self._writer.write(_read)
            except Away as away:
                log.warning("who is on duty is not read: %s", type(away).__name__)
            finally:
                self._looking.release()
        return self._takers


def _read(connection: Connection) -> tuple[Taker, ...]:
    return tuple(
        Taker(
            vault().open(bytes.fromhex(str(phone)), "users.phone").decode(),
            frozenset(filter(None, str(languages).split(","))),
            str(duty),
            str(zone),
        )
        for phone, languages, duty, zone in connection.execute(TAKERS, {})
    )
