"""A call whose end never came is asked for at the carrier, then ended; one that goes on is left alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import make_sessions, utcnow
from hotline.intake.ask_carrier import ask_for_lost_calls
from hotline.intake.models import Call
from hotline.intake.start_call import NewCall, start_call
from hotline.rehearsal.call import Call as CarriersCall
from hotline.settings import Settings
from hotline.writer import Writer
from tests.carriers import RunningCarrier


@pytest.fixture
def begin(settings: Settings):  # type: ignore[no-untyped-def]
    writer = Writer(settings)

    def at(sid: str, ago: timedelta) -> None:
        call = NewCall(sid, None, "+66200", "+66812345678", "main", utcnow() - ago, b"", False)
        writer.write(lambda connection: start_call(connection, call))

    return at


def _ask(engine: sa.Engine, carrier: RunningCarrier, settings: Settings) -> int:
    return ask_for_lost_calls(make_sessions(engine), carrier.client, settings)


def test_after_ten_minutes_without_a_step_the_carrier_is_asked(
    begin,
    engine: sa.Engine,
    carrier: RunningCarrier,
    settings: Settings,
    session: Session,  # type: ignore[no-untyped-def]
) -> None:
    for sid, status in (("CAended", "completed"), ("CAgoing", "in-progress")):
        carrier.exchange.calls[sid] = CarriersCall(carrier.exchange, "+1", "+2", sid=sid, status=status)
    begin("CAended", timedelta(minutes=11))
    begin("CAgoing", timedelta(minutes=11))
    begin("CAunknown", timedelta(minutes=11))  # the carrier knows nothing of it
    begin("CAfresh", timedelta(minutes=9))
    assert _ask(engine, carrier, settings) == 2
    open_ = session.scalars(sa.select(Call.sid).where(Call.ended_at.is_(None)).order_by(Call.sid)).all()
    assert open_ == ["CAfresh", "CAgoing"]
    assert _ask(engine, carrier, settings) == 0, "and is not asked again at once"


def test_a_carrier_that_is_down_ends_nothing(
    begin,
    engine: sa.Engine,
    carrier: RunningCarrier,
    settings: Settings,
    session: Session,  # type: ignore[no-untyped-def]
) -> None:
    begin("CA1", timedelta(minutes=11))
    nowhere = type(carrier.client)("AC1", "t", "http://127.0.0.1:9")
    assert ask_for_lost_calls(make_sessions(engine), nowhere, settings) == 0
    assert session.scalars(sa.select(Call.ended_at)).all() == [None]
