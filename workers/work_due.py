"""The one job: keep what is promised and due, most pressing first, until nothing is."""

import logging
import time
from datetime import timedelta

from sqlalchemy.exc import OperationalError

from hotline.db import utcnow
from hotline.outbox import LeaseLost, Promised, TryAgain, put_off, take_due
from workers.hold import hold
from workers.kinds import KINDS
from workers.tools import Tools, take_tools

LONGEST = 600  # seconds; then the next ring goes on, in a fresh process

log = logging.getLogger(__name__)


def work_due() -> None:
    """RQ's entry: everything it needs is read from the environment and the outbox."""
    keep_due(take_tools())


def keep_due(tools: Tools) -> int:
    """Keep promises until none is due; the answer is how many were taken up."""
    taken = 0
    until = time.monotonic() + LONGEST
    lease = timedelta(seconds=tools.settings.lease_seconds)
    while time.monotonic() < until:
        with tools.sessions.begin() as session:
            held = take_due(session, utcnow(), lease)
        if held is None:
            break
        _keep(tools, held)
        taken += 1
    return taken


def _keep(tools: Tools, held: Promised) -> None:
    """One promise. Whatever goes wrong, it stays promised; what is logged names the error, not its words."""
    try:
        with hold(tools, held):
            KINDS[held.kind](tools, held)
    except LeaseLost:
        log.warning("%s: taken over by another worker", held.kind)
    except TryAgain as later:
        _put_off(tools, held, later.reason, later.after)
    except OperationalError as away:
        log.warning("%s: %s; its lease runs out and it is taken up again", held.kind, type(away).__name__)
    except Exception as failed:
        log.exception("%s failed", held.kind)
        _put_off(tools, held, type(failed).__name__, None)


def _put_off(tools: Tools, held: Promised, reason: str, after: float | None) -> None:
    try:
        with tools.sessions.begin() as session:
            put_off(session, held, reason, after)
    except LeaseLost:
        log.warning("%s: taken over by another worker", held.kind)
