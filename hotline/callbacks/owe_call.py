"""Write down that a call is owed, once for what asked for it."""

import uuid
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback, State, Why
from hotline.db import new_id


def owe_call(
    session: Session,
    sid: str,
    why: Why,
    *,
    contact_id: uuid.UUID,
    line_id: uuid.UUID,
    language: str | None,
    asked_at: datetime,
    not_before: datetime,
    rehearsal: bool,
    wished: str | None = None,
    safe_until: datetime | None = None,
    text_safe: bool | None = None,
    state: State = "due",
) -> uuid.UUID | None:
    """The callback's id, or nothing where `sid` (the call, or the text, that asked) has one already.

    One that is refused at once is written down as over, for staff to see.
    """
    row = insert(Callback).values(
        id=new_id(),
        contact_id=contact_id,
        line_id=line_id,
        call_sid=sid,
        why=why,
        language=language,
        asked_at=asked_at,
        wished=wished,
        not_before=not_before,
        safe_until=safe_until,
        text_safe=text_safe,
        state=state,
        attempts=0,
        ended_at=asked_at if state == "refused" else None,
        rehearsal=rehearsal,
    )
    return session.scalar(row.on_conflict_do_nothing().returning(Callback.id))
