"""supervisord as our child, and its wishes over its socket."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from hotline.demo.checks import NotReady
from hotline.embedded.children import last_line


class Supervisor:
    """Everything it runs ends with it, the last that was started first, PostgreSQL last of all."""

    def __init__(self, config: Path, socket: Path, environment: dict[str, str]) -> None:
        self._log = config.parent / "logs" / "supervisord.log"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(config)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us alone; we tell it
        )
        transport = SupervisorTransport(None, None, serverurl=f"unix://{socket}")
        self._ask: Any = ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def start(self, name: str) -> None:
        """Start a program, unless it runs."""
        with suppress(Fault):
            self._ask.startProcess(name, False)

    def wait_until(self, true: Callable[[], bool], what: str, seconds: float = 60) -> None:
        """Raises: NotReady, with what did not come true."""
        deadline = time.monotonic() + seconds
        while not true():
            if self._process.poll() is not None:
                raise NotReady(f"The supervisor ended: {last_line(self._log)}")
            if time.monotonic() > deadline:
                raise NotReady(f"After {seconds:.0f} s {what}. Look into {self._log.parent}.")
            time.sleep(0.1)

    def wait(self) -> int:
        """Until it ends."""
        return self._process.wait()

    def runs(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """End everything, PostgreSQL last."""
        if self.runs():
            self._process.terminate()
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
