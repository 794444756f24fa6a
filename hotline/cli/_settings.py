"""Which hotline a command speaks to: the one of the environment, else the demo of this folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import make_engine, make_sessions
from hotline.settings import DEMO, Settings, WrongSettings, read_demo, read_settings
from hotline.vault.keys import unlock


def known_settings() -> Settings:
    """Read the settings, those of a demo where the environment names no database.

    Raises:
        click.ClickException: one clear sentence.
    """
    data = Path(os.environ.get("HOTLINE_DATA", ".hotline"))
    given: dict[str, str] = {}
    if not os.environ.get("DATABASE_URL"):
        if not (data / DEMO).exists():
            raise click.ClickException(
                f"There is no hotline here: no demo has left its settings in {data}, and DATABASE_URL is not set."
            )
        given = read_demo(data)
    try:
        settings = read_settings(**given)
    except WrongSettings as wrong:
        raise click.ClickException(str(wrong)) from None
    unlock(settings)
    return settings


@contextmanager
def open_session(settings: Settings | None = None) -> Iterator[Session]:
    """A session for one command. Raises: click.ClickException where the database does not answer."""
    known = settings or known_settings()
    engine = make_engine(known, pooled=False)
    try:
        with make_sessions(engine)() as session:
            yield session
    except sa.exc.OperationalError:
        what = "Start it with: make demo" if known.env == "demo" else "Look at DATABASE_URL"
        raise click.ClickException(f"The hotline's database does not answer. {what}.") from None
