"""`hotline audit`: is the audit trail as it was written?"""

import json
from dataclasses import asdict

import click

from hotline.cli._settings import known_settings
from hotline.vault.chain import BrokenChain
from hotline.vault.verify import verify as walk


@click.group()
def audit() -> None:
    """The audit trail: who did what."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def verify(as_json: bool) -> None:
    """Walk the whole trail; exit 1 and name the first row that was altered, removed or added."""
    try:
        found = walk(known_settings())
    except BrokenChain as broken:
        raise click.ClickException(f"The audit trail is broken: {broken}.") from None
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(f"{found.rows} rows, unbroken; {found.closed_months} months closed before them.")
    if found.before_the_chain:
        click.echo(f"{found.before_the_chain} older rows are from before there was a chain.")
    click.echo(f"Head: {found.sequence} {found.head}. Note it where the server cannot write.")
