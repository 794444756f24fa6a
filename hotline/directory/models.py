"""Places where help is, and recordings of their names and their areas'. Public facts: nothing here is sealed."""

import uuid
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.flow.places import HELP, Help
from hotline.staff.models import User

NameState = Literal["waiting", "approved", "refused"]
STATE_KNOWN = "state IN ('waiting', 'approved', 'refused')"


class _Spoken:
    """A name, spoken in one language. Of each state there is one at most; callers hear the approved one.

    Each kind says its `title`, as it is written; whatever is `alike`, recorded of the same name in this language; and
    what it is `told_as` in the record of acts: table, id and detail.
    """

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    language: Mapped[str]
    audio: Mapped[bytes] = mapped_column(deferred=True)  # WAV as telephones carry it (media.make_prompt)
    seconds: Mapped[float]
    made_at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    state: Mapped[NameState] = mapped_column(sa.Text(), default="waiting")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("users.id")
    )  # nobody: older than that

    @declared_attr
    @classmethod
    def by(cls) -> Mapped[User]:
        return relationship(foreign_keys=f"{cls.__name__}.by_id")

    @declared_attr
    @classmethod
    def decided_by(cls) -> Mapped[User | None]:
        return relationship(foreign_keys=f"{cls.__name__}.decided_by_id")


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


class HelpName(_Spoken, Base):
    """The name of a place."""

    __tablename__ = "help_names"

    place_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("help_places.id", ondelete="CASCADE"))

    place: Mapped[HelpPlace] = relationship(viewonly=True)

    __table_args__ = (
        sa.UniqueConstraint("place_id", "language", "state"),
        sa.CheckConstraint(STATE_KNOWN, name="state_known"),
    )

    @property
    def title(self) -> str:
        return f"{self.place.name}, {self.place.area}" if self.place.area else self.place.name

    def alike(self) -> sa.ColumnElement[bool]:
        return sa.and_(HelpName.place_id == self.place_id, HelpName.language == self.language)

    def told_as(self) -> tuple[str, object, dict[str, Any]]:
        return "help_places", self.place_id, {}


class AreaName(_Spoken, Base):
    """The name of an area: of all places there, however each of them spells it."""

    __tablename__ = "area_names"

    area_key: Mapped[str]  # hotline.flow.areas
    country: Mapped[str]
    area: Mapped[str]  # as it was written when this was recorded

    __table_args__ = (
        sa.UniqueConstraint("area_key", "language", "state"),
        sa.CheckConstraint(STATE_KNOWN, name="state_known"),
    )

    @property
    def title(self) -> str:
        return self.area

    def alike(self) -> sa.ColumnElement[bool]:
        return sa.and_(AreaName.area_key == self.area_key, AreaName.language == self.language)

    def told_as(self) -> tuple[str, object, dict[str, Any]]:
        return "area_names", self.area_key, {"country": self.country, "area": self.area}


SpokenName = HelpName | AreaName
