"""Give a caller a way back."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.intake.models import Call
from hotline.mailbox.codes import code_of, mark_of, seal_of
from hotline.mailbox.models import Mailbox


def make_mailbox(session: Session, call_sid: str, pin: str, now: datetime) -> str | None:
    """The code, once a call; said again with another PIN, the last PIN holds. Nothing for a call unknown to us."""
    call = session.get(Call, call_sid)
    if call is None or call.contact_id is None:
        return None
    code = code_of(call_sid)
    mark = mark_of(code)
    made = insert(Mailbox).values(
        id=new_id(),
        contact_id=call.contact_id,
        mark=mark,
        pin=seal_of(mark, pin),
        made_at=now,
        call_sid=call_sid,
    )
    session.execute(made.on_conflict_do_update(index_elements=["call_sid"], set_={"pin": made.excluded.pin}))
    return code
