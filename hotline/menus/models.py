"""Versions of menu trees, and when each went live."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.staff.models import User


class TreeVersion(Base):
    """A tree as somebody wrote it, checked when it was kept. It never changes: a correction is a version."""

    __tablename__ = "tree_versions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    tree: Mapped[str]
    number: Mapped[int]  # from 1, within its tree; 0 is the shipped file, which is no row
    source: Mapped[str]  # YAML
    made_at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    rehearsed_at: Mapped[datetime | None]  # when somebody walked through it to the microphone

    by: Mapped[User | None] = relationship()

    __table_args__ = (sa.UniqueConstraint("tree", "number"),)


class TreeRelease(Base):
    """From this moment on, until the next one of its tree, new calls hear this version."""

    __tablename__ = "tree_releases"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    tree: Mapped[str] = mapped_column(index=True)
    version_id: Mapped[uuid.UUID | None] = mapped_column(  # empty: the shipped file
        sa.ForeignKey("tree_versions.id")
    )
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))

    version: Mapped[TreeVersion | None] = relationship()
    by: Mapped[User | None] = relationship()

    @property
    def number(self) -> int:
        return self.version.number if self.version else 0
