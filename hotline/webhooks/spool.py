"""Webhooks that could not be written down, because the database was away: kept on this machine, told again.

One sealed file each, named by the moment it came, so that they are told again in their order. Views
are idempotent (the carrier repeats, too), so a webhook half written, or told again twice, does no harm.
"""

import base64
import json
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from hotline.vault.keys import vault
from hotline.vault.sealing import CannotOpen
from hotline.webhooks.form import Form

PAUSE = 1.0  # seconds between looks whether the database is back
KEPT, REFUSED = ".kept", ".refused"  # a refused one broke its view, and waits for a person

log = logging.getLogger(__name__)

Tell = Callable[[Form], bool]  # whether it is written now


class Spool:
    """The folder of one machine; its web processes share it, and one of them at a time tells."""

    def __init__(self, folder: Path, tell: Tell) -> None:
        self._folder = folder
        self._tell = tell
        self._starting = threading.Lock()
        self._teller: threading.Thread | None = None

    def put(self, form: Form) -> None:
        """Keep it, durably, and tell it again when the database is back. Raises: OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{form.at.timestamp():017.6f}-{uuid.uuid4().hex}"
        told = {
            "at": form.at.isoformat(),
            "path": form.path,
            "query": form.query,
            "raw": base64.b64encode(form.raw).decode(),
        }
        half = self._folder / f"{name}.half"
        with half.open("wb") as file:
            file.write(vault().seal(json.dumps(told).encode(), _place(name)))
            file.flush()
            os.fsync(file.fileno())
        half.rename(self._folder / f"{name}{KEPT}")
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        self.wake()

    def wake(self) -> None:
        """Tell what is kept, from a thread of its own that ends when nothing is left."""
        with self._starting:
            if self._teller is None or not self._teller.is_alive():
                self._teller = threading.Thread(target=self._tell_on, name="spool", daemon=True)
                self._teller.start()

    def waiting(self) -> list[Path]:
        """What is kept, oldest first."""
        return sorted(self._folder.glob(f"*{KEPT}"))

    def _tell_on(self) -> None:
        while self.waiting():
            with (self._folder / "lock").open("w") as lock:
                try:
                    flock(lock, LOCK_EX | LOCK_NB)
                    self._tell_waiting()
                except BlockingIOError:  # another process tells
                    pass
                except OSError as failed:
                    log.error("spool: %s", type(failed).__name__)
            time.sleep(PAUSE)

    def _tell_waiting(self) -> None:
        for path in self.waiting():
            try:
                written = self._tell(_read(path))
            except Exception as failed:
                log.error("a kept webhook was refused: %s", type(failed).__name__)
                path.rename(path.with_suffix(REFUSED))
                continue
            if not written:
                return  # still away
            path.unlink()


def _read(path: Path) -> Form:
    """Raises: CannotOpen."""
    try:
        told = json.loads(vault().open(path.read_bytes(), _place(path.stem)))
    except ValueError as broken:
        raise CannotOpen(path.name) from broken
    raw = base64.b64decode(told["raw"])
    return Form.of(raw, path=told["path"], query=told["query"], at=datetime.fromisoformat(told["at"]))


def _place(name: str) -> str:
    return f"spool:{name}"
