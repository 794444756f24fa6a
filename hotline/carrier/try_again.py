"""What the carrier may do later is promised work put off, by the one rule."""

from collections.abc import Iterator
from contextlib import contextmanager

from hotline.carrier.errors import AnswerLost, TryLater
from hotline.outbox import TryAgain

LOST = 30.0  # seconds, then the carrier's list tells whether what was handed over was taken


@contextmanager
def trying_again(lost_after: float = LOST) -> Iterator[None]:
    """Raises: TryAgain, in the place of AnswerLost and TryLater."""
    try:
        yield
    except AnswerLost as lost:
        raise TryAgain("AnswerLost", after=lost_after) from lost
    except TryLater as later:
        raise TryAgain(type(later).__name__, later.after) from later
