"""Tables as streams of rows in one order, so that two databases can be compared by a digest of each."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from hotline.db import Base

Connection = psycopg.Connection[Any]
VERSION = "alembic_version"


@dataclass
class Digest:
    """Of the rows that were seen."""

    rows: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, raw: bytes) -> bytes:
        self.rows += raw.count(b"\n")  # in COPY's text format a line break inside a value is escaped
        self._hash.update(raw)
        return raw

    def said(self) -> dict[str, Any]:
        return {"rows": self.rows, "sha256": self._hash.hexdigest()}


def table_names(connection: Connection) -> list[str]:
    """The tables that are there, what others point at first; those that we do not know at the end."""
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    there = [str(name) for (name,) in found if name != VERSION]
    known = [table.name for table in Base.metadata.sorted_tables]
    return sorted(there, key=lambda name: (known.index(name) if name in known else len(known), name))


def columns_of(connection: Connection, table: str) -> list[str]:
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " ORDER BY ordinal_position",
        (table,),
    )
    return [str(name) for (name,) in found]


def read_table(connection: Connection, table: str, columns: list[str]) -> Iterator[bytes]:
    """Its rows by primary key, as COPY writes text."""
    keys = connection.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY 1",
        (table,),
    ).fetchall()
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.Identifier(table),
        sql.SQL(", ").join(sql.Identifier(str(key)) for (key,) in keys),
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for raw in copy:
            yield bytes(raw)


def digest_of(connection: Connection, table: str, columns: list[str]) -> dict[str, Any]:
    """Of all rows that are there."""
    digest = Digest()
    for raw in read_table(connection, table, columns):
        digest.add(raw)
    return digest.said()
