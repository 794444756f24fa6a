"""The number of a report or a case: six digits and a check digit (Damm), to be said on a phone.

It names a report; it is never a credential.
"""

import hashlib
import secrets

from stdnum import damm

SIX = 1_000_000


def new_reference() -> str:
    """Seven digits, by chance."""
    return _checked(secrets.randbelow(SIX))


def reference_of(call_sid: str) -> str:
    """The number of what a call will leave: the same in every process and however often it is asked."""
    return _checked(int.from_bytes(hashlib.sha256(call_sid.encode()).digest()[:8]) % SIX)


def is_reference(text: str) -> bool:
    """Whether the check digit fits: one wrong digit, or two swapped, never pass."""
    return len(text) == 7 and text.isascii() and text.isdigit() and bool(damm.is_valid(text))


def printed(reference: str) -> str:
    """As people read it: `771 204-3`."""
    return f"{reference[:3]} {reference[3:6]}-{reference[6:]}"


def _checked(number: int) -> str:
    digits = f"{number:06d}"
    return digits + str(damm.calc_check_digit(digits))
