"""Show a contact's number to one member of staff, once, for a reason that is written down."""

import uuid

from sqlalchemy.orm import Session

from hotline.intake.models import Contact
from hotline.intake.reasons import seal_reason
from hotline.vault.audit import record


def show_number(session: Session, contact: Contact, member_id: uuid.UUID, reason: str) -> str | None:
    """The contact's number, or nothing where it was withheld; the reason is kept, sealed, in the audit trail.

    Raises:
        NoReason: see there.
    """
    record(session, member_id, "unmasked", "contacts", contact.id, reason=seal_reason(reason))
    return contact.number
