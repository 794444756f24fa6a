"""A text comes in: kept, threaded to its contact, queued for staff, and answered at most once an hour."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.flow.languages import Tells, likely_language
from hotline.flow.reference import new_reference
from hotline.flow.texts import command
from hotline.intake.find_contact import find_contact
from hotline.intake.line_book import KnownLine
from hotline.intake.models import Contact, Message, Report
from hotline.intake.promise_text import promise_text
from hotline.vault.keys import vault

MOST_INFORMED = 10  # texts of ours to one person within a day


@dataclass(frozen=True)
class NewText:
    """What the carrier says of a text that comes in."""

    sid: str
    line: KnownLine | None
    dialled: str
    sender: str | None  # E.164, short code or name as the carrier wrote it; nothing where withheld
    answerable: bool  # whether the sender is somebody's phone (no short code, name or line of ours)
    body: str
    at: datetime
    event: bytes
    rehearsal: bool


@dataclass(frozen=True)
class TextRules:
    """Languages to fall back to, how often a contact is answered, and in which words."""

    languages: tuple[str, ...]
    answer_every: timedelta
    tells: Mapping[str, Tells]  # by language
    answer: Callable[[str, str], str]  # (language, reference) -> one segment
    asked_for: Callable[[str], tuple[str, str] | None] = lambda _body: None  # -> (what, language)
    information: Callable[[str, str], str] = lambda _what, _language: ""  # -> one segment


def take_in_text(session: Session, text: NewText, rules: TextRules) -> bool:
    """Keep the text, once however often the carrier tells of it.

    Returns:
        Whether an answer was promised (ring the doorbell after commit).
    """
    contact = find_contact(session, text.sender, text.at, rehearsal=text.rehearsal)
    message_id = _keep(session, contact, text)
    if message_id is None:
        return False
    what, spoken = rules.asked_for(text.body) or ("", "")
    kind = command(text.body) or (what if what in ("stop", "start") else None)
    if kind == "stop":
        contact.refuses_texts_since = contact.refuses_texts_since or text.at
    elif kind == "start":
        contact.refuses_texts_since = None
    if contact.turned_away_until and contact.turned_away_until > text.at:
        return False
    if what not in ("", "stop", "start"):
        return _inform(session, contact, text, message_id, rules.information(what, spoken))
    report = _queue(session, contact, message_id, text, rules)
    if kind is not None or not _may_answer(contact, text) or not _takes_turn(session, contact, text, rules):
        return False
    _promise_answer(session, contact, text, message_id, rules.answer(report.language, report.reference))
    return True


def _inform(session: Session, contact: Contact, text: NewText, message_id: uuid.UUID, words: str) -> bool:
    """What was asked for, as one text; at most MOST_INFORMED a day, however often it is asked."""
    if not words or not _may_answer(contact, text):
        return False
    session.get_one(Contact, contact.id, with_for_update=True)
    sent = sa.select(sa.func.count()).where(
        Message.contact_id == contact.id, Message.direction == "out", Message.at > text.at - timedelta(days=1)
    )
    if (session.scalar(sent) or 0) >= MOST_INFORMED:
        return False
    _promise_answer(session, contact, text, message_id, words)
    return True


def _promise_answer(
    session: Session, contact: Contact, text: NewText, message_id: uuid.UUID, words: str
) -> None:
    promise_text(
        session, contact, words, line_id=text.line.id if text.line else None, from_=text.dialled, at=text.at,
        answers=message_id, rehearsal=text.rehearsal,
    )  # fmt: skip


def _keep(session: Session, contact: Contact, text: NewText) -> uuid.UUID | None:
    message_id = new_id()
    row = insert(Message).values(
        id=message_id,
        sid=text.sid,
        direction="in",
        line_id=text.line.id if text.line else None,
        dialled=text.dialled,
        contact_id=contact.id,
        at=text.at,
        kind=command(text.body) or "words",
        body=contact.seal(text.body.encode(), f"messages.body:{message_id}"),
        status="received",
        event=vault().seal(text.event, f"messages.event:{text.sid}"),
        rehearsal=text.rehearsal,
    )
    return session.scalar(row.on_conflict_do_nothing(index_elements=["sid"]).returning(Message.id))


def _queue(
    session: Session, contact: Contact, message_id: uuid.UUID, text: NewText, rules: TextRules
) -> Report:
    spoken = likely_language(text.body, rules.languages, contact.language, rules.tells)
    report = Report(
        reference=_free_reference(session),
        kind="text",
        contact_id=contact.id,
        line_id=text.line.id if text.line else None,
        message_id=message_id,
        language=spoken or contact.language or rules.languages[0],
        language_chosen=False,
        urgency="standard",
        state="waiting",
        received_at=text.at,
        rehearsal=text.rehearsal,
    )
    session.add(report)
    session.flush()
    return report


def _free_reference(session: Session) -> str:
    """A reference that no report bears, where a few tries find one."""
    reference = new_reference()
    for _ in range(8):
        if not session.scalar(sa.select(sa.exists().where(Report.reference == reference))):
            break
        reference = new_reference()
    return reference


def _may_answer(contact: Contact, text: NewText) -> bool:
    answers = text.line is not None and text.line.answers_texts
    return answers and text.answerable and text.sender is not None and contact.refuses_texts_since is None


def _takes_turn(session: Session, contact: Contact, text: NewText, rules: TextRules) -> bool:
    """Whether this text is the one that is answered now: asked and marked in one statement."""
    due = sa.or_(Contact.answered_at.is_(None), Contact.answered_at <= text.at - rules.answer_every)
    taken = sa.update(Contact).where(Contact.id == contact.id, due).values(answered_at=text.at)
    return session.scalar(taken.returning(Contact.id)) is not None
