"""Show a contact's number to one member of staff, once, for a reason that is written down."""

import base64
import uuid

from sqlalchemy.orm import Session

from hotline.intake.models import Contact
from hotline.vault.audit import record
from hotline.vault.keys import derive, vault
from hotline.vault.sealing import seal

SHORTEST, LONGEST = 5, 500  # characters


class NoReason(Exception):
    """A number is opened for a reason, of SHORTEST to LONGEST characters."""


def show_number(session: Session, contact: Contact, member_id: uuid.UUID, reason: str) -> str | None:
    """The contact's number, or nothing where it was withheld; the reason is kept, sealed, in the audit trail.

    Raises:
        NoReason: see there.
    """
    reason = reason.strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        raise NoReason
    # Not with the ring: rows of the audit trail never change, so what seals them never rotates.
    sealed = seal(derive(vault().audit_key, "audit reasons"), reason.encode(), "audit.detail:reason")
    record(session, member_id, "unmasked", "contacts", contact.id, reason=base64.b64encode(sealed).decode())
    return contact.number
