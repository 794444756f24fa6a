"""Files that are read while they are written: whoever looks finds all of one or none."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write beside it, hidden and by this process alone, then put it in place. Raises: OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.{os.getpid()}.part")
    making.write_bytes(content)
    making.replace(path)
