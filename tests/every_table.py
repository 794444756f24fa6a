"""A row in every table, whichever tables there are: what is done to all of them meets each."""

import re
import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def fill(connection: sa.Connection, without: Collection[str] = ()) -> None:
    """One row in each table, of values that its types, checks and references allow; all that can point, points."""
    tables = sa.MetaData()
    tables.reflect(connection)
    made: dict[str, dict[str, Any]] = {}
    late: list[tuple[sa.Table, sa.Column[Any]]] = []
    for table in tables.sorted_tables:
        if table.name in {"alembic_version", *without}:
            continue
        already = connection.execute(sa.select(table)).mappings().first()
        if already:  # a migration puts it there
            made[table.name] = dict(already)
            continue
        allowed = _allowed(connection, table.name)
        row: dict[str, Any] = {}
        for column in table.columns:
            points = next(iter(column.foreign_keys), None)
            if column.identity is not None:
                continue
            if points is not None:
                target = made.get(points.column.table.name)
                if target is None:
                    late.append((table, column))
                    row[column.name] = None
                else:
                    row[column.name] = target[points.column.name]
            else:
                row[column.name] = allowed.get(column.name) or _value(column)
        written = connection.execute(sa.insert(table).values(row).returning(*table.columns)).mappings().one()
        made[table.name] = dict(written)
    for table, column in late:  # two tables that point at each other
        points = next(iter(column.foreign_keys)).column
        connection.execute(sa.update(table).values({column: made[points.table.name][points.name]}))
    connection.commit()


def _allowed(connection: sa.Connection, table: str) -> dict[str, str]:
    """The first word that a check of the kind `column IN (…)` lets in."""
    found = {}
    for check in sa.inspect(connection).get_check_constraints(table):
        column = re.match(r"\W*(\w+)", check["sqltext"])
        word = re.search(r"'([^']*)'", check["sqltext"])
        if column and word:
            found[column[1]] = word[1]
    return found


def _value(column: sa.Column[Any]) -> Any:
    match column.type:
        case sa.Uuid() | postgresql.UUID():
            return uuid.uuid4()
        case sa.DateTime():
            return NOW
        case sa.Boolean():
            return True
        case sa.LargeBinary():
            return b"\x01" * 32
        case sa.ARRAY():
            return ["my"]
        case postgresql.JSONB():
            return {"a": 1}
        case sa.Integer() | sa.Float() | sa.Numeric():
            return 1
    return f"{column.name}-1"
