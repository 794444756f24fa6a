"""`hotline prompts`: what callers hear, and the placeholder voices for what nobody has recorded."""

import os
from pathlib import Path

import click

from hotline.flow.prompts import PROMPTS, Catalogue, ScriptError, read_script, recording_name, seconds_of
from hotline.flow.turn import Clip
from hotline.media.ffmpeg import CannotDecode
from hotline.media.make_prompt import make_prompt
from hotline.media.placeholders import NoVoices, make_placeholders, pause_after
from hotline.write_whole import write_whole


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


@prompts.command("take")
@click.argument("language")
@click.argument("prompt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Even where this prompt is recorded already.")
def take(language: str, prompt: str, file: Path, *, replace: bool) -> None:
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
    path = PROMPTS / language / recording_name(prompt)
    if path.exists() and not replace:
        raise click.ClickException(f"{language}/{path.name} is there already; --replace takes the new one.")
    try:
        audio = make_prompt(file.read_bytes(), pause_after(prompt)).audio
    except CannotDecode as fault:
        raise click.ClickException(f"{file.name} cannot be used: {fault}") from None
    write_whole(path, audio)
    click.echo(f"{language}/{path.name}: {seconds_of(audio):.1f} s. It says: {' '.join(said.split())}")
    click.echo("Callers hear it after the web processes start again.")
