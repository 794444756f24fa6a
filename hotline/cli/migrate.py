"""`hotline migrate`: bring the database to this version."""

import click
import sqlalchemy as sa

from hotline.cli._settings import known_settings
from hotline.db import upgrade


@click.command()
def migrate() -> None:
    """Make or change the tables for this version of the hotline; safe to run again, and from several at once."""
    try:
        upgrade(known_settings())
    except sa.exc.OperationalError:
        raise click.ClickException("The database does not answer. Look at DATABASE_URL.") from None
    click.echo("The database is up to date.")
