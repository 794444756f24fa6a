"""A member of staff texts the person of a case, through the one function that sends."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from hotline.carrier.numbers import is_phone
from hotline.casework.models import Case
from hotline.flow.texts import name_in, plain_form, segments
from hotline.intake.models import Line, Message, Report
from hotline.intake.promise_text import promise_text
from hotline.outbox import RANKS
from hotline.staff.models import User
from hotline.vault.audit import record

MOST_SEGMENTS = 4
TOO_LONG = f"A text has words, and at most {MOST_SEGMENTS} segments."
SECOND_THOUGHT = timedelta(seconds=10)  # until then it can be taken back


class NotSent(Exception):
    """The text may not be sent; the words are one sentence that says why."""


@dataclass(frozen=True)
class Count:
    """What a text costs: segments, the same words in plain signs where those cost less, and the price."""

    segments: int
    plain: str = ""
    price: str = ""

    @property
    def is_too_long(self) -> bool:
        return self.segments > MOST_SEGMENTS

    @property
    def plain_segments(self) -> int:
        return segments(self.plain)


def count_text(words: str, price: str) -> Count:
    """`price` is of one segment, with its currency (HOTLINE_TEXT_PRICE), or nothing."""
    number, plain = segments(words), plain_form(words)
    amount, _, currency = price.partition(" ")
    told = f"{_cents(Decimal(amount) * number)} {currency}" if amount else ""
    return Count(number, plain if segments(plain) < number else "", told)


def _cents(amount: Decimal) -> str:
    """With two decimals, or as many as it needs."""
    cents = amount.quantize(Decimal("0.01"))
    return f"{cents if cents == amount else amount.normalize():f}"


def may_text(case: Case) -> str:
    """Why this person cannot be texted; empty where they can."""
    contact = case.contact
    if contact.number is None or not is_phone(contact.number):
        return "Their number was withheld, or is no phone."
    if contact.refuses_texts_since is not None:
        return "They said not to text them."
    return ""


def write_text(
    session: Session, case: Case, line: Line, member: User, words: str, names: Iterable[str], now: datetime,
    message_id: uuid.UUID | None = None,
) -> Message:  # fmt: skip
    """Promise it, after SECOND_THOUGHT; `names` are those of the hotline. What has this id already is the answer.

    Raises: NotSent.
    """
    session.refresh(case, with_for_update=True)  # two presses at once come one after the other
    if message_id and (before := session.get(Message, message_id)) and before.case_id == case.id:
        return before
    words = words.strip()
    if why := may_text(case):
        raise NotSent(why)
    if not words or segments(words) > MOST_SEGMENTS:
        raise NotSent(TOO_LONG)
    if case.contact.unnamed and (name := name_in(words, names)):
        raise NotSent(f"They asked not to have the hotline named, and this says “{name}”.")
    message = promise_text(
        session, case.contact, words, line_id=line.id, from_=line.number, at=now, case_id=case.id,
        rank=RANKS["urgent"], due_at=now + SECOND_THOUGHT, message_id=message_id,
        rehearsal=case.rehearsal,
    )  # fmt: skip
    record(session, member.id, "texted", "cases", case.id, message=str(message.id), segments=segments(words))
    return message


def take_back(session: Session, message: Message, member: User) -> bool:
    """Whether it could still be taken back."""
    session.refresh(message, with_for_update=True)
    if message.status != "promised":
        return False
    message.status = "taken back"
    record(session, member.id, "took back", "messages", message.id)
    return True


def line_of(session: Session, case: Case) -> Line | None:
    """The line that this person knows: of their newest report."""
    newest = session.query(Report).filter(Report.case_id == case.id, Report.line_id.is_not(None))
    report = newest.order_by(Report.received_at.desc()).first()
    return report.line if report else None


def name_or_not(session: Session, case: Case, member: User, *, unnamed: bool) -> None:
    """Whether texts to this person may name the hotline, as they asked."""
    case.contact.unnamed = unnamed
    record(session, member.id, "unnamed" if unnamed else "named", "contacts", case.contact_id)
