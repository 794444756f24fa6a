"""A prompt was spoken, and the carrier has it: promise to fetch it.

The end of Record tells of it, the recording's own callback, or the carrier's list when both were lost.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.outbox import promise
from hotline.studio.models import SpokenPrompt

CLOCKS = timedelta(seconds=2)  # by which the carrier's may be behind ours


@dataclass(frozen=True)
class Spoken:
    """A recording at the carrier, made in a call to the studio. `turn`: as a webhook's address says, if one came."""

    recording_sid: str
    call_sid: str
    at: datetime
    seconds: int | None
    turn: int | None = None


def announce_spoken(session: Session, told: Spoken) -> None:
    """Once, however often it is told; what fits no time at the microphone is kept as unknown."""
    row = session.scalars(_known(told)).first() or session.scalars(_expecting(told)).first()
    if row is None:
        return _keep_unknown(session, told)
    if row.recording_sid is None:
        row.recording_sid, row.carrier_seconds = told.recording_sid, told.seconds
    if row.state == "asked":
        row.state = "spoken"
    if row.state == "spoken":
        promise_to_take_in(session, row)


def promise_to_take_in(session: Session, row: SpokenPrompt) -> None:
    promise(session, "take_in_spoken", f"spoken:{row.recording_sid}", {"spoken_id": str(row.id)})


def _known(told: Spoken) -> sa.Select[SpokenPrompt]:
    return sa.select(SpokenPrompt).where(SpokenPrompt.recording_sid == told.recording_sid).with_for_update()


def _expecting(told: Spoken) -> sa.Select[SpokenPrompt]:
    """The time at the microphone that it belongs to: by its turn, else the last before it that has none."""
    of_call = sa.select(SpokenPrompt).where(
        SpokenPrompt.call_sid == told.call_sid, SpokenPrompt.recording_sid.is_(None)
    )
    if told.turn is not None:
        return of_call.where(SpokenPrompt.turn == told.turn).with_for_update()
    before = of_call.where(SpokenPrompt.at <= told.at + CLOCKS).order_by(SpokenPrompt.at.desc())
    return before.limit(1).with_for_update()


def _keep_unknown(session: Session, told: Spoken) -> None:
    row = insert(SpokenPrompt).values(
        id=new_id(), call_sid=told.call_sid, at=told.at, recording_sid=told.recording_sid,
        carrier_seconds=told.seconds, at_carrier="held", state="unknown", reason="",
    )  # fmt: skip
    session.execute(row.on_conflict_do_nothing(index_elements=["recording_sid"]))
