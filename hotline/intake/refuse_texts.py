"""Do not text me: obeyed by the one function that sends (hotline.intake.send_text)."""

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.intake.models import Call


def refuse_texts(session: Session, call_sid: str, now: datetime) -> None:
    """The caller of this call said so."""
    call = session.get(Call, call_sid)
    if call is not None and call.contact is not None:
        call.contact.refuses_texts_since = max(call.contact.refuses_texts_since or now, now)
