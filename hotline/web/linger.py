"""gunicorn closes a connection gracefully: it waits for the other side to close, too.

Its threaded worker does so for up to 2 s in the very loop that takes in all connections (27.0.1, gthread:
finish_request), so whoever keeps a line open after the last answer holds up everybody. What the wait is for, an
answer that is not cut off while unread bytes of the request lie there, needs no more than a moment.
"""

from functools import partial

from gunicorn import util

MOMENT = 0.02  # seconds


def hold_nobody_up() -> None:
    """For this process, before it takes in connections."""
    util.close_graceful = partial(util.close_graceful, timeout=MOMENT)
