"""What is texted back by itself, and when: one text for one of theirs, a few a day, never to who refused."""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.by_text import TextTurn
from hotline.flow.prompts import Catalogue
from hotline.flow.texts import segments
from hotline.intake.models import Contact, Message
from hotline.intake.promise_text import promise_text

MOST_INFORMED = 20  # texts of ours to one person within a day, however often they ask


def send_what_was_asked(
    session: Session, contact: Contact, words: str, *, line_id: uuid.UUID | None, from_: str, at: datetime,
    answers: uuid.UUID, rehearsal: bool, in_danger: bool,
) -> bool:  # fmt: skip
    """Promise it, unless they had MOST_INFORMED within a day; whether it is promised. Who is in danger is answered."""
    session.get_one(Contact, contact.id, with_for_update=True)
    lately = sa.select(sa.func.count()).where(
        Message.contact_id == contact.id, Message.direction == "out", Message.at > at - timedelta(days=1)
    )
    if not words or ((session.scalar(lately) or 0) >= MOST_INFORMED and not in_danger):
        return False
    promise_text(
        session, contact, words, line_id=line_id, from_=from_, at=at, answers=answers, rehearsal=rehearsal
    )
    return True


def put_into_words(turn: TextTurn, catalogue: Catalogue, language: str) -> str:
    """What a turn says, as one text in one segment; empty where it says nothing."""
    if turn.offers:
        return " ".join(f"{key} {catalogue.written(name, language)}" for key, name in turn.offers)
    written = catalogue.written(turn.says, language)
    whole = f"{turn.words}\n{written}"
    if not turn.words or not written:
        return turn.words or written
    return whole if segments(whole) == 1 else turn.words


def takes_turn(session: Session, contact: Contact, at: datetime, every: timedelta) -> bool:
    """Whether this text is the one that is answered now: asked and marked in one statement."""
    due = sa.or_(Contact.answered_at.is_(None), Contact.answered_at <= at - every)
    taken = sa.update(Contact).where(Contact.id == contact.id, due).values(answered_at=at)
    return session.scalar(taken.returning(Contact.id)) is not None
