"""Whether somebody said that the keys lie somewhere else, too. Nothing can find that out by itself."""

import hashlib

from hotline.preflight.finding import Finding, fault, fine
from hotline.settings import Settings

CONFIRMED = "keys-backed-up"  # in HOTLINE_DATA: a digest of the keys that were confirmed
MEND = "Write them down apart from the backups, then run: hotline keys confirm-backup"


def confirm_backup(settings: Settings) -> None:
    """Remember that these very keys lie somewhere else."""
    settings.data.mkdir(parents=True, exist_ok=True)
    (settings.data / CONFIRMED).write_text(_digest(settings) + "\n")


def are_keys_backed_up(settings: Settings) -> list[Finding]:
    if settings.env != "production":
        return fine("A demo's keys may be lost with it.")
    try:
        confirmed = (settings.data / CONFIRMED).read_text().strip()
    except FileNotFoundError:
        return fault("Nobody has said that the keys are backed up.", MEND)
    if confirmed != _digest(settings):
        return fault("The keys have changed since somebody said that they are backed up.", MEND)
    return fine("They are backed up, as somebody said.")


def _digest(settings: Settings) -> str:
    """Of random keys: nothing can be learnt from it."""
    parts = [key for _, key in sorted(settings.data_keys)] + [settings.lookup_key, settings.audit_key]
    return hashlib.sha256(b"".join(parts)).hexdigest()
