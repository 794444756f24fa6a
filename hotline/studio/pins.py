"""PINs of the studio as this installation alone can tell them: digests with a key outside the database.

Lucky guesses: LIVE PINs of 10^10, at every hour of the year, at most WRONG_ANYWHERE wrong tries an hour:
20 x 24 x 365 x 5 / 10^10 = 88 in a million a year. Who is lucky leaves a recording that a second person refuses.
"""

from datetime import timedelta

from hotline.vault.keys import vault

LIVE = 5
LASTS = timedelta(minutes=60)
WRONG_ANYWHERE, WRONG_OF_ONE = 20, 5  # an hour; one calling number


def mark_of(pin: str) -> bytes:
    """What stands for the PIN."""
    return vault().index(f"studio pin:{pin}")
