"""Mailboxes, and every try to open one."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.intake.models import Contact


class Mailbox(Base):
    """One way back. Neither code nor PIN is here: keyed digests of them are, with a key outside the database."""

    __tablename__ = "mailboxes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contacts.id"), index=True)
    mark: Mapped[bytes] = mapped_column(unique=True)  # of the code
    pin: Mapped[bytes]  # of code and PIN together
    made_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]  # last
    call_sid: Mapped[str] = mapped_column(unique=True)  # in which it was made: one a call
    # What it tells of: what was left in that call, and through it later. One made inside another opens the same.
    matter_id: Mapped[uuid.UUID]

    contact: Mapped[Contact] = relationship()


class MailboxTry(Base):
    """One code and PIN that somebody pressed. Kept to be counted, not to be opened."""

    __tablename__ = "mailbox_tries"

    call_sid: Mapped[str] = mapped_column(primary_key=True)
    turn: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    mark: Mapped[bytes]
    # Who called; nobody, where the number was withheld. No foreign key: a try outlives whom it tried.
    contact_id: Mapped[uuid.UUID | None]
    admitted: Mapped[bool]
    # Refused by a limit, whatever was pressed: not counted again.
    limited: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
