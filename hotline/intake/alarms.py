"""What does not add up: sentences for people, none where all is well."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Call, Message, Reconciliation, Recording, Report
from hotline.settings import Settings

MISSED = 3  # comparisons with the carrier that may fail to come before somebody is told


def last_comparison(session: Session) -> Reconciliation | None:
    """The newest comparison with the carrier."""
    return session.scalars(sa.select(Reconciliation).order_by(Reconciliation.at.desc()).limit(1)).first()


def raise_alarms(session: Session, settings: Settings, now: datetime) -> list[str]:
    """Compare the ledger with itself, with the rows, and with what the carrier said last."""
    return [*_sums(session), *_overdue(session, settings, now), *_carrier(session, settings, now)]


def _sums(session: Session) -> list[str]:
    ledger = keep_ledger(session)
    ends = ledger.stored + ledger.empty + ledger.hung_up + ledger.not_received + ledger.arriving
    if (
        ledger.reached_microphone != ends
        or ledger.calls != ledger.reached_microphone + ledger.elsewhere + ledger.unknown
    ):
        return ["The ledger does not add up: a call is counted twice or not at all."]
    return []


def _overdue(session: Session, settings: Settings, now: datetime) -> list[str]:
    """Recordings that neither came nor were given up within the time we ask for them."""
    late = now - timedelta(hours=settings.intake_hours, minutes=30)
    count = session.scalar(
        sa.select(sa.func.count()).where(Report.state == "arriving", Report.received_at < late)
    )
    return [f"{count} recordings are still awaited long after they were given up."] if count else []


def _carrier(session: Session, settings: Settings, now: datetime) -> list[str]:
    last = last_comparison(session)
    patience = timedelta(seconds=MISSED * settings.reconcile_seconds)
    if last is None:
        oldest = session.scalar(sa.select(sa.func.min(Call.started_at)))
        waited = oldest is not None and now - oldest > patience
        return ["Nothing was compared with the carrier yet."] if waited else []
    if now - last.at > patience:
        return [f"Nothing was compared with the carrier for {_minutes(now - last.at)} minutes."]
    ours = {
        "calls": _count(session, sa.select(Call.sid).where(Call.started_at >= last.since)),
        "recordings": _count(
            session,
            sa.select(Recording.sid).where(
                Recording.announced_at >= last.since, Recording.call_sid.is_not(None)
            ),
        ),
        "texts": _count(
            session,
            sa.select(Message.id).where(
                Message.direction == "in", Message.kind != "keys", Message.at >= last.since
            ),
        ),
    }
    theirs = {"calls": last.calls, "recordings": last.recordings, "texts": last.texts}
    return [
        f"The carrier knows of {theirs[what]} {what}, and {ours[what]} are here."
        for what in ours
        if ours[what] < theirs[what]
    ]


def _count(session: Session, rows: "sa.Select[Any]") -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(rows.subquery())) or 0


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
