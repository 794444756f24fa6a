"""A place is as it stands here: somebody has looked."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.directory.models import HelpPlace
from hotline.vault.audit import record


def check_again(session: Session, place: HelpPlace, member_id: uuid.UUID, now: datetime) -> None:
    """It is told from now on, also where it was withdrawn or hidden."""
    place.checked_at, place.checked_by_id, place.withdrawn_at = now, member_id, None
    record(session, member_id, "checked", "help_places", place.id, name=place.name, number=place.number)
