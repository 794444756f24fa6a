"""Room on the disks, and whether audio is kept."""

import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hotline.media.open_store import open_store
from hotline.preflight.finding import Finding, fault, fine
from hotline.settings import Settings

ENOUGH = 2 * 1024**3  # bytes: some two hundred voicemails of five minutes, each kept twice
PROBE = "preflight-probe"


def is_there_room(settings: Settings) -> list[Finding]:
    folders = [settings.data]
    if settings.media_url.startswith("file:"):
        folders.append(Path(unquote(urlsplit(settings.media_url).path)))
    tight = []
    for folder in folders:
        free = shutil.disk_usage(_nearest(folder)).free
        if free < ENOUGH:
            says = f"{folder}: {free / 1024**3:.1f} GB are free."
            tight.append(Finding(says, "Make room, or move it to a larger disk."))
    return tight or fine("There is room for audio and for what waits.")


def is_audio_kept(settings: Settings) -> list[Finding]:
    """Write, read and delete a few bytes where audio goes."""
    store = open_store(settings)
    try:
        store.put(PROBE, b"preflight")
        same = store.get(PROBE) == b"preflight"
        store.delete(PROBE)
    except OSError as failed:
        mend = "Look at MEDIA_URL, and whether this program may write there."
        return fault(f"Audio cannot be kept ({type(failed).__name__}).", mend)
    if not same:
        return fault("What was written was not what was read.", "Look at the disk or the bucket.")
    return fine("What is written can be read again.")


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there already."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
