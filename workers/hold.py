"""Hold on to a promise while it is worked on: a lease that is renewed can be short, so a dead worker is soon missed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from hotline.db import utcnow
from hotline.outbox import LeaseLost, Promised, renew
from workers.tools import Tools


@contextmanager
def hold(tools: Tools, held: Promised) -> Iterator[None]:
    """Renew the lease from a thread of its own until the work is over.

    Where that fails the work goes on: its result is written only while the lease stands (outbox.keep).
    """
    over = threading.Event()
    lease = timedelta(seconds=tools.settings.lease_seconds)

    def renew_on() -> None:
        while not over.wait(lease.total_seconds() / 3):
            try:
                with tools.sessions.begin() as session:
                    renew(session, held, utcnow(), lease)
            except LeaseLost:
                return
            except SQLAlchemyError:  # away: it may be back in time
                continue

    holding = threading.Thread(target=renew_on, name="lease", daemon=True)
    holding.start()
    try:
        yield
    finally:
        over.set()
