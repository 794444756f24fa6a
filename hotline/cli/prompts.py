"""`hotline prompts`: what callers hear, and the placeholder voices for what nobody has recorded."""

import os
from pathlib import Path

import click

from hotline.cli._settings import open_session
from hotline.db import utcnow
from hotline.flow.prompts import PROMPTS, Catalogue, ScriptError, read_script
from hotline.flow.turn import Clip
from hotline.media.ffmpeg import CannotDecode
from hotline.media.placeholders import NoVoices, make_placeholders
from hotline.staff.set_password import NoSuchMember, find_member
from hotline.studio.take import NotYours, add_take


@click.group()
def prompts() -> None:
    """What callers hear: list, take recordings, make placeholder voices."""


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
        click.echo(f"No placeholder voice for {', '.join(mute)}: callers hear their fallback there.")


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


@prompts.command("take")
@click.argument("language")
@click.argument("prompt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, metavar="EMAIL", help="Who recorded it; another member approves it.")
def take(language: str, prompt: str, file: Path, by: str) -> None:
    """Take what a person recorded as a prompt: trimmed, evenly loud, as telephones carry it."""
    script = PROMPTS / language / "script.yaml"
    if not script.exists():
        raise click.ClickException(f"No prompts are written in {language}.")
    try:
        said = read_script(script).prompts.get(prompt)
    except ScriptError as broken:
        raise click.ClickException(str(broken)) from None
    if said is None:
        raise click.ClickException(f"{language}/script.yaml has no prompt {prompt}.")
    with open_session() as session:
        try:
            member = find_member(session, by)
            made = add_take(session, language, prompt, said, file.read_bytes(), "file", member, utcnow())
        except CannotDecode as fault:
            raise click.ClickException(f"{file.name} cannot be used: {fault}") from None
        except (NoSuchMember, NotYours) as wrong:
            raise click.ClickException(str(wrong)) from None
        session.commit()
        click.echo(
            f"{language}/{prompt}, version {made.number}: {made.seconds:.1f} s. It says: {' '.join(said.split())}"
        )
    click.echo("Callers hear it once a second person has approved it: Prompts, in the console.")
