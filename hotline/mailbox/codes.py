"""Codes and PINs as this installation alone can tell them: digests with a key outside the database.

Lucky guesses: LIVE codes of 10^12 with one PIN of 10^4 each, at most WRONG_ANYWHERE wrong tries an hour:
60 x 24 x 365 x 100,000 / 10^16 = 5.3 in a million a year.
"""

from hotline.flow.nodes.mailbox import CODE
from hotline.vault.keys import vault

MARK_BYTES = 12  # of the digest that travels in a position: 2^96
LIVE = 100_000
WRONG_ANYWHERE, WRONG_OF_ONE = 60, 5  # an hour; one code, or one caller


def code_of(call_sid: str) -> str:
    """The code that a call is told: the same however often its webhook comes, and nobody else can tell it."""
    digest = vault().index(f"mailbox code:{call_sid}")
    return f"{int.from_bytes(digest[:16]) % 10**CODE:0{CODE}d}"


def mark_of(code: str) -> bytes:
    """What stands for the code."""
    return vault().index(f"mailbox:{code}")[:MARK_BYTES]


def seal_of(mark: bytes, pin: str) -> bytes:
    """What stands for code and PIN together."""
    return vault().index(f"mailbox pin:{mark.hex()}:{pin}")
