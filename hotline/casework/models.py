"""Cases: what is being done about what workers told us. A timeline is read from its parts, never written."""

import uuid
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.intake.models import URGENCIES, Contact, Urgency
from hotline.staff.models import User

Category = Literal["wages", "documents", "safety", "violence", "recruitment", "other"]
CATEGORIES: tuple[Category, ...] = ("wages", "documents", "safety", "violence", "recruitment", "other")
CaseState = Literal["new", "in_progress", "closed"]
STATES: tuple[CaseState, ...] = ("new", "in_progress", "closed")


def _one_of(column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Case(Base):
    """One matter of one contact."""

    __tablename__ = "cases"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)  # six digits and a check digit, spoken on the phone
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contacts.id"), index=True)
    language: Mapped[str]
    urgency: Mapped[Urgency] = mapped_column(sa.Text())
    category: Mapped[Category] = mapped_column(sa.Text())
    state: Mapped[CaseState] = mapped_column(sa.Text(), default="new")
    opened_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    opened_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    rehearsal: Mapped[bool] = mapped_column(default=False)

    contact: Mapped[Contact] = relationship()
    opened_by: Mapped[User] = relationship()

    __table_args__ = (
        _one_of("urgency", URGENCIES),
        _one_of("category", CATEGORIES),
        _one_of("state", STATES),
    )


class CaseChange(Base):
    """One field of a case was changed."""

    __tablename__ = "case_changes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime]
    field: Mapped[str]  # urgency, category, state
    before: Mapped[str]
    after: Mapped[str]

    by: Mapped[User] = relationship()


class CaseNote(Base):
    """What a caseworker wrote into a case."""

    __tablename__ = "case_notes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime]
    words: Mapped[bytes]  # sealed with the contact's key, place case_notes.words:<id>

    by: Mapped[User] = relationship()


class VoiceReply(Base):
    """What a member of staff answered by voice; the worker hears it in their mailbox."""

    __tablename__ = "voice_replies"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contacts.id"), index=True)
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime]
    seconds: Mapped[float]
    audio: Mapped[bytes] = mapped_column(deferred=True)  # sealed with the contact's key
    heard_at: Mapped[datetime | None]  # first, by who had code and PIN

    contact: Mapped[Contact] = relationship()
    by: Mapped[User] = relationship()
