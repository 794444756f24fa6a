"""`hotline queue`: every report and where it stands."""

import json

import click
import sqlalchemy as sa

from hotline.cli._settings import open_session
from hotline.db import utcnow
from hotline.transcription.list_reports import list_reports


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
def queue(as_json: bool) -> None:
    """Every report, oldest first: what it is, whose language, how urgent, where it stands."""
    with open_session() as session:
        try:
            reports = list_reports(session, utcnow())
        except sa.exc.ProgrammingError:
            raise click.ClickException("The database is not set up yet. Run: hotline migrate") from None
    if as_json:
        click.echo(json.dumps(reports, indent=1))
        return
    for one in reports:
        click.echo(
            f"{one['report']}  {one['kind']:5}  {one['language']:3}{' ' if one['language_chosen'] else '?'}"
            f"  {one['urgency']:8}  {one['state']:12}  {one['received_at']}"
        )
