"""Give a caller a way back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.intake.models import Report
from hotline.intake.whose_matter import whose_matter
from hotline.mailbox.codes import code_of, mark_of, seal_of
from hotline.mailbox.models import Mailbox


def make_mailbox(session: Session, call_sid: str, pin: str, now: datetime) -> str | None:
    """The code, once a call; said again with another PIN, the last PIN holds. Nothing for a call unknown to us.

    It opens what this call is about and has left; the code of another's mailbox is passed over without a word.
    """
    matter = whose_matter(session, call_sid, now)
    if matter is None:
        return None
    box_id, draw = new_id(), 0
    matter_id = matter.id or box_id
    while True:
        code = code_of(call_sid, draw)
        mark = mark_of(code)
        row = insert(Mailbox).values(
            id=box_id,
            contact_id=matter.contact_id,
            mark=mark,
            pin=seal_of(mark, pin),
            made_at=now,
            call_sid=call_sid,
            matter_id=matter_id,
        )
        ours = row.on_conflict_do_update(
            index_elements=["mark"], set_={"pin": row.excluded.pin}, where=Mailbox.call_sid == call_sid
        )
        if session.scalar(ours.returning(Mailbox.id)):
            break
        draw += 1
    left_here = sa.update(Report).where(Report.call_sid == call_sid, Report.contact_id == matter.contact_id)
    session.execute(left_here.where(Report.matter_id.is_(None)).values(matter_id=matter_id))
    return code
