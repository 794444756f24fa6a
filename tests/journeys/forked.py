"""Processes forked from one that has read all code: each begins in tenths of a second, where Python takes seconds.

They are what `python -m …` starts in every other way: own session, environment, folder and log; killed alone.
"""

import os
import runpy
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ = [  # all code that is not a process's own first file
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "hotline.console",
    "hotline.metrics.pages",
    "hotline.rehearsal.app",
    "hotline.web.linger",
    "hotline.webhooks.pages",
    "rq",
    "tests.journeys.read_scripts",
    "workers.work_due",
]
forks = get_context("forkserver")
forks.set_forkserver_preload(READ)


class Forked:
    """What subprocess.Popen is for a process of its own."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        """`command` is what follows `python -m`."""
        self._process: BaseProcess = forks.Process(target=_become, args=(command, dict(environment), log))
        self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, seconds: float | None = None) -> int | None:
        """The answer is nothing where it still runs after so many seconds."""
        self._process.join(seconds)
        return self._process.exitcode

    def send_signal(self, sign: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sign)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def _become(command: list[str], environment: dict[str, str], log: Path) -> None:
    os.setsid()
    os.chdir(ROOT)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(written, stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[0:0] = [str(ROOT)]
    sys.argv = list(command)
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
