"""A sealed stream: frames of AES-256-GCM, each bound to its number and to being the last or not.

A byte that was changed, a frame that is missing, moved or cut off at the end: none opens as if it
were whole. Nothing is ever in memory but one frame.
"""

import json
import os
from collections.abc import Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"hotline backup 1\n"
SALT_BYTES = 16
FRAME = 256 * 1024  # bytes of data in one frame
MOST = FRAME + 64  # of a frame as it is written
SAYS, DATA = b"J", b"D"  # a frame's first byte: what follows is JSON, or raw


class BadArchive(Exception):
    """The archive is not whole, not ours, or was sealed with another key; the text says which."""


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"hotline backup").derive(key))


def _bound(number: int, last: bool) -> tuple[bytes, bytes]:
    """The nonce of a frame (its number: each archive has a key of its own), and what it is bound to."""
    return number.to_bytes(12), b"last" if last else b"more"


class Writer:
    """Write frames; `close` writes the last."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = os.urandom(SALT_BYTES)
        file.write(MAGIC + salt)
        self._file, self._cipher, self._number = file, _cipher(key, salt), 0

    def say(self, **said: Any) -> None:
        self._frame(SAYS + json.dumps(said).encode())

    def data(self, raw: bytes) -> None:
        for at in range(0, len(raw), FRAME):
            self._frame(DATA + raw[at : at + FRAME])

    def close(self) -> None:
        self._frame(SAYS + b"{}", last=True)

    def _frame(self, plain: bytes, *, last: bool = False) -> None:
        nonce, bound = _bound(self._number, last)
        sealed = self._cipher.encrypt(nonce, plain, bound)
        self._file.write(bytes([last]) + len(sealed).to_bytes(4) + sealed)
        self._number += 1


def read_frames(file: BinaryIO, key: bytes) -> Iterator[dict[str, Any] | bytes]:
    """What was said, as dictionaries, and data, as bytes. Raises: BadArchive."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BadArchive("this is no backup of a hotline")
    cipher = _cipher(key, file.read(SALT_BYTES))
    number, last = 0, False
    while not last:
        head = file.read(5)
        size = int.from_bytes(head[1:])
        if len(head) < 5 or size > MOST or head[0] > 1:
            raise BadArchive("the archive is cut off, or was altered")
        last, sealed = bool(head[0]), file.read(size)
        if len(sealed) < size:
            raise BadArchive("the archive is cut off, or was altered")
        nonce, bound = _bound(number, last)
        try:
            plain = cipher.decrypt(nonce, sealed, bound)
        except (InvalidTag, ValueError):
            wrong = (
                "it was sealed with another key, or altered" if number == 0 else "it was altered or cut off"
            )
            raise BadArchive(f"the archive does not open: {wrong}") from None
        number += 1
        yield json.loads(plain[1:]) if plain[:1] == SAYS else plain[1:]
    if file.read(1):
        raise BadArchive("something follows the archive's end")
