"""Server processes that never outlive whoever started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1  # prctl(2): the kernel sends this signal when the thread that forked us dies
NOBODY = 65534  # PostgreSQL refuses to run as root


class CannotStart(Exception):
    """An embedded server did not start; the text says why in one sentence."""


@dataclass(frozen=True)
class Child:
    """How a server is run: its command, whom it runs as, and the signal that ends it well."""

    command: tuple[str, ...]
    folder: Path
    ends_by: signal.Signals
    user: int | None = None

    def start(self, log: Path) -> "subprocess.Popen[bytes]":
        """Start in a session of its own, so that Ctrl-C does not reach it."""
        with log.open("ab") as output:
            return subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(self.ends_by),
                **self._as_user(),
            )

    def become(self) -> None:
        """Replace this process (for a supervisor that has just forked it)."""
        die_with_parent(self.ends_by)
        if self.user is not None:
            os.setgroups([])
            os.setgid(self.user)
            os.setuid(self.user)
            die_with_parent(self.ends_by)  # the kernel forgets it when the user changes
        os.chdir(self.folder)
        os.execve(self.command[0], self.command, ENVIRONMENT)

    def _as_user(self) -> dict[str, Any]:
        return {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}


ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def die_with_parent(sign: signal.Signals) -> None:
    """Ask the kernel to end us with our parent (Linux; elsewhere the next start clears up)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sign))


def wait_for(
    answers: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path, name: str, seconds: float = 20
) -> None:
    """Wait until the server answers. Raises: CannotStart."""
    deadline = time.monotonic() + seconds
    while not answers():
        if process.poll() is not None:
            raise CannotStart(f"{name} ended at once: {last_line(log)}")
        if time.monotonic() > deadline:
            process.kill()
            raise CannotStart(f"{name} did not answer within {seconds:.0f} s: {last_line(log)}")
        time.sleep(0.02)


def end(process: "subprocess.Popen[bytes]", sign: signal.Signals, seconds: float = 10) -> None:
    """End it well, else at once."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
