"""Who floods the hotline is turned away for a while; whose phone many share is never counted as one caller."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import Call, Contact, Report
from hotline.vault.audit import record

LASTS = timedelta(hours=24)
OFTEN = 10  # calls within a day, from which on a caller is listed
SHOWN = 50


@dataclass(frozen=True)
class OftenCaller:
    """A contact, their calls of the last day, and how many reports they ever left."""

    contact: Contact
    calls: int
    last_at: datetime | None
    reports: int


def turn_away(session: Session, contact: Contact, member_id: uuid.UUID, now: datetime) -> None:
    """From now on, for LASTS, the busy tone; texts are kept and queue nothing."""
    contact.turned_away_until = now + LASTS
    record(
        session, member_id, "turned away", "contacts", contact.id, hours=int(LASTS.total_seconds() // 3600)
    )


def let_in_again(session: Session, contact: Contact, member_id: uuid.UUID) -> None:
    """Served as anybody."""
    contact.turned_away_until = None
    record(session, member_id, "let in again", "contacts", contact.id)


def say_shared(session: Session, contact: Contact, member_id: uuid.UUID, *, shared: bool) -> None:
    """Whether several people call from this phone."""
    contact.shared_phone = shared
    record(session, member_id, "said shared" if shared else "said not shared", "contacts", contact.id)


def find_often_callers(session: Session, now: datetime) -> list[OftenCaller]:
    """Who called OFTEN or more within the last day, and who is turned away; the most calls first."""
    lately = (
        sa.select(
            Call.contact_id, sa.func.count().label("calls"), sa.func.max(Call.started_at).label("last_at")
        )
        .where(Call.started_at > now - timedelta(days=1), Call.contact_id.is_not(None))
        .group_by(Call.contact_id)
        .subquery()
    )
    reports = (
        sa.select(sa.func.count()).where(Report.contact_id == Contact.id).correlate(Contact).scalar_subquery()
    )
    calls = sa.func.coalesce(lately.c.calls, 0)
    rows = session.execute(
        sa.select(Contact, calls, lately.c.last_at, reports)
        .outerjoin(lately, lately.c.contact_id == Contact.id)
        .where(sa.or_(calls >= OFTEN, Contact.turned_away_until > now))
        .order_by(calls.desc(), Contact.ordinal)
        .limit(SHOWN)
    )
    return [OftenCaller(*row) for row in rows]
