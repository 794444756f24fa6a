"""A recording that the carrier holds: fetched for as long as it is asked for, compared, and forgotten there.

The rules of voicemails and of prompts spoken by telephone alike.
"""

from datetime import timedelta
from typing import Literal

from hotline.carrier.client import Carrier, Fetched
from hotline.carrier.errors import CarrierError, RefusedByCarrier, TooLarge, TryLater
from hotline.carrier.try_again import trying_again
from hotline.db import utcnow
from hotline.outbox import Promised, TryAgain

CARRIERS_SECOND = 1.5  # seconds by which the decoded length may differ from what the carrier said
SLACK = 30.0  # seconds by which a carrier may overrun the longest message


class NeverCame(Exception):
    """It is not asked for any more; the text is the name of the last error's class."""


def fetch_promised(carrier: Carrier, sid: str, held: Promised, hours: float) -> Fetched:
    """All of a recording whose fetching was promised.

    Raises:
        TryAgain: the carrier does not have it yet, or not whole.
        NeverCame: not within so many hours, or it is too large.
    """
    try:
        return carrier.fetch_recording(sid)
    except CarrierError as failed:
        over = utcnow() - held.made_at > timedelta(hours=hours)
        if over or isinstance(failed, TooLarge):
            raise NeverCame(type(failed).__name__) from failed
        after = failed.after if isinstance(failed, TryLater) else None
        raise TryAgain(type(failed).__name__, after) from failed


def is_whole(seconds: float, said: int | None) -> bool:
    """Whether what was decoded is as long as the carrier said: else its copy may hold more."""
    return said is None or abs(seconds - said) <= CARRIERS_SECOND


def forget_recording(carrier: Carrier, sid: str) -> Literal["deleted", "kept"]:
    """Delete the carrier's copy; one that will not keeps it. Raises: TryAgain."""
    try:
        with trying_again():
            carrier.delete_recording(sid)
    except RefusedByCarrier:
        return "kept"
    return "deleted"
