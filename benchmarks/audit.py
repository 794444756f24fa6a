"""How long one altered row among a million takes to find, beside reading the same rows and doing nothing.

.venv/bin/python -m benchmarks.audit [rows]
"""

import json
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from hotline.db import upgrade
from hotline.embedded import postgres
from hotline.settings import Settings
from hotline.vault.chain import BEGINNING, Act, BrokenChain, mac_of, seal_of
from hotline.vault.verify import verify
from tests.conftest import settings_for

TARGET = 60  # seconds


def main(rows: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        database = postgres.start(data / "postgres")
        try:
            database.create_database("hotline")
            settings = settings_for(database.url("hotline"), "redis://unused", data)
            upgrade(settings)
            with psycopg.connect(
                settings.database_url.replace("+psycopg", ""), autocommit=True
            ) as connection:
                _fill(connection, settings.audit_key, rows)
                bare = _read(connection)
                print(f"reading {rows} rows: {bare:.1f} s")
                _find(settings, bare, "unbroken")
                for statement in (
                    "ALTER TABLE audit DISABLE TRIGGER USER",
                    f"UPDATE audit SET action = 'nothing' WHERE sequence = {rows * 9 // 10}",
                    "ALTER TABLE audit ENABLE TRIGGER USER",
                ):
                    connection.execute(statement)
                _find(settings, bare, "one row altered")
        finally:
            database.stop()


def _fill(connection: "psycopg.Connection[tuple[object, ...]]", key: bytes, rows: int) -> None:
    mac, at, actor = BEGINNING, datetime(2026, 1, 1, tzinfo=UTC), uuid.uuid4()
    columns = "at, actor_id, action, subject, subject_id, detail, once, sequence, mac"
    with connection.cursor() as cursor, cursor.copy(f"COPY audit ({columns}) FROM STDIN") as copy:
        for sequence in range(1, rows + 1):
            at += timedelta(seconds=1)
            act = Act(
                at,
                actor,
                "listened",
                "reports",
                str(sequence),
                {"language": "my", "part": sequence % 7},
                None,
            )
            mac = mac_of(key, mac, sequence, act)
            copy.write_row((at, actor, act.action, act.subject, act.subject_id, json.dumps(act.detail), None, sequence, mac))  # fmt: skip
    seal = seal_of(key, "head", rows, mac)
    connection.execute("UPDATE audit_head SET sequence = %s, mac = %s, seal = %s", (rows, mac, seal))


def _read(connection: "psycopg.Connection[tuple[object, ...]]") -> float:
    began = time.perf_counter()
    with connection.transaction(), connection.cursor("all", binary=True) as cursor:
        cursor.itersize = 5000
        cursor.execute("SELECT * FROM audit ORDER BY sequence")
        for _ in cursor:
            pass
    return time.perf_counter() - began


def _find(settings: Settings, bare: float, what: str) -> None:
    began = time.perf_counter()
    try:
        found = str(verify(settings).rows) + " rows, unbroken"
    except BrokenChain as broken:
        found = str(broken)
    took = time.perf_counter() - began
    print(f"{what}: {found}; {took:.1f} s (target {TARGET}), {took / bare:.1f} times the reading")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
