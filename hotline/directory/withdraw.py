"""A place is told to nobody any more."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.directory.models import HelpPlace
from hotline.vault.audit import record


def withdraw(session: Session, place: HelpPlace, member_id: uuid.UUID, now: datetime) -> None:
    """It stays listed for a while (hotline.retention.rules), in case it comes back."""
    if place.withdrawn_at is None:
        place.withdrawn_at = now
        record(session, member_id, "withdrew", "help_places", place.id, name=place.name)
