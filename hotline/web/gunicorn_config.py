"""What gunicorn is told for either door: `gunicorn -c python:hotline.web.gunicorn_config wsgi:app`.

Its master process reads the settings once, so that a wrong one stops the start with its sentence, and
writes the same log as its workers. Options of the command line come before what is set here.
"""

import logging
import os
import shutil
import sys
import tempfile
from typing import Any

from hotline.settings import WrongSettings, read_settings
from hotline.web.logs import write_logs

FILES = "PROMETHEUS_MULTIPROC_DIR"
worker_class = "gthread"
workers, threads = 2, 16
max_requests, max_requests_jitter = 5000, 500
graceful_timeout = 10
control_socket_disable = True
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"  # no addresses, no queries, no agents


def on_starting(_server: Any) -> None:
    """In the master, before any worker is forked."""
    try:
        settings = read_settings()
    except WrongSettings as wrong:
        sys.exit(f"The hotline cannot start:\n{wrong}")
    write_logs(settings)
    for name in ("gunicorn.error", "gunicorn.access"):  # by the root's handler: JSON in production
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    if settings.metrics_token:  # each master has a folder of its own, empty at its start
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
