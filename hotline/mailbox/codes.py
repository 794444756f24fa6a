"""Codes and PINs as this installation alone can tell them: digests with a key outside the database."""

from hotline.flow.nodes.mailbox import CODE
from hotline.vault.keys import vault

MARK_BYTES = 12  # of the digest that travels in a position: 2^96


def code_of(call_sid: str, draw: int = 0) -> str:
    """The code that a call is told: the same however often its webhook comes, and nobody else can tell it.

    A call whose code is another's is told that of its next draw.
    """
    digest = vault().index(f"mailbox code:{call_sid}:{draw}")
    return f"{int.from_bytes(digest[:16]) % 10**CODE:0{CODE}d}"


def mark_of(code: str) -> bytes:
    """What stands for the code."""
    return vault().index(f"mailbox:{code}")[:MARK_BYTES]


def seal_of(mark: bytes, pin: str) -> bytes:
    """What stands for code and PIN together."""
    return vault().index(f"mailbox pin:{mark.hex()}:{pin}")
