"""`hotline check`: is everything in place to answer calls?"""

import click
import redis
import sqlalchemy as sa

from hotline.cli._settings import known_settings
from hotline.db import make_engine
from hotline.doorbell import connect
from hotline.flow.prompts import ScriptError
from hotline.flow.tree import TreeError
from hotline.flow.turn import Clip
from hotline.settings import Settings
from hotline.webhooks.switchboard import PROMPTS, load_catalogue, load_trees


@click.command()
def check() -> None:
    """Look at settings, database, Redis, trees and prompts; say what is wrong and how to mend it."""
    settings = known_settings()
    wrong = [*_parts(settings), *_flow(settings)]
    for fault in wrong:
        click.echo(f"✗ {fault}")
    if wrong:
        raise SystemExit(1)
    click.echo("✓ Settings, database, Redis, menu trees and prompts are in order.")


def _parts(settings: Settings) -> list[str]:
    wrong = []
    try:
        with make_engine(settings, pooled=False).connect() as connection:
            if not connection.scalar(sa.text("SELECT count(*) FROM lines")):
                wrong.append("No line is in service. Add one: hotline line add NUMBER --languages my,th")
    except sa.exc.OperationalError:
        wrong.append("The database does not answer. Look at DATABASE_URL.")
    except sa.exc.ProgrammingError:
        wrong.append("The database is not set up. Run: hotline migrate")
    try:
        connect(settings.redis_url).set("check", 1, ex=5)
    except redis.RedisError as failed:
        wrong.append(f"Redis takes no writes ({type(failed).__name__}). Look at REDIS_URL.")
    return wrong


def _flow(settings: Settings) -> list[str]:
    try:
        catalogue, trees = load_catalogue(settings), load_trees(PROMPTS)
    except (TreeError, ScriptError) as broken:
        return str(broken).splitlines()
    wrong = []
    for tree in trees.values():
        for language in sorted(set(tree.languages) & set(catalogue.scripts)):
            sounds = [catalogue.sound(Clip(prompt, language)) for prompt in tree.prompts()]
            missing = sorted(sound.prompt for sound in sounds if sound.source == "tone")
            if missing:
                wrong.append(
                    f"{tree.name}, {language}: no sound for {', '.join(missing)}. Run: hotline prompts make"
                )
            if settings.env == "production" and any(sound.source == "placeholder" for sound in sounds):
                wrong.append(
                    f"{tree.name}, {language}: placeholder voices. A line goes live on people's recordings."
                )
    return wrong
