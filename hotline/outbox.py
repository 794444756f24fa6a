"""Work promised in the same transaction as the data that asks for it.

A promise is a row. RQ is only the doorbell: after commit somebody rings, a worker claims the
due rows itself, most urgent first, and writes its result only while its lease stands. A sweep
rings again for whatever is due. So nothing of the work is ever in Redis alone.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.db import Base, utcnow

DELAYS = (1, 2, 5, 15, 60, 120, 300, 600)  # seconds; the last one repeats
RANKS = {"danger": 0, "urgent": 1, "standard": 2, "background": 3}


class OutboxRow(Base):
    """One promise. `payload` holds ids only."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)  # the same promise made twice is one
    payload: Mapped[dict[str, Any]]
    rank: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[str] = mapped_column(default="due")  # due, kept, given_up
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[uuid.UUID | None]
    last_error: Mapped[str | None]  # the name of the error's class, never its words
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("state IN ('due', 'kept', 'given_up')", name="state_known"),
        sa.Index("ix_outbox_due", "rank", "due_at", postgresql_where=sa.text("state = 'due'")),
    )


@dataclass(frozen=True)
class Promised:
    """A promise that this worker holds the lease of."""

    id: int
    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int  # this one included
    made_at: datetime
    token: uuid.UUID


class LeaseLost(Exception):
    """Another worker has taken the work over; what this one made must not be written."""


class TryAgain(Exception):
    """Not yet. `after` in seconds overrides the growing delay."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


def promise(
    session: Session,
    kind: str,
    key: str,
    payload: dict[str, Any],
    *,
    rank: int = RANKS["standard"],
    due_at: datetime | None = None,
) -> None:
    """Promise work in this transaction; promised before and still due, it is due now."""
    now = utcnow()
    row = {
        "kind": kind,
        "key": key,
        "payload": payload,
        "rank": rank,
        "due_at": due_at or now,
        "made_at": now,
        "state": "due",
        "attempts": 0,
    }
    made = insert(OutboxRow).values(row)
    session.execute(
        made.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "due_at": sa.func.least(OutboxRow.due_at, made.excluded.due_at),
                "rank": sa.func.least(OutboxRow.rank, made.excluded.rank),
            },
            where=OutboxRow.state == "due",
        )
    )


def take_due(session: Session, now: datetime, lease: timedelta) -> Promised | None:
    """Claim the most pressing promise that is due, if any; the caller commits."""
    token = uuid.uuid4()
    free = sa.or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < now)
    first = (
        sa.select(OutboxRow.id)
        .where(OutboxRow.state == "due", OutboxRow.due_at <= now, free)
        .order_by(OutboxRow.rank, OutboxRow.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id == first)
        .values(lease_until=now + lease, lease_token=token, attempts=OutboxRow.attempts + 1)
        .returning(
            OutboxRow.id,
            OutboxRow.kind,
            OutboxRow.key,
            OutboxRow.payload,
            OutboxRow.attempts,
            OutboxRow.made_at,
        )
        .execution_options(synchronize_session=False)
    ).first()
    return Promised(**row._mapping, token=token) if row else None


def renew(session: Session, held: Promised, now: datetime, lease: timedelta) -> None:
    """Hold on for another lease. Raises: LeaseLost."""
    _write_as_holder(session, held, lease_until=now + lease)


def keep(session: Session, held: Promised) -> None:
    """The work is done: in the same transaction as its result. Raises: LeaseLost."""
    _write_as_holder(session, held, state="kept", ended_at=utcnow(), lease_until=None, lease_token=None)


def put_off(session: Session, held: Promised, error: str, after: float | None = None) -> None:
    """Try again later: after `after` seconds, else after a growing delay. Raises: LeaseLost."""
    wait = after if after is not None else delay_before(held.attempts + 1)
    _write_as_holder(
        session,
        held,
        due_at=utcnow() + timedelta(seconds=wait),
        last_error=error,
        lease_until=None,
        lease_token=None,
    )


def withdraw(session: Session, held: Promised) -> None:
    """It is not wanted any more, and may be promised anew. Raises: LeaseLost."""
    mine = sa.delete(OutboxRow).where(OutboxRow.id == held.id, OutboxRow.lease_token == held.token)
    if session.execute(mine.returning(OutboxRow.id)).first() is None:
        raise LeaseLost(held.key)


def give_up(session: Session, held: Promised, error: str) -> None:
    """It will not be tried again; a person has to see to it. Raises: LeaseLost."""
    _write_as_holder(
        session,
        held,
        state="given_up",
        ended_at=utcnow(),
        last_error=error,
        lease_until=None,
        lease_token=None,
    )


def next_due(session: Session) -> datetime | None:
    """When the earliest promise falls due or its lease runs out."""
    due: datetime | None = session.scalar(
        sa.select(
            sa.func.min(
                sa.func.greatest(OutboxRow.due_at, sa.func.coalesce(OutboxRow.lease_until, OutboxRow.due_at))
            )
        ).where(OutboxRow.state == "due")
    )
    return due


def delay_before(attempt: int) -> float:
    """Seconds to wait before this attempt (the second is the first repeat), up to a tenth more by chance."""
    return DELAYS[min(max(attempt - 2, 0), len(DELAYS) - 1)] * random.uniform(1.0, 1.1)


def _write_as_holder(session: Session, held: Promised, **values: Any) -> None:
    written = session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id == held.id, OutboxRow.lease_token == held.token, OutboxRow.state == "due")
        .values(**values)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    ).first()
    if written is None:
        raise LeaseLost(held.key)
