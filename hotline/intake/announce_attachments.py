"""What comes with a text is announced: its rows and the promises to fetch it, in the transaction of the text."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.intake.models import Attachment, Urgency
from hotline.outbox import RANKS, promise

MOST = 10  # in one text (Twilio, "Accepted content types for media": at most ten)
TYPE = re.compile(r"[a-z]{2,20}/[a-z0-9.+-]{1,40}")  # RFC 6838, 4.2, as far as anybody uses it


@dataclass(frozen=True)
class NewAttachment:
    """What the carrier says of one: its id, and what type it takes it for."""

    sid: str
    type: str


def announce_attachments(
    session: Session,
    message_id: uuid.UUID,
    contact_id: uuid.UUID,
    announced: Iterable[NewAttachment],
    *,
    urgency: Urgency,
    at: datetime,
) -> int:
    """Promise to take each in, once however often it is announced; how many were new."""
    new = 0
    for number, one in enumerate(announced, 1):
        row = insert(Attachment).values(
            id=new_id(),
            message_id=message_id,
            contact_id=contact_id,
            sid=one.sid,
            number=number,
            announced_as=one.type if TYPE.fullmatch(one.type) else "",
            announced_at=at,
            state="arriving",
            at_carrier="held",
            holds_place=False,
        )
        once = row.on_conflict_do_nothing(index_elements=["message_id", "sid"])
        made: uuid.UUID | None = session.scalar(once.returning(Attachment.id))
        if made is not None:
            what = {"attachment_id": str(made)}
            promise(session, "take_in_attachment", f"attachment:{made}", what, rank=RANKS[urgency])
            new += 1
    return new
