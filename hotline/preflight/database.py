"""The database: it answers, bears this version's tables, and knows a line."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from hotline.db import make_engine
from hotline.flow.studio import STUDIO
from hotline.preflight.finding import Finding, fault, fine
from hotline.settings import Settings

PATIENCE = 5.0  # seconds
AWAY = fault("The database does not answer.", "Look at DATABASE_URL, and whether PostgreSQL runs.")


@contextmanager
def connected(settings: Settings) -> Iterator[sa.Connection]:
    """Raises: OperationalError."""
    engine = make_engine(settings, pooled=False, patience=PATIENCE)
    with engine.connect() as connection:
        yield connection


def is_database_ready(settings: Settings) -> list[Finding]:
    from alembic.config import Config  # heavy, and needed only here
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "hotline:migrations")
    newest = set(ScriptDirectory.from_config(config).get_heads())
    try:
        with connected(settings) as connection:
            there = set(MigrationContext.configure(connection).get_current_heads())
    except sa.exc.OperationalError:
        return AWAY
    if not there:
        return fault("The database has no tables.", "Run: hotline migrate")
    if there != newest:
        return fault("The tables are not those of this version.", "Run: hotline migrate")
    return fine("It answers, with the tables of this version.")


def is_line_in_service(settings: Settings) -> list[Finding]:
    try:
        with connected(settings) as connection:
            found = connection.execute(sa.text("SELECT number, tree FROM lines ORDER BY number")).all()
    except sa.exc.DBAPIError:
        return fault("The lines cannot be read.", "First mend the database.")
    studios = [number for number, tree in found if tree == STUDIO]
    serving = [number for number, tree in found if tree != STUDIO]
    if not serving:
        return fault("No line is in service.", "Add one: hotline line add NUMBER --languages my,th")
    studio = fine(f"For staff who record prompts: {', '.join(studios)}.") if studios else []
    return fine(f"In service: {', '.join(serving)}.") + studio


def lines(settings: Settings) -> list[str]:
    """The numbers that are ours. Raises: DBAPIError."""
    with connected(settings) as connection:
        return list(connection.scalars(sa.text("SELECT number FROM lines ORDER BY number")))
