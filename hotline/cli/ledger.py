"""`hotline ledger`: what became of every call and text."""

import json
from dataclasses import asdict

import click

from hotline.cli._settings import open_session
from hotline.intake.ledger import keep_ledger


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def ledger(as_json: bool) -> None:
    """Count calls by their best end, and texts. The ends add up to those that reached the microphone."""
    with open_session() as session:
        counts = asdict(keep_ledger(session))
    if as_json:
        click.echo(json.dumps(counts))
        return
    for name, count in counts.items():
        click.echo(f"{name.replace('_', ' '):20} {count:>8}")
