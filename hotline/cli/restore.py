"""`hotline restore FILE`: a backup, on an empty machine."""

from pathlib import Path

import click

from hotline.backup.archive import BadArchive
from hotline.backup.restore import CannotRestore
from hotline.backup.restore import restore as load
from hotline.cli._settings import known_settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Restore FILE into an empty database and store of audio, compare every row and file, and upgrade.

    The keys must be those of then (DATA_KEYS may have newer ones in front). Who was erased since the
    backup is erased again, by the list in HOTLINE_DATA: bring it along.
    """
    try:
        with file.open("rb") as archive:
            done = load(known_settings(), archive)
    except BadArchive as bad:
        raise click.ClickException(f"{file} was not restored: {bad}.") from None
    except CannotRestore as cannot:
        raise click.ClickException(str(cannot)) from None
    click.echo(
        f"{done.tables} tables with {done.rows} rows, and {done.files} files of audio, are restored and the same."
    )
