"""`hotline ledger`: what became of every call and text."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from hotline.cli._settings import known_settings, open_session
from hotline.db import utcnow
from hotline.intake.alarms import raise_alarms
from hotline.intake.ledger import keep_ledger

DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.command()
@click.option("--since", type=DAY, help="Calls and texts that began then or later, in the office's time.")
@click.option("--until", type=DAY, help="Those that began before.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def ledger(since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Count calls by their best end, and texts. The ends add up to those that reached the microphone.

    What does not add up is said on standard error.
    """
    settings = known_settings()
    zone = ZoneInfo(settings.zone)
    with open_session() as session:
        counts = asdict(keep_ledger(session, _instant(since, zone), _instant(until, zone)))
        alarms = raise_alarms(session, settings, utcnow())
    if as_json:
        click.echo(json.dumps(counts))
    else:
        for name, count in counts.items():
            click.echo(f"{name.replace('_', ' '):20} {count:>8}")
    for alarm in alarms:
        click.echo(alarm, err=True)


def _instant(said: datetime | None, zone: ZoneInfo) -> datetime | None:
    return said.replace(tzinfo=zone).astimezone(UTC) if said else None
