"""Recordings of prompts. They hold nobody's words but ours, and so are not sealed."""

import uuid
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.staff.models import User

State = Literal["waiting", "approved", "refused"]
How = Literal["browser", "file", "telephone"]


class Take(Base):
    """One recording of one prompt in one language. It stays, whatever becomes of it."""

    __tablename__ = "takes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    language: Mapped[str]
    prompt: Mapped[str]
    number: Mapped[int]  # from 1, within its language and prompt
    words: Mapped[str]  # the script as it was read
    audio: Mapped[bytes] = mapped_column(
        deferred=True
    )  # WAV as telephones carry it (hotline.media.make_prompt)
    seconds: Mapped[float]
    loudness: Mapped[float]  # LUFS, as it came
    how: Mapped[How] = mapped_column(sa.Text())
    made_at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    state: Mapped[State] = mapped_column(sa.Text(), default="waiting")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    live_since: Mapped[datetime | None]  # of the approved ones, callers hear the one that was put live last

    by: Mapped[User] = relationship(foreign_keys=by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)

    __table_args__ = (
        sa.UniqueConstraint("language", "prompt", "number"),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'refused')", name="state_known"),
        sa.CheckConstraint("how IN ('browser', 'file', 'telephone')", name="how_known"),
    )
