"""What gunicorn is told for either door: `gunicorn -c python:hotline.web.gunicorn_config wsgi:app`.

Its master process reads the settings once, so that a wrong one stops the start with its sentence, and
writes the same log as its workers. Options of the command line come before what is set here.
"""

import os
import shutil
import sys
import tempfile
from typing import Any

from gunicorn.glogging import Logger

from hotline.settings import WrongSettings, read_settings
from hotline.web.logs import write_logs

FILES = "PROMETHEUS_MULTIPROC_DIR"
worker_class = "gthread"
workers, threads = 2, 16
max_requests = 0  # both workers would start anew at nearly the same time, and callers wait 2 s meanwhile
graceful_timeout = 10
control_socket_disable = True
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(B)s %(M)sms"  # no addresses, no queries, no agents


class OneLog(Logger):  # type: ignore[misc]
    """gunicorn's own lines by the same handler as ours: JSON in production."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        try:
            write_logs(read_settings())
        except WrongSettings as wrong:
            sys.exit(f"The hotline cannot start:\n{wrong}")
        for logger in (self.error_log, self.access_log):
            logger.handlers, logger.propagate = [], True


logger_class = OneLog


def on_starting(_server: Any) -> None:
    """In the master, before any worker is forked: where they count, empty at its start."""
    if read_settings().metrics_token:
        os.environ[FILES] = tempfile.mkdtemp(prefix="hotline-metrics-", suffix=f"-{os.getpid()}")


def child_exit(_server: Any, worker: Any) -> None:
    """What a worker counted stays; what it was just then does not."""
    if FILES in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    folder = os.environ.get(FILES, "")
    if folder.endswith(f"-{os.getpid()}"):
        shutil.rmtree(folder, ignore_errors=True)
