"""Hosts on one machine: each a network namespace of its own, joined by a switch, with a cable that can be pulled.

Nothing of the machine's own network is touched: the switch, too, lives in a namespace made here. All of it
is gone when the last process in it has ended; nothing has a name that could be left behind. Linux, as root.
"""

import ctypes
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

CLONE_NEWNET = 0x40000000  # unshare(2): a network of its own for the thread that asks, and whom it starts
NET = "10.77.0"
OUTSIDE = f"{NET}.1"

P = ParamSpec("P")
T = TypeVar("T")


def build_switch() -> None:
    """Leave the machine's network for one where only OUTSIDE and the hosts are. Raises: OSError."""
    _leave()
    ip("link", "set", "lo", "up")
    ip("link", "add", "switch", "type", "bridge")
    ip("addr", "add", f"{OUTSIDE}/24", "dev", "switch")
    ip("link", "set", "switch", "up")


class Host:
    """One of them. What its hand starts runs on it."""

    def __init__(self, number: int) -> None:
        self.address, self._port = f"{NET}.{number}", f"port{number}"
        self._hand = ThreadPoolExecutor(1)
        self._thread = self.do(_leave)
        ip("link", "add", self._port, "type", "veth", "peer", "name", "eth0", "netns", str(self._thread))
        ip("link", "set", self._port, "master", "switch", "up")
        for words in ("link set lo up", f"addr add {self.address}/24 dev eth0", "link set eth0 up"):
            self.do(ip, *words.split())

    def do(self, act: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Do it on this host, and wait for what comes of it."""
        return self._hand.submit(act, *given, **named).result()

    def pull_cable(self) -> None:
        """Nothing reaches it, nothing leaves it; nobody is told."""
        ip("link", "set", self._port, "down")

    def plug_in(self) -> None:
        ip("link", "set", self._port, "up")

    def lose_way_to(self, other: "Host") -> None:
        """What it sends to the other is lost; everybody else is reached."""
        wrong = ("lladdr", "02:00:00:00:00:00", "nud", "permanent")
        self.do(ip, "neigh", "replace", other.address, *wrong, "dev", "eth0")

    def find_way_to(self, other: "Host") -> None:
        self.do(ip, "neigh", "del", other.address, "dev", "eth0")

    def remove(self) -> None:
        """Its cable is gone, and the host with its last process."""
        ip("link", "del", self._port)
        self._hand.shutdown()

    def cut_power(self) -> None:
        """SIGKILL everything that runs on it."""
        here = os.readlink(f"/proc/self/task/{self._thread}/ns/net")
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(process / "ns" / "net") == here:
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                continue


def ip(*words: str) -> None:
    """Raises: subprocess.CalledProcessError."""
    subprocess.run(["ip", *words], check=True)


def _leave() -> int:
    """This thread enters a new network; the answer is the thread's number. Raises: OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace can be made here (it takes root)")
    return threading.get_native_id()
