"""A report by keys alone, from somebody who cannot speak: a report like any other, from the first answer on."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.flow.tree import Tree
from hotline.intake.models import URGENCIES, Call, Contact, Message, Report, Urgency
from hotline.intake.read_answers import read_answers
from hotline.intake.whose_matter import Matter, whose_matter

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


def report_by_keys(session: Session, made: KeyReport, tree: Tree) -> None:
    """Queue what was answered so far, once a call; what is answered later belongs to the same report.

    The words are the answers as staff read them. Whether a call is safe was said of this phone, whosever matter it is.
    """
    # Locked: of two webhooks at once the later reads all.
    call = session.get(Call, made.call_sid, with_for_update=True)
    answers = read_answers(session, made.call_sid, tree)
    matter = whose_matter(session, made.call_sid, made.at)
    if call is None or call.contact is None or matter is None or not answers:
        return
    if safe := answers.get("call_safe"):
        call.contact.call_safe = safe == "yes"
    how = (
        "By keys"
        if matter.contact_id == call.contact_id
        else f"By keys, from the phone of {call.contact.code}"
    )
    said = "; ".join(f"{asked}: {answer}".replace("_", " ") for asked, answer in answers.items())
    words, sid = f"{how}: {said}".encode(), f"keys:{made.call_sid}"
    before = session.scalars(sa.select(Report).join(Report.message).where(Message.sid == sid)).one_or_none()
    if before is None:
        _queue(session, made, call, matter, sid, words, _urgency(answers))
    else:
        _add(before, words, _urgency(answers))


def _queue(
    session: Session, made: KeyReport, call: Call, matter: Matter, sid: str, words: bytes, urgency: Urgency
) -> None:
    contact = session.get_one(Contact, matter.contact_id)
    message_id = new_id()
    message = Message(
        id=message_id,
        sid=sid,
        direction="in",
        line_id=call.line_id,
        dialled=call.dialled,
        contact_id=contact.id,
        at=made.at,
        kind="keys",
        body=contact.seal(words, f"messages.body:{message_id}"),
        status="received",
        rehearsal=call.rehearsal,
    )
    report = Report(
        reference=made.reference,
        kind="text",
        contact_id=contact.id,
        line_id=call.line_id,
        call_sid=made.call_sid,
        message=message,
        language=made.language,
        language_chosen=made.language_chosen,
        urgency=urgency,
        state="waiting",
        received_at=made.at,
        matter_id=matter.id,
        rehearsal=call.rehearsal,
    )
    session.add_all((message, report))


def _add(report: Report, words: bytes, urgency: Urgency) -> None:
    """Say it anew. It never becomes less urgent by itself, and waits again where somebody was done with less."""
    message, contact = report.message, report.contact
    assert message is not None, "it was found by it"
    place = f"messages.body:{message.id}"
    if contact.open(message.body, place) == words:
        return
    message.body = contact.seal(words, place)
    report.urgency = min(report.urgency, urgency, key=URGENCIES.index)
    report.state, report.done_at = "waiting", None


def _urgency(answers: dict[str, str]) -> Urgency:
    said = URGENT.get(answers.get("urgent", ""), "standard")
    return "urgent" if said == "standard" and answers.get("what") in PRESSING else said
