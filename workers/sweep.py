"""The sweep: one process that rings for everything due and looks after what was forgotten.

Several may run; an advisory lock lets one sweep at a time, and another takes over when it dies.
`python -m workers.sweep`
"""

import logging
import signal
import sys
import threading
import time

import redis
import sqlalchemy as sa

from hotline.callbacks.call_instead import call_instead
from hotline.db import SWEEPING, utcnow
from hotline.doorbell import connect, ring
from hotline.intake.ask_carrier import ask_for_lost_calls
from hotline.outbox import RANKS, next_due, promise
from hotline.settings import WrongSettings
from hotline.transcription.alarm import promise_alarms
from hotline.web.logs import write_logs
from workers.tools import Tools, take_tools

PAUSE = 1.0  # seconds between looks
DAY = 24 * 3600  # seconds
ASK_EVERY = 30.0  # seconds between looks for calls whose end never came, and texts that never arrived

log = logging.getLogger(__name__)


def sweep(tools: Tools, stop: threading.Event) -> None:
    """Ring for what is due, each second, until told to stop; faults are waited out."""
    bell = connect(tools.settings.redis_url)
    while not stop.is_set():
        try:
            with tools.engine.connect() as lock:
                if lock.scalar(sa.text("SELECT pg_try_advisory_lock(:lock)"), {"lock": SWEEPING}):
                    _sweep_while_locked(tools, bell, lock, stop)
                lock.rollback()
        except (sa.exc.SQLAlchemyError, redis.RedisError) as away:
            log.warning("sweep: %s", type(away).__name__)
        stop.wait(PAUSE)


def _sweep_while_locked(tools: Tools, bell: redis.Redis, lock: sa.Connection, stop: threading.Event) -> None:
    asked = float("-inf")
    while not stop.is_set():
        lock.execute(sa.text("SELECT 1"))  # the lock is ours only while its connection lives
        lock.rollback()
        with tools.sessions.begin() as session:
            promise_alarms(session, tools.settings, utcnow())
            due = next_due(session)
        if due is not None and due <= utcnow():
            ring(bell)
        if time.monotonic() - asked > ASK_EVERY:
            asked = time.monotonic()
            with tools.sessions.begin() as session:
                call_instead(session, tools.settings, utcnow())
            ask_for_lost_calls(tools.sessions, tools.carrier, tools.settings)
        _promise_by_the_clock(tools)
        stop.wait(PAUSE)


def _promise_by_the_clock(tools: Tools) -> None:
    """Each once in its period, however many sweeps there have been in it."""
    for kind, period in (("reconcile", tools.settings.reconcile_seconds), ("purge", DAY)):
        slot = int(time.time() // period)
        with tools.sessions.begin() as session:
            promise(session, kind, f"{kind}:{slot}", {}, rank=RANKS["background"])


def main() -> None:
    try:
        tools = take_tools()
    except WrongSettings as wrong:
        sys.exit(str(wrong))
    write_logs(tools.settings)
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    sweep(tools, stop)


if __name__ == "__main__":
    main()
