"""`hotline purge`: remove what is past its keeping."""

import click

from hotline.cli._settings import known_settings
from hotline.db import make_engine, make_sessions
from hotline.media.open_store import open_store
from hotline.retention.purge import purge as remove
from hotline.retention.rules import FILES, TABLES


@click.command()
@click.option("--dry-run", is_flag=True, help="Count what would go; nothing is removed.")
@click.option("--rules", is_flag=True, help="Say how long everything is kept, and end.")
def purge(dry_run: bool, rules: bool) -> None:
    """Remove what is past its keeping; the sweep has it done once a day."""
    if rules:
        for name, keeps in (TABLES | FILES).items():
            click.echo(f"{name:18} {keeps}")
        return
    settings = known_settings()
    sessions = make_sessions(make_engine(settings, pooled=False))
    for line in remove(sessions, open_store(settings), settings, dry_run=dry_run).lines():
        click.echo(line)
    click.echo("Nothing was removed." if dry_run else "Removed.")
