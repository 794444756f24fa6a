"""`hotline demo` as somebody at a terminal starts it, in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.conftest import PLACEHOLDERS, ROOT
from tests.faults.world import children_of
from tests.journeys.running import free_port, wait_until

HOTLINE = (sys.executable, "-c", "from hotline.cli import main; main()")
STARTED = 90.0  # seconds; the machine may be busy
PARTS = ("postgres", "valkey", "web", "worker0", "worker1", "sweep", "carrier")


def environment(data: Path, **more: str) -> dict[str, str]:
    ours = ("HOTLINE_", "TWILIO_", "DATABASE_", "REDIS_")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return plain | {"HOTLINE_DATA": str(data), "PYTHONUNBUFFERED": "1"} | more


def hotline(data: Path, *words: str, said: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
    """One command, to its end."""
    return subprocess.run(
        [*HOTLINE, *words], cwd=ROOT, env=environment(data, **more), input=said, capture_output=True, text=True,
        timeout=STARTED,
    )  # fmt: skip


@dataclass
class Demo:
    """A demo that runs, and what its terminal shows."""

    data: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @classmethod
    def start(cls, data: Path, *words: str) -> "Demo":
        data.mkdir(exist_ok=True)
        if not (data / "prompts").exists():
            (data / "prompts").symlink_to(PLACEHOLDERS)  # made once for all tests
        port = free_pair()
        terminal = (data / "terminal").open("wb")
        process = subprocess.Popen(
            [*HOTLINE, "demo", "--port", str(port), *words], cwd=ROOT, env=environment(data), stdout=terminal,
            stderr=terminal, start_new_session=True, preexec_fn=_heed_ctrl_c,
        )  # fmt: skip
        made = cls(data, port, process)
        wait_until(lambda: made.runs() or process.poll() is not None, STARTED, "the demo runs")
        assert process.poll() is None, made.screen
        return made

    @property
    def screen(self) -> str:
        return (self.data / "terminal").read_text()

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def runs(self) -> bool:
        return "Ctrl-C stops everything" in self.screen

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.console}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def pids(self) -> dict[str, int]:
        """Each part's process, by its name under the supervisor."""
        found = {}
        for pid in children_of(self.supervisor()):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            except OSError:  # it has just ended
                continue
            found[_part(command)] = pid
        return found

    def supervisor(self) -> int:
        return int((self.data / "supervisord.pid").read_text())

    def interrupt(self) -> None:
        """Ctrl-C, and wait for its end."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


def _heed_ctrl_c() -> None:
    """As at a terminal: whoever runs the tests in the background of a shell has handed on that it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _part(command: list[str]) -> str:
    words = " ".join(command)
    for name, mark in (
        ("postgres", "/postgres"), ("valkey", "valkey-server"), ("carrier", "rehearsal.app"),
        ("web", "wsgi:app"), ("sweep", "workers.sweep"), ("worker", "workers.work"),
    ):  # fmt: skip
        if mark in words:
            return name
    return words


def free_pair() -> int:
    """A port that is free, and so is the next one."""
    for _ in range(50):
        port = free_port()
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two ports in a row are free")


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
