"""`hotline prompts`: what callers hear, and the placeholder voices for what nobody has recorded."""

import os
from pathlib import Path

import click

from hotline.flow.prompts import PROMPTS, Catalogue
from hotline.flow.turn import Clip
from hotline.media.placeholders import NoVoices, make_placeholders


@click.group()
def prompts() -> None:
    """What callers hear: list, make placeholder voices."""


def _folder() -> Path:
    return Path(os.environ.get("HOTLINE_DATA", ".hotline")) / "prompts"


@prompts.command("make")
def make() -> None:
    """Make the placeholder clips that are missing."""

    def progress(language: str, done: int, of: int) -> None:
        if done % 8 and done != of:
            return
        click.echo(f"\rMaking placeholder voices: {done} of {of} ({language}) ", nl=done == of)

    try:
        mute = make_placeholders(Catalogue.load(PROMPTS, _folder()), _folder(), progress)
    except NoVoices as without:
        raise click.ClickException(str(without)) from None
    if mute:
        click.echo(f"No placeholder voice for {', '.join(mute)}: callers hear English there.")


@prompts.command("list")
def show() -> None:
    """Each language: how many prompts are recorded, placeholders, or missing."""
    catalogue = Catalogue.load(PROMPTS, _folder())
    for script in catalogue.scripts.values():
        sources = [catalogue.sound(Clip(prompt, script.language)) for prompt in script.prompts]
        own = [sound.source for sound in sources if sound.language == script.language]
        counts = ", ".join(f"{own.count(kind)} {kind}" for kind in ("recording", "placeholder", "tone"))
        checked = script.checked_by or "nobody yet"
        click.echo(
            f"{script.language:4} {script.name:10} {counts}, {len(sources) - len(own)} borrowed; checked by {checked}"
        )
