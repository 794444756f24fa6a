"""Authenticated encryption of one value: AES-256-GCM (NIST SP 800-38D), bound to where it stands."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class CannotOpen(Exception):
    """The value was altered, stands elsewhere than it was sealed for, or its key is gone."""


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """Encrypt for one place (such as `messages.body:<id>`): nonce, then ciphertext and tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Decrypt what `seal` made for the same place.

    Raises:
        CannotOpen: see there.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as refused:
        raise CannotOpen(place) from refused
