"""Files that many ask for and few change: read once, and again when they have changed."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
MOST = 4096  # files remembered by each reader


def read_once(read: Callable[[Path], T]) -> Callable[[Path], T]:
    """Remember what `read` made of a file while its time and size stay the same."""

    @lru_cache(maxsize=MOST)
    def made_of(path: Path, _changed: int, _size: int) -> T:
        return read(path)

    def ask(path: Path) -> T:
        stamp = path.stat()
        return made_of(path, stamp.st_mtime_ns, stamp.st_size)

    ask.__doc__ = read.__doc__
    return ask
