"""Who holds a report, and what they wrote down."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.intake.models import Report
from hotline.staff.models import User


class Claim(Base):
    """A member of staff holds a report, for a while. At most one a report is not released."""

    __tablename__ = "claims"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reports.id"), index=True)
    holder_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"), index=True)
    taken_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # moves with each saving, playing or seeking
    released_at: Mapped[datetime | None]  # given back, handed in, or found lapsed by the next

    report: Mapped[Report] = relationship()
    holder: Mapped[User] = relationship()

    __table_args__ = (
        sa.Index("uq_claims_held", "report_id", unique=True, postgresql_where=sa.text("released_at IS NULL")),
    )


class Transcript(Base):
    """What one member wrote down of a report: a draft, until it is handed in.

    One a report and author: nobody's words overwrite another's.
    """

    __tablename__ = "transcripts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reports.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)  # goes up with each saving; tells two windows apart
    segments: Mapped[
        bytes
    ]  # JSON [{"at": seconds, "spoken": …, "meaning": …}], sealed with the contact's key
    saved_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]

    report: Mapped[Report] = relationship()
    author: Mapped[User] = relationship()

    __table_args__ = (sa.UniqueConstraint("report_id", "author_id"),)
