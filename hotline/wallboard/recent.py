"""Figures that were counted a moment ago serve whoever asks meanwhile: no page can keep the database busy."""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 64  # keys remembered


class Recent(Generic[T]):
    """What was made for a key less than `seconds` ago; made by one thread at a time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._made: dict[Hashable, tuple[float, T]] = {}
        self._making = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Made now, or a moment ago."""
        with self._making:
            kept = self._made.get(key)
            if kept and time.monotonic() - kept[0] < self._seconds:
                return kept[1]
            made = make()
            if len(self._made) >= MOST:
                self._made.clear()
            self._made[key] = (time.monotonic(), made)
            return made
