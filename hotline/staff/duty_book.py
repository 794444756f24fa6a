"""Who of staff takes calls just now, as a web process knows them."""

from dataclasses import dataclass

from hotline.db import utcnow
from hotline.flow.opening import is_within
from hotline.known import Known
from hotline.vault.keys import vault
from hotline.writer import Connection, Statement, Writer

TAKERS = Statement("""
    SELECT encode(phone, 'hex'), array_to_string(languages, ','), duty, coalesce(zone, '')
    FROM users WHERE active AND takes_calls AND phone IS NOT NULL ORDER BY id
    """)


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
        self._zone = office_zone
        self._takers: Known[tuple[Taker, ...]] = Known("who is on duty", writer, _read, ())

    def phones(self, language: str) -> list[str]:
        """Where somebody on duty speaks this language."""
        return [taker.phone for taker in self._on_duty() if language in taker.languages]

    def languages(self) -> frozenset[str]:
        """Those that somebody on duty speaks."""
        return frozenset().union(*(taker.languages for taker in self._on_duty()))

    def _on_duty(self) -> list[Taker]:
        now = utcnow()
        return [taker for taker in self._takers.now() if is_within(taker.duty, now, taker.zone or self._zone)]


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
