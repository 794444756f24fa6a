"""Back up: database, audio and the fingerprints of the keys, as they were at one moment, while all runs."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

import psycopg

from hotline.backup.archive import Writer
from hotline.backup.tables import Connection, Digest, columns_of, read_table, table_names
from hotline.db import utcnow
from hotline.media.open_store import open_store
from hotline.media.store import MediaStore
from hotline.settings import Settings
from hotline.vault.keys import derive, fingerprint


@dataclass(frozen=True)
class BackedUp:
    """How much there was."""

    tables: int
    rows: int
    files: int


def backup_key(settings: Settings) -> bytes:
    """What archives are sealed with: of the audit key, which never rotates and is kept apart from backups."""
    return derive(settings.audit_key, "backups")


def write_backup(settings: Settings, file: BinaryIO) -> BackedUp:
    """Write everything in one snapshot. Raises: OSError, psycopg.Error."""
    archive = Writer(file, backup_key(settings))
    address = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address, options="-c timezone=UTC") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        prints = {name: fingerprint(key) for name, key in settings.data_keys}
        archive.say(revision=revision, keys=prints, lookup=fingerprint(settings.lookup_key), at=str(utcnow()))
        tables, rows = table_names(connection), 0
        for table in tables:
            columns, digest = columns_of(connection, table), Digest()
            archive.say(table=table, columns=columns)
            for raw in read_table(connection, table, columns):
                archive.data(digest.add(raw))
            archive.say(end=table, **digest.said())
            rows += digest.rows
        files = _write_files(archive, connection, open_store(settings))
    archive.close()
    return BackedUp(len(tables), rows, files)


def _write_files(archive: Writer, connection: Connection, media: MediaStore) -> int:
    """The files that the snapshot's rows name; who was erased meanwhile has none any more."""
    named = connection.execute(
        "SELECT unnest(ARRAY[original, playback]) FROM recordings"
        " UNION SELECT unnest(ARRAY[original, shown]) FROM attachments ORDER BY 1"
    ).fetchall()
    count = 0
    for (name,) in named:
        if name is None:
            continue
        try:
            sealed = media.get(str(name))
        except FileNotFoundError:
            continue
        archive.say(file=name)
        archive.data(sealed)
        archive.say(end=name, sha256=hashlib.sha256(sealed).hexdigest())
        count += 1
    return count
