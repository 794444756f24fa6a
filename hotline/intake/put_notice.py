"""Say something before a line's menus, or send its callers straight to the microphone, until a time."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hotline.intake.models import Line
from hotline.vault.audit import record

NOTICES = ("announce_holiday", "announce_busy", "announce_trouble")  # prompts of every script
LONGEST = 14 * 24  # hours: it ends by itself


class NotANotice(Exception):
    """There is no such notice, or no such time."""


def put_notice(
    session: Session,
    line: Line,
    notice: str,
    hours: int,
    *,
    straight: bool,
    member_id: uuid.UUID,
    now: datetime,
) -> None:
    """From now on, for so many hours. An empty notice says nothing. Raises: NotANotice."""
    if (notice and notice not in NOTICES) or not 1 <= hours <= LONGEST or not (notice or straight):
        raise NotANotice
    until = now + timedelta(hours=hours)
    line.notice, line.notice_until = notice, until if notice else None
    line.straight_until = until if straight else None
    record(session, member_id, "announced", "lines", line.id, notice=notice, straight=straight, hours=hours)


def end_notice(session: Session, line: Line, *, member_id: uuid.UUID) -> None:
    """As always again."""
    line.notice, line.notice_until, line.straight_until = "", None, None
    record(session, member_id, "ended notice", "lines", line.id)
