"""Calls that the hotline owes to somebody."""

import uuid
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.intake.models import Contact, Line
from hotline.staff.models import User

Why = Literal["ring", "asked", "text"]
State = Literal["due", "calling", "reached", "given_up", "refused"]
OPEN: tuple[State, ...] = ("due", "calling")


class Callback(Base):
    """One call owed. `call_sid` is the call, or the text, that asked: one ring is called back once.

    `why`: they rang once, asked to be called, or a text of ours did not arrive.
    """

    __tablename__ = "callbacks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contacts.id"), index=True)
    line_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("lines.id"))
    call_sid: Mapped[str] = mapped_column(unique=True)
    why: Mapped[Why] = mapped_column(sa.Text())
    language: Mapped[str | None]
    asked_at: Mapped[datetime]
    wished: Mapped[str | None]  # when, in the words of the tree
    not_before: Mapped[datetime]
    safe_until: Mapped[datetime | None]  # from the first on; each day in the same part (callbacks.safe_time)
    text_safe: Mapped[bool | None]
    state: Mapped[State] = mapped_column(sa.Text(), default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    outgoing_sid: Mapped[str | None] = mapped_column(unique=True)  # of the last attempt
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))  # who of staff calls
    ended_at: Mapped[datetime | None]
    rehearsal: Mapped[bool] = mapped_column(default=False)

    contact: Mapped[Contact] = relationship()
    line: Mapped[Line] = relationship()
    by: Mapped[User | None] = relationship()

    def end(self, how: State, now: datetime) -> bool:
        """No call is owed from here on; whether one was."""
        was_open = self.state in OPEN
        if was_open:
            self.state, self.ended_at = how, now
        return was_open

    __table_args__ = (
        sa.CheckConstraint("why IN ('ring', 'asked', 'text')", name="why_known"),
        sa.CheckConstraint(
            "state IN ('due', 'calling', 'reached', 'given_up', 'refused')", name="state_known"
        ),
        sa.Index("ix_callbacks_open", "not_before", postgresql_where=sa.text("state IN ('due', 'calling')")),
        sa.Index("ix_callbacks_tried", "tried_at"),
    )
