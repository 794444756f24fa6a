"""Recordings of prompts, and how they come by telephone. They hold nobody's words but ours, and so are not sealed."""

import uuid
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.staff.models import User

State = Literal["waiting", "approved", "refused"]
How = Literal["browser", "file", "telephone"]
# asked: the tone sounded; spoken: the carrier has it; taken: a take was made of it; replaced: said anew;
# unusable: silence, or the carrier never gave it; unknown: nobody knows which prompt it is, so a person says.
SpokenState = Literal["asked", "spoken", "taken", "replaced", "unusable", "unknown"]


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


class StudioPin(Base):
    """A member's way into the studio from a telephone. The PIN is not here: a keyed digest of it is."""

    __tablename__ = "studio_pins"

    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)  # one each
    language: Mapped[str]
    mark: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class StudioTry(Base):
    """One PIN that somebody pressed. Of a right one: whose call it is from then on, and in which language."""

    __tablename__ = "studio_tries"

    call_sid: Mapped[str] = mapped_column(primary_key=True)
    turn: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    caller: Mapped[bytes | None]  # a keyed digest of the number, as contacts.number_index
    member_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))  # empty: a wrong one
    language: Mapped[str | None]


class SpokenPrompt(Base):
    """One time at the studio's microphone: written before the tone, so that whatever is recorded is known."""

    __tablename__ = "spoken_prompts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    call_sid: Mapped[str]
    turn: Mapped[int | None] = mapped_column(sa.SmallInteger)  # empty, and the next four: nobody knows (yet)
    member_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    language: Mapped[str | None]
    prompt: Mapped[str | None]
    words: Mapped[str | None]  # the script as it was then
    at: Mapped[datetime] = mapped_column(index=True)
    recording_sid: Mapped[str | None] = mapped_column(unique=True)
    carrier_seconds: Mapped[int | None]  # as the carrier said
    at_carrier: Mapped[str] = mapped_column(default="held")  # held, deleted, kept
    state: Mapped[SpokenState] = mapped_column(sa.Text(), default="asked")
    reason: Mapped[str] = mapped_column(default="")  # of an unusable one: a sentence for who spoke it
    take_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("takes.id"))

    take: Mapped[Take | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("call_sid", "turn"),
        sa.CheckConstraint(
            "state IN ('asked', 'spoken', 'taken', 'replaced', 'unusable', 'unknown')", name="state_known"
        ),
        sa.CheckConstraint("at_carrier IN ('held', 'deleted', 'kept')", name="at_carrier_known"),
    )
