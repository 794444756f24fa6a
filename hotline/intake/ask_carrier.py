"""A call whose end never came: ask the carrier, then end it."""

import logging
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.errors import CarrierError, NotThere
from hotline.db import utcnow
from hotline.intake.models import Call, Step
from hotline.intake.note_event import ENDED
from hotline.settings import Settings

MOST = 20  # calls a time: polite to the carrier

log = logging.getLogger(__name__)


def ask_for_lost_calls(sessions: sessionmaker[Session], carrier: Carrier, settings: Settings) -> int:
    """Ask for each call without a step for so many minutes (a setting); how many were ended.

    A call that still goes on is asked for again after as long.
    """
    ended = 0
    quiet = timedelta(minutes=settings.call_lost_minutes)
    with sessions() as session:
        lost = session.scalars(_lost_calls(quiet)).all()
    for sid in map(str, lost):
        try:
            status = carrier.call_status(sid)
        except NotThere:
            status = "unknown"
        except CarrierError as failed:
            log.warning("a call's end was asked for in vain: %s", type(failed).__name__)
            break
        with sessions.begin() as session:
            call = session.get_one(Call, sid, with_for_update=True)
            call.asked_at = utcnow()
            if call.ended_at is None and (status in ENDED or status == "unknown"):
                call.ended_at, call.status = utcnow(), status
                ended += 1
    return ended


def _lost_calls(quiet: timedelta) -> sa.Select[str]:
    before = utcnow() - quiet
    stepped = sa.select(sa.func.max(Step.at)).where(Step.call_sid == Call.sid).scalar_subquery()
    return (
        sa.select(Call.sid)
        .where(
            Call.ended_at.is_(None),
            sa.func.greatest(Call.started_at, stepped) < before,
            sa.or_(Call.asked_at.is_(None), Call.asked_at < before),
        )
        .order_by(Call.started_at)
        .limit(MOST)
    )
