"""Places where help is, and recordings of their names. Public facts: nothing here is sealed."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.flow.places import HELP, Help
from hotline.staff.models import User


class HelpPlace(Base):
    """One place. Callers hear of it for so many days after its last check (HOTLINE_HELP_DAYS)."""

    __tablename__ = "help_places"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[Help] = mapped_column(sa.Text())
    name: Mapped[str]
    country: Mapped[str]  # ISO 3166: told on lines of this country
    area: Mapped[str]  # town or province; empty where it does not matter
    languages: Mapped[list[str]]  # spoken there
    hours: Mapped[str]  # hotline.flow.opening, in the line's zone; empty: not known
    always: Mapped[bool]  # day and night
    number: Mapped[str]  # digits as they are dialled in that country, with blanks between groups
    words: Mapped[str]  # as one text
    source: Mapped[str]
    added_at: Mapped[datetime]
    checked_at: Mapped[datetime]
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))  # nobody: seeded
    withdrawn_at: Mapped[datetime | None]

    checked_by: Mapped[User | None] = relationship()
    names: Mapped[list["HelpName"]] = relationship(order_by="HelpName.language", viewonly=True)

    __table_args__ = (
        sa.CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in HELP)})", name="kind_known"),
    )


class HelpName(Base):
    """The name of a place, spoken in one language."""

    __tablename__ = "help_names"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    place_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("help_places.id", ondelete="CASCADE"))
    language: Mapped[str]
    audio: Mapped[bytes] = mapped_column(
        deferred=True
    )  # WAV as telephones carry it (hotline.media.make_prompt)
    seconds: Mapped[float]
    made_at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))

    __table_args__ = (sa.UniqueConstraint("place_id", "language"),)
