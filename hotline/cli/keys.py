"""`hotline keys`: the ring that seals data, and its rotation."""

import click

from hotline.cli._settings import known_settings
from hotline.db import make_engine
from hotline.intake.rotate_keys import count_sealed, rotate_keys
from hotline.preflight.keys import confirm_backup
from hotline.vault.keys import fingerprint, vault
from hotline.vault.sealing import CannotOpen


@click.group()
def keys() -> None:
    """The keys that seal data (DATA_KEYS, newest first)."""


@keys.command("list")
def list_keys() -> None:
    """Each key's name, fingerprint, and how many values it still seals. At 0 an old one may go."""
    counts = count_sealed(make_engine(known_settings(), pooled=False), vault())
    for name, key in vault().ring.items():
        click.echo(f"{name:12} {fingerprint(key)}  seals {counts.pop(name)} values")
    if counts.get("?"):
        raise click.ClickException(f"{counts['?']} values are sealed with a key that is not on the ring.")


@keys.command()
def rotate() -> None:
    """Seal everything with the newest key, while the hotline runs. Stopped, it goes on when run again.

    First put the new key in front (DATA_KEYS=k2:…,k1:…) and restart every process, so that all can open
    what the new one seals.
    """
    engine = make_engine(known_settings(), pooled=False)
    try:
        total = rotate_keys(
            engine, vault(), lambda column, count: click.echo(f"{column:24} {count:>8} sealed anew")
        )
    except CannotOpen as cannot:
        raise click.ClickException(
            f"A value of {cannot} cannot be opened: its key is not on the ring, or it was altered. "
            "Nothing of it was changed."
        ) from None
    click.echo(f"{total} values are sealed with the newest key.")


@keys.command("confirm-backup")
@click.confirmation_option(
    prompt="Do DATA_KEYS, LOOKUP_KEY and AUDIT_KEY lie in a second place, apart from the backups?"
)
def confirm() -> None:
    """Say that the present keys lie in a second place; asked again when they change."""
    confirm_backup(known_settings())
    click.echo("Noted for these keys.")
