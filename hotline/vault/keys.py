"""The keys of this installation: a ring that rotates, and those that never do.

A process unlocks the vault once, at its start; columns and verbs then seal and open with it.
"""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.settings import Settings
from hotline.vault.sealing import CannotOpen, seal, unseal

INDEX_BYTES = 16


@dataclass(frozen=True, repr=False)
class Vault:
    """The ring, newest key first, and the keys of the blind index and the audit trail, which never rotate."""

    ring: dict[str, bytes]
    lookup_key: bytes
    audit_key: bytes

    def seal(self, plain: bytes, place: str) -> bytes:
        """The newest key's id (its length first), then the sealed value."""
        name, key = next(iter(self.ring.items()))
        return bytes([len(name)]) + name.encode() + seal(key, plain, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt with the key that the value names.

        Raises:
            CannotOpen: altered, moved, or its key is not on the ring.
        """
        size = sealed[0] if sealed else 0
        key = self.ring.get(sealed[1 : 1 + size].decode(errors="replace"))
        if key is None:
            raise CannotOpen(place)
        return unseal(key, sealed[1 + size :], place)

    def index(self, value: str) -> bytes:
        """A keyed digest by which an encrypted value can be found again, and nothing else."""
        return hmac.digest(self.lookup_key, value.encode(), "sha256")[:INDEX_BYTES]


_unlocked: Vault | None = None


def unlock(settings: Settings) -> Vault:
    """Open the vault for this process."""
    global _unlocked
    _unlocked = Vault(dict(settings.data_keys), settings.lookup_key, settings.audit_key)
    return _unlocked


def vault() -> Vault:
    """The vault of this process.

    Raises:
        RuntimeError: nobody unlocked it.
    """
    if _unlocked is None:
        raise RuntimeError("the vault is locked: call unlock(settings) at the start of the process")
    return _unlocked


def fingerprint(key: bytes) -> str:
    """By this a key is told from another, and nothing of it is."""
    return hashlib.sha256(b"hotline key fingerprint" + key).hexdigest()[:16]


def derive(secret: bytes, purpose: str, size: int = 32) -> bytes:
    """A key of its own for one purpose (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=size, salt=None, info=purpose.encode()).derive(secret)
