"""Where audio lies: a folder, or a bucket. What is there is ciphertext; the vault sealed it."""

from typing import Protocol


class StoreFull(OSError):
    """There is no room left for audio."""


class StoreAway(OSError):
    """The store does not answer, or refuses us; what was asked may succeed later."""


class MediaStore(Protocol):
    """Sealed bytes by name."""

    def put(self, name: str, sealed: bytes) -> None:
        """Write it whole or not at all; it lasts once this returns. Raises: StoreFull, StoreAway."""

    def get(self, name: str) -> bytes:
        """Raises: FileNotFoundError, StoreAway."""

    def delete(self, name: str) -> None:
        """Gone, or gone already. Raises: StoreAway."""

    def names(self) -> list[str]:
        """Everything here, in order. Raises: StoreAway."""

    def clear_unfinished(self) -> None:
        """Remove what writers who were killed left half written; what is being written just now stays."""


def check_name(name: str) -> None:
    """Raises: ValueError."""
    if not name or "/" in name or name.startswith("."):
        raise ValueError("a name of the store has no folders")
