"""What stands in the database and the spool at the moment somebody looks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import URGENCIES, Recording, Report
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from hotline.transcription.queue import targets
from hotline.webhooks.spool import KEPT, REFUSED

Figures = Iterator[GaugeMetricFamily]


def database_figures(session: Session, settings: Settings) -> Figures:
    """Raises: SQLAlchemyError."""
    now = utcnow()
    yield from _outbox(session, now)
    yield from _queue(session, settings, now)
    stored = session.scalar(sa.select(sa.func.count()).where(Recording.stored_at.is_not(None)))
    yield _figure("voicemails_stored", "Recordings fetched, sealed and stored", stored)


def spool_figures(settings: Settings) -> Figures:
    folder = settings.data / "spool"
    for name, ending, says in (
        ("spool_waiting", KEPT, "Webhooks kept on this machine while the database was away"),
        ("spool_refused", REFUSED, "Kept webhooks that broke: a person has to look"),
    ):
        yield _figure(name, says, sum(1 for _ in folder.glob(f"*{ending}")))


def _outbox(session: Session, now: datetime) -> Figures:
    due = _figure("outbox_due", "Promises that are due and not kept yet", labels=("kind",))
    oldest = _figure("outbox_oldest_seconds", "How long the longest due promise has waited", labels=("kind",))
    given_up = _figure("outbox_given_up", "Promises given up: a person has to look", labels=("kind",))
    is_due = sa.and_(OutboxRow.state == "due", OutboxRow.due_at <= now)
    rows = session.execute(
        sa.select(
            OutboxRow.kind,
            sa.func.count().filter(is_due),
            sa.func.min(OutboxRow.due_at).filter(is_due),
            sa.func.count().filter(OutboxRow.state == "given_up"),
        )
        .where(OutboxRow.state != "kept")
        .group_by(OutboxRow.kind)
    )
    for kind, count, since, lost in rows:
        due.add_metric([kind], count)
        oldest.add_metric([kind], (now - since).total_seconds() if since else 0)
        given_up.add_metric([kind], lost)
    yield from (due, oldest, given_up)


def _queue(session: Session, settings: Settings, now: datetime) -> Figures:
    labels = ("language", "urgency")
    waiting = _figure("queue_waiting", "Reports that are not done", labels=labels)
    late = _figure("queue_late", "Of these, past their target", labels=labels)
    oldest = _figure("queue_oldest_seconds", "The age of the oldest of these", labels=labels)
    target = _figure("queue_target_seconds", "How soon a report should be done", labels=("urgency",))
    limits = targets(settings)
    for urgency in URGENCIES:
        target.add_metric([urgency], limits[urgency].total_seconds())
    overdue = sa.or_(
        *(sa.and_(Report.urgency == one, Report.received_at < now - limits[one]) for one in URGENCIES)
    )
    rows = session.execute(
        sa.select(
            Report.language,
            Report.urgency,
            sa.func.count(),
            sa.func.count().filter(overdue),
            sa.func.min(Report.received_at),
        )
        .where(Report.state != "done", ~Report.rehearsal)
        .group_by(Report.language, Report.urgency)
    )
    for language, urgency, count, over, since in rows:
        waiting.add_metric([language, urgency], count)
        late.add_metric([language, urgency], over)
        oldest.add_metric([language, urgency], (now - since).total_seconds())
    yield from (waiting, late, oldest, target)


def _figure(
    name: str, says: str, value: Any = None, labels: tuple[str, ...] | None = None
) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"hotline_{name}", says, value=value, labels=labels)
