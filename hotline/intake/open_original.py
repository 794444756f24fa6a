"""Open what came with a text as it came, with all that it says of itself, for a reason that is written down."""

import uuid

from sqlalchemy.orm import Session

from hotline.intake.models import Attachment
from hotline.intake.reasons import seal_reason
from hotline.intake.take_in_attachment import place_of
from hotline.media.store import MediaStore
from hotline.vault.audit import record


def open_original(
    session: Session, media: MediaStore, attachment: Attachment, member_id: uuid.UUID, reason: str
) -> bytes:
    """The original, byte for byte. Nobody looked whether it does harm.

    Raises:
        NoReason: see there.
        FileNotFoundError: it is not here (any more).
    """
    sealed_reason = seal_reason(reason)
    if attachment.original is None:
        raise FileNotFoundError
    sealed = media.get(attachment.original)
    record(session, member_id, "opened original", "attachments", attachment.id, reason=sealed_reason)
    return attachment.contact.open(sealed, place_of(attachment.id, "original"))
