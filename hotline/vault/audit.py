"""Who did what: rows written in the transaction of the act, chained, which the database keeps for good.

Triggers of the first migration refuse update, delete and truncate, the owner's too; what is done behind
their back breaks the chain (hotline.vault.verify).
"""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from hotline.db import Base, utcnow
from hotline.vault.chain import Act, append

PENDING = "hotline.acts"  # in a session's info: (the savepoint it was done in, the act)


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
    sequence: Mapped[int | None] = mapped_column(sa.BigInteger, unique=True)  # empty: from before the chain
    mac: Mapped[bytes | None]  # over the row before it and this one, with a key outside the database

    __table_args__ = (sa.Index("ix_audit_subject", "subject", "subject_id", "at"),)


class AuditHead(Base):
    """The end of the chain: one row, and the lock that those who add to it take last."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(sa.BigInteger)
    mac: Mapped[bytes]  # of the last row
    seal: Mapped[bytes]  # over both: rows cut off at the end are missed


class AuditClosing(Base):
    """A month past its keeping, whose rows are gone: where the chain stood at its end."""

    __tablename__ = "audit_closings"

    month: Mapped[str] = mapped_column(primary_key=True)  # such as 2026-11, in UTC
    rows: Mapped[int]
    last_sequence: Mapped[int] = mapped_column(sa.BigInteger)
    last_mac: Mapped[bytes]
    seal: Mapped[bytes]
    closed_at: Mapped[datetime]


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
    """Write down an act with the commit of this transaction; with `once`, only the first that bears the mark."""
    if not session.in_transaction():
        session.begin()  # else a rollback that follows would undo nothing
    act = Act(utcnow(), actor_id, action, subject, str(subject_id), detail, once)
    session.info.setdefault(PENDING, []).append((session.get_nested_transaction(), act))


@event.listens_for(Session, "before_commit")
def _write_acts(session: Session) -> None:
    """At the very end: whoever waits for the chain's lock waits for a commit and nothing else."""
    if session.in_nested_transaction() or PENDING not in session.info:
        return
    session.flush()
    append(session, [act for _, act in session.info.pop(PENDING)])


@event.listens_for(Session, "after_soft_rollback")
def _forget_acts(session: Session, undone: SessionTransaction) -> None:
    """What was undone was not done."""
    if not undone.nested:
        session.info.pop(PENDING, None)
    elif PENDING in session.info:
        session.info[PENDING] = [(at, act) for at, act in session.info[PENDING] if at is not undone]
