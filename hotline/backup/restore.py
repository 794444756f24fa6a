"""Restore an archive on an empty machine, and compare every row and file with what was written down."""

import hashlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import psycopg
from psycopg import sql

from hotline.backup.archive import BadArchive, read_frames
from hotline.backup.tables import VERSION, Connection, digest_of, table_names
from hotline.backup.write import BackedUp, backup_key
from hotline.db import make_engine, make_sessions, upgrade
from hotline.media.open_store import open_store
from hotline.media.store import MediaStore
from hotline.retention.erase import repeat_erasures
from hotline.settings import Settings
from hotline.vault.keys import fingerprint

Frames = Iterator[dict[str, Any] | bytes]


class CannotRestore(Exception):
    """The text is one sentence that says why, and what to do."""


def restore(settings: Settings, file: BinaryIO) -> BackedUp:
    """All of it or nothing; then upgraded to this release, and who was erased since is erased again.

    Raises:
        BadArchive, CannotRestore.
    """
    frames = read_frames(file, backup_key(settings))
    head = next(frames)
    if not isinstance(head, dict):
        raise BadArchive("the archive has no beginning")
    _check_keys(settings, head)
    address = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address) as connection:
        _check_empty(connection)
    upgrade(settings, head["revision"])
    media = open_store(settings)
    with psycopg.connect(address, options="-c timezone=UTC") as connection:  # commits only what is whole
        restored = _load(connection, frames, media)
        _set_sequences(connection)
    upgrade(settings)
    repeat_erasures(make_sessions(make_engine(settings, pooled=False)), media, settings)
    return restored


def _check_keys(settings: Settings, head: dict[str, Any]) -> None:
    ours = {fingerprint(key) for _, key in settings.data_keys}
    missing = [name for name, mark in head["keys"].items() if mark not in ours]
    if missing:
        raise CannotRestore(
            f"The ring lacks the key {', '.join(missing)}: put it into DATA_KEYS, then try again."
        )
    if head["lookup"] != fingerprint(settings.lookup_key):
        raise CannotRestore("LOOKUP_KEY is another: callers would not be known again. Set it as it was.")


def _check_empty(connection: Connection) -> None:
    for table in ("lines", "users", "contacts", "calls", "messages"):
        if (
            table in table_names(connection)
            and connection.execute(
                sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))
            ).fetchone()
        ):
            raise CannotRestore("The database is not empty: a backup is restored into a new one only.")


def _load(connection: Connection, frames: Frames, media: MediaStore) -> BackedUp:
    tables, rows, files = 0, 0, 0
    for frame in frames:
        if not isinstance(frame, dict):
            raise BadArchive("there is data that belongs to nothing")
        if "table" in frame:
            rows += _load_table(connection, frames, frame["table"], frame["columns"])
            tables += 1
        elif "file" in frame:
            _load_file(media, frames, frame["file"])
            files += 1
    return BackedUp(tables, rows, files)


def _load_table(connection: Connection, frames: Frames, table: str, columns: list[str]) -> int:
    if table not in table_names(connection) or table == VERSION:
        raise BadArchive(f"there is no table {table} in the release that the archive is of")
    if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone():
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))  # a migration's own rows
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    end: dict[str, Any] | None = None
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for frame in frames:
            if isinstance(frame, dict):
                end = frame
                break
            copy.write(frame)
    found = digest_of(connection, table, columns)
    if end is None or end.get("end") != table or found != {"rows": end["rows"], "sha256": end["sha256"]}:
        raise BadArchive(f"the rows of {table} are not what was backed up")
    return int(found["rows"])


def _load_file(media: MediaStore, frames: Frames, name: str) -> None:
    parts: list[bytes] = []
    for frame in frames:
        if isinstance(frame, bytes):
            parts.append(frame)
            continue
        sealed = b"".join(parts)
        if frame.get("end") != name or hashlib.sha256(sealed).hexdigest() != frame["sha256"]:
            raise BadArchive(f"the file {name} is not what was backed up")
        media.put(name, sealed)
        if media.get(name) != sealed:
            raise CannotRestore(f"The store of audio does not give back what it was given ({name}).")
        return
    raise BadArchive(f"the file {name} is cut off")


def _set_sequences(connection: Connection) -> None:
    """Numbers that the database gives go on where they were."""
    found = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND is_identity = 'YES'"
    ).fetchall()
    for table, column in found:
        connection.execute(
            sql.SQL(
                "SELECT setval(pg_get_serial_sequence({}, {}), greatest((SELECT max({}) FROM {}), 1),"
                " EXISTS (SELECT FROM {}))"
            ).format(
                sql.Literal(table),
                sql.Literal(column),
                sql.Identifier(column),
                sql.Identifier(table),
                sql.Identifier(table),
            )
        )
