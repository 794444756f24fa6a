"""Why somebody opened what is closed: a reason in words, kept sealed in the audit trail."""

import base64

from hotline.vault.keys import derive, vault
from hotline.vault.sealing import seal

SHORTEST, LONGEST = 5, 500  # characters


class NoReason(Exception):
    """It is opened for a reason, of SHORTEST to LONGEST characters."""


def seal_reason(reason: str) -> str:
    """As the audit trail keeps it. Raises: NoReason."""
    reason = reason.strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        raise NoReason
    # Not with the ring: rows of the audit trail never change, so what seals them never rotates.
    sealed = seal(derive(vault().audit_key, "audit reasons"), reason.encode(), "audit.detail:reason")
    return base64.b64encode(sealed).decode()
