"""What a web process knows of the database without asking at each call: in memory, looked at again every few seconds.

A call must not wait to learn which line was dialled; with the database away, what was known goes on serving.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from hotline.writer import PATIENCE, Away, Connection, Writer

LOOK_AGAIN = 5.0  # seconds

T = TypeVar("T")

log = logging.getLogger(__name__)


class Known(Generic[T]):
    """One thing that is known; `first` until the database has been asked."""

    def __init__(
        self,
        what: str,
        writer: Writer,
        read: Callable[[Connection], T],
        first: T,
        keep: Callable[[T], None] = lambda _: None,
    ) -> None:
        """`keep` is told whenever it has become another, and may write a copy for a start without the database."""
        self._what, self._writer, self._read, self._keep = what, writer, read, keep
        self._known = first
        self._looked_at = float("-inf")
        self._looking, self._looked = threading.Lock(), threading.Event()

    def now(self, older_than: float = LOOK_AGAIN) -> T:
        """What is known, looked at again where that was more than so many seconds ago. Never raises."""
        if time.monotonic() - self._looked_at > older_than and self._looking.acquire(blocking=False):
            try:
                self._looked_at = time.monotonic()
                before, self._known = self._known, self._writer.write(self._read)
                if before != self._known:
                    self._keep(self._known)
            except (Away, OSError) as away:
                log.warning("%s not read: %s", self._what, type(away).__name__)
            finally:
                self._looking.release()
                self._looked.set()
        else:
            self._looked.wait(PATIENCE)  # only while the first look is under way
        return self._known
