"""Walk the whole audit trail and say whether it is as it was written.

What this cannot show: who holds an old copy of the database can put all of it back. Only a head that
was noted elsewhere (`hotline audit verify` prints it) tells that.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import psycopg

from hotline.settings import Settings
from hotline.vault.chain import BEGINNING, Act, BrokenChain, mac_of, seal_of

BATCH = 5000  # rows at a time: a million must not be in memory


@dataclass(frozen=True)
class Verified:
    """An unbroken trail. `head` is the last row's MAC: note it elsewhere."""

    rows: int
    closed_months: int
    before_the_chain: int
    sequence: int
    head: str


def verify(settings: Settings) -> Verified:
    """Raises: BrokenChain, naming the first row that does not fit."""
    address = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address, options="-c timezone=UTC") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        months, sequence, mac = _closed(connection, settings.audit_key)
        old, rows = _before(connection), 0
        for number, act, given in _rows(connection, sequence):
            sequence, rows = sequence + 1, rows + 1
            if number != sequence:
                raise BrokenChain(f"row {sequence} is missing: {number} follows {sequence - 1}")
            mac = mac_of(settings.audit_key, mac, sequence, act)
            if not hmac.compare_digest(mac, given):
                raise BrokenChain(
                    f"row {sequence} was altered, or one before it ({act.at:%Y-%m-%d %H:%M} UTC, {act.action})"
                )
        _check_head(connection, settings.audit_key, sequence, mac)
    return Verified(rows, months, old, sequence, mac.hex())


def _closed(connection: "psycopg.Connection[tuple[object, ...]]", key: bytes) -> tuple[int, int, bytes]:
    """How many months are closed, and where the chain stands at the end of the last."""
    months, sequence, mac = 0, 0, BEGINNING
    found = connection.execute(
        "SELECT month, rows, last_sequence, last_mac, seal FROM audit_closings ORDER BY month"
    )
    for month, count, last, last_mac, seal in found:
        if not hmac.compare_digest(bytes(seal), seal_of(key, f"{month}:{count}", last, bytes(last_mac))):  # type: ignore[call-overload,arg-type]
            raise BrokenChain(f"the closing of {month} was altered")
        if last != sequence + count:  # type: ignore[operator]
            raise BrokenChain(f"a closing before {month} is missing")
        months, sequence, mac = months + 1, int(last), bytes(last_mac)  # type: ignore[call-overload]
    return months, sequence, mac


def _before(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    """Rows from before there was a chain; none may have come since."""
    found = connection.execute(
        "SELECT count(*), coalesce(max(id), 0) < coalesce((SELECT min(id) FROM audit WHERE sequence IS NOT NULL),"
        " 9223372036854775807) FROM audit WHERE sequence IS NULL"
    ).fetchone()
    assert found is not None
    if not found[1]:
        raise BrokenChain("a row was added outside the chain")
    return int(str(found[0]))


def _rows(
    connection: "psycopg.Connection[tuple[object, ...]]", after: int
) -> Iterator[tuple[int, Act, bytes]]:
    with connection.cursor("audit", binary=True) as cursor:
        cursor.itersize = BATCH
        cursor.execute(
            "SELECT sequence, mac, at, actor_id, action, subject, subject_id, detail, once FROM audit"
            " WHERE sequence > %s ORDER BY sequence",
            (after,),
        )
        row: tuple[int, bytes, datetime, object, str, str, str, dict[str, object], str | None]
        for row in cursor:  # type: ignore[assignment]
            number, mac, at, actor, action, subject, subject_id, detail, once = row
            yield number, Act(at, actor, action, subject, subject_id, detail, once), bytes(mac or b"")  # type: ignore[arg-type]


def _check_head(
    connection: "psycopg.Connection[tuple[object, ...]]", key: bytes, sequence: int, mac: bytes
) -> None:
    head = connection.execute("SELECT sequence, mac, seal FROM audit_head WHERE id = 1").fetchone()
    if head is None:
        raise BrokenChain("the head of the audit trail is gone")
    said, its_mac, seal = int(str(head[0])), bytes(head[1]), bytes(head[2])  # type: ignore[call-overload]
    if said and not hmac.compare_digest(seal, seal_of(key, "head", said, its_mac)):
        raise BrokenChain("the head of the audit trail was altered")
    if said != sequence or (said and its_mac != mac):
        raise BrokenChain(f"the last rows are missing: {said} were written, and {sequence} are there")
