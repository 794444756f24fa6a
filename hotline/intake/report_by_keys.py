"""A report by keys alone, from somebody who cannot speak: a report like any other."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.intake.models import Call, Message, Report, Urgency

PRESSING = frozenset({"violence", "cannot_leave"})  # what is wrong, whatever they say of its urgency
URGENT: dict[str, Urgency] = {"danger": "danger", "soon": "urgent", "can_wait": "standard"}


@dataclass(frozen=True)
class KeyReport:
    """What the call carries."""

    call_sid: str
    language: str
    language_chosen: bool
    reference: str
    at: datetime


def report_by_keys(session: Session, made: KeyReport, answers: dict[str, str]) -> bool:
    """Queue it, once a call; whether it is new. The words are the answers as staff read them."""
    call = session.get(Call, made.call_sid)
    if call is None or call.contact is None or not answers:
        return False
    message_id = new_id()
    words = "; ".join(f"{asked}: {said}".replace("_", " ") for asked, said in answers.items())
    row = insert(Message).values(
        id=message_id,
        sid=f"keys:{made.call_sid}",
        direction="in",
        line_id=call.line_id,
        dialled=call.dialled,
        contact_id=call.contact_id,
        at=made.at,
        kind="keys",
        body=call.contact.seal(f"By keys: {words}".encode(), f"messages.body:{message_id}"),
        status="received",
        rehearsal=call.rehearsal,
    )
    if session.scalar(row.on_conflict_do_nothing(index_elements=["sid"]).returning(Message.id)) is None:
        return False
    if safe := answers.get("call_safe"):
        call.contact.call_safe = safe == "yes"
    session.add(
        Report(
            reference=made.reference,
            kind="text",
            contact_id=call.contact_id,
            line_id=call.line_id,
            call_sid=made.call_sid,
            message_id=message_id,
            language=made.language,
            language_chosen=made.language_chosen,
            urgency=_urgency(answers),
            state="waiting",
            received_at=made.at,
            rehearsal=call.rehearsal,
        )
    )
    return True


def _urgency(answers: dict[str, str]) -> Urgency:
    said = URGENT.get(answers.get("urgent", ""), "standard")
    return "urgent" if said == "standard" and answers.get("what") in PRESSING else said
