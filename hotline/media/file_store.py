"""Sealed audio as files in a folder of this machine (`file:/folder`)."""

import errno
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hotline.media.store import StoreFull, check_name

UNFINISHED = 3600  # seconds after which nobody writes on


class FileStore:
    """Each write is whole, and on the disk before it returns."""

    def __init__(self, media_url: str) -> None:
        self._folder = Path(unquote(urlsplit(media_url).path))

    def put(self, name: str, sealed: bytes) -> None:
        """Write a file whole or not at all. Raises: StoreFull."""
        path = self._path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            making.replace(path)
            _sync_folder(path.parent)
        except OSError as failed:
            making.unlink(missing_ok=True)
            if failed.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreFull(failed.errno, "no room for audio") from None
            raise

    def get(self, name: str) -> bytes:
        """Raises: FileNotFoundError."""
        return self._path(name).read_bytes()

    def delete(self, name: str) -> None:
        """Gone, or gone already."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Every file here."""
        return sorted(
            path.name for path in self._folder.glob("*/*") if path.is_file() and not path.name.startswith(".")
        )

    def clear_unfinished(self) -> None:
        """They are sealed, nameless and whole nowhere; a write takes seconds, so an hour is long enough."""
        for making in self._folder.glob("*/.*"):
            with suppress(FileNotFoundError):
                if time.time() - making.stat().st_mtime > UNFINISHED:
                    making.unlink()

    def _path(self, name: str) -> Path:
        check_name(name)
        return self._folder / name[-2:] / name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
