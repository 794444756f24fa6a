"""Who did what: rows written in the transaction of the act, which the database keeps for good.

Triggers of the first migration refuse update, delete and truncate, the owner's too.
"""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.db import Base, utcnow


class AuditRow(Base):
    """One act. `detail` holds words of the product and ids, never what a person said."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]  # a member of staff; empty for the system and its command line
    action: Mapped[str]
    subject: Mapped[str]  # the table
    subject_id: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    once: Mapped[str | None] = mapped_column(unique=True)

    __table_args__ = (sa.Index("ix_audit_subject", "subject", "subject_id", "at"),)


def record(
    session: Session,
    actor_id: uuid.UUID | None,
    action: str,
    subject: str,
    subject_id: object,
    *,
    once: str | None = None,
    **detail: Any,
) -> None:
    """Write down an act; with `once`, only the first of those that bear the same mark."""
    row = {
        "at": utcnow(),
        "actor_id": actor_id,
        "action": action,
        "subject": subject,
        "subject_id": str(subject_id),
        "detail": detail,
        "once": once,
    }
    session.execute(insert(AuditRow).values(row).on_conflict_do_nothing(index_elements=["once"]))
