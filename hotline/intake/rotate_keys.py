"""Seal anew, under the newest key of the ring, what an older one sealed: while everything runs.

A value is replaced only where it is still the one that was opened, so nothing written meanwhile is lost;
whoever is stopped on the way starts again and finds less to do.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from hotline.intake.sealed_columns import SEALED, SealedColumn
from hotline.vault.keys import Vault

BATCH = 500  # rows in one transaction: nobody waits long for one of them


def count_sealed(engine: sa.Engine, vault: Vault) -> dict[str, int]:
    """How many values each key still seals; keys that are not on the ring under `?`."""
    counts: Counter[str] = Counter(dict.fromkeys(vault.ring, 0))
    with engine.connect() as connection:
        for sealed in SEALED:
            column = sealed.column
            name = sa.func.convert_from(
                sa.func.substring(column, 2, sa.func.get_byte(column, 0)), sa.literal("SQL_ASCII")
            )
            rows = sa.select(name, sa.func.count()).where(column.is_not(None)).group_by(name)
            for key, count in connection.execute(rows):
                counts[key if key in vault.ring else "?"] += count
    return dict(counts)


def rotate_keys(engine: sa.Engine, vault: Vault, tell: Callable[[str, int], None]) -> int:
    """Seal everything with the newest key; `tell` hears each column's name and how many there were.

    Raises:
        CannotOpen: a value's key is not on the ring, or it was altered.
    """
    total = 0
    for sealed in SEALED:
        changed = 0
        while moved := _pass_over(engine, vault, sealed):  # again for rows that were locked just then
            changed += moved
        tell(sealed.name, changed)
        total += changed
    return total


def _pass_over(engine: sa.Engine, vault: Vault, sealed: SealedColumn) -> int:
    """Each row of the table once; how many were sealed anew."""
    keys = list(sealed.column.table.primary_key.columns)
    changed, last = 0, None
    while True:
        with engine.begin() as connection:
            rows = connection.execute(_older(vault, sealed, keys, last)).mappings().all()
            for row in rows:
                changed += _seal_anew(connection, vault, sealed, keys, dict(row))
        if not rows:
            return changed
        last = tuple(rows[-1][key.name] for key in keys)


def _older(
    vault: Vault, sealed: SealedColumn, keys: "list[sa.Column[Any]]", last: tuple[Any, ...] | None
) -> "sa.Select[Any]":
    newest = next(iter(vault.ring))
    prefix = bytes([len(newest)]) + newest.encode()
    column = sa.type_coerce(sealed.column, sa.LargeBinary).label(sealed.column.name)
    beyond = sa.tuple_(*keys) > sa.tuple_(*(sa.literal(value) for value in last)) if last else sa.true()
    return (
        sa.select(*sealed.columns(), column)
        .where(sealed.column.is_not(None), sa.func.substring(sealed.column, 1, len(prefix)) != prefix, beyond)
        .order_by(*keys)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def _seal_anew(
    connection: sa.Connection,
    vault: Vault,
    sealed: SealedColumn,
    keys: "list[sa.Column[Any]]",
    row: dict[str, Any],
) -> int:
    place, old = sealed.place_of(row), row[sealed.column.name]
    new = vault.seal(vault.open(old, place), place)
    raw = sa.type_coerce(sealed.column, sa.LargeBinary)
    change = (
        sa.update(sealed.column.table)
        .where(*(key == row[key.name] for key in keys), raw == old)
        .values({sealed.column.name: sa.type_coerce(sa.literal(new, sa.LargeBinary), sa.LargeBinary)})
    )
    return connection.execute(change).rowcount
