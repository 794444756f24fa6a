"""Take the most pressing report that nobody holds."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hotline.staff.models import User
from hotline.transcription.claim_report import claim_report
from hotline.transcription.errors import HeldByAnother, NotOpen, NotYours
from hotline.transcription.models import Claim
from hotline.transcription.queue import next_for

TRIES = 5  # others may be faster with the first few


def take_next(session: Session, member: User, now: datetime, lasts: timedelta) -> Claim | None:
    """The member's new claim; nothing where nothing waits for them. Who was faster leaves the next."""
    for _ in range(TRIES):
        found = next_for(session, member, now)
        if found is None:
            return None
        try:
            return claim_report(session, found.id, member, now, lasts)
        except (HeldByAnother, NotOpen, NotYours):
            continue
    return None
