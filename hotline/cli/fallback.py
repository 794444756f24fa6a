"""`hotline fallback`: documents that another host serves when no process of ours answers."""

from pathlib import Path
from urllib.parse import urlsplit

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.cli._settings import known_settings, open_session
from hotline.flow.engine import Facts
from hotline.flow.load_tree import DEFAULT_TREE, load_trees
from hotline.flow.prompts import PROMPTS
from hotline.flow.studio import STUDIO
from hotline.intake.line_book import longest_message
from hotline.intake.models import Line
from hotline.menus.change_tree import live_tree
from hotline.settings import Settings
from hotline.studio.sound_book import with_takes
from hotline.webhooks.fallback_files import FallbackLine, write_fallback_files
from hotline.webhooks.switchboard import load_catalogue


@click.group()
def fallback() -> None:
    """What callers hear from another host when ours is gone: write its files."""


@fallback.command("write")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--base-url", required=True, help="Where DIR will be served, such as https://files.example/sorry."
)
def write(folder: Path, base_url: str) -> None:
    """Write a document for each line, and the sounds it plays, into DIR; again after lines or sounds change."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise click.ClickException("--base-url must be a whole address such as https://files.example/sorry")
    settings = known_settings()
    with open_session(settings) as session:
        lines, catalogue = _lines(session, settings), with_takes(session, load_catalogue(settings))
    if not lines:
        raise click.ClickException(
            "No line is in service. Add one: hotline line add NUMBER --languages my,th"
        )
    for address in write_fallback_files(folder, base_url, settings.public_url, lines, catalogue):
        click.echo(address)
    click.echo("Serve the folder there, then paste these at the carrier as each number's fallback, with GET.")


def _lines(session: Session, settings: Settings) -> list[FallbackLine]:
    trees = load_trees(PROMPTS)
    return [
        FallbackLine(
            line.number,
            live_tree(session, trees.get(line.tree, trees[DEFAULT_TREE])),
            Facts(
                languages=tuple(line.languages),
                voicemail_seconds=longest_message(line.recording_seconds, settings.voicemail_seconds),
                silence_seconds=settings.silence_seconds,
            ),
        )
        for line in session.scalars(sa.select(Line).where(Line.tree != STUDIO).order_by(Line.number))
    ]
