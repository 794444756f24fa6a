"""Whose matter a call is about: its phone's person's, or, once a mailbox was opened in it, that of the mailbox.

What a caller asks for in a call goes to the phone of that call all the same: whose matter it is tells nothing of
where its owner can be reached safely.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

# A call's row with its person and its matter at `at`. A mailbox made in the call opens what is left there later, too.
MATTER = """
    SELECT c.sid, c.line_id, c.rehearsal, coalesce(opened.contact_id, c.contact_id) AS contact_id,
           coalesce(opened.matter_id, made.matter_id) AS matter_id
    FROM calls c
    LEFT JOIN LATERAL (
        SELECT m.contact_id, m.matter_id FROM mailbox_tries t JOIN mailboxes m ON m.mark = t.mark
        WHERE t.call_sid = c.sid AND t.admitted AND t.at <= %(at)s ORDER BY t.turn DESC LIMIT 1
    ) AS opened ON true
    LEFT JOIN mailboxes made ON made.call_sid = c.sid
    WHERE c.sid = %(call_sid)s
    """


@dataclass(frozen=True)
class Matter:
    """`id` is empty while no mailbox opens it."""

    contact_id: uuid.UUID
    id: uuid.UUID | None


def whose_matter(session: Session, call_sid: str, at: datetime) -> Matter | None:
    """Nothing for a call unknown to us, or of nobody."""
    found = session.connection().exec_driver_sql(MATTER, {"call_sid": call_sid, "at": at}).one_or_none()
    return Matter(found.contact_id, found.matter_id) if found and found.contact_id else None
