"""Somebody without credit rings once; the hotline calls back, and hears them."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.db import utcnow
from hotline.intake.models import Call, Line, Report
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from tests.journeys.running import go_to_the_tone, press_in_turn, run_hotline, wait_until
from tests.journeys.test_call_to_ready import LINE, voice  # noqa: F401

CALLER, COLLEAGUE = "+66812345678", "+66899999999"


@pytest.fixture
def always(settings: Settings, session: Session) -> Settings:
    """A line that calls back at any hour."""
    session.add(
        Line(
            number=LINE,
            name="Free",
            tree="main",
            languages=["my", "th"],
            answer_mode="call_back",
            added_at=utcnow(),
        )
    )
    session.commit()
    return settings.model_copy(update={"callback_hours": "mon-sun 00:00-23:59"})


def test_a_ring_is_called_back_and_becomes_a_report(
    always: Settings,
    data: Path,
    session: Session,
    voice: bytes,  # noqa: F811
) -> None:
    with run_hotline(always, data, speed="10") as running:
        phone = Phone(running.phone_url)
        phone.wait_until_ended(phone.dial(from_=CALLER, to=LINE))
        wait_until(lambda: any(one["to"] == CALLER for one in phone.calls()), 20, "the phone rings")
        (back,) = (one["sid"] for one in phone.calls() if one["to"] == CALLER)
        press_in_turn(phone, back, "1", "1", "1")  # it is me; Burmese; leave a message
        go_to_the_tone(phone, back)
        phone.speak(back, voice)
        wait_until(lambda: _ready(session), 20, "the report is ready")
        session.expire_all()
        report = session.scalars(sa.select(Report)).one()
        assert report.contact.number == CALLER and report.language == "my"
        assert session.scalars(sa.select(Callback.state)).one() == "reached"
        assert session.get_one(Call, back).dialled == LINE
        assert running.server_errors() == []


def _ready(session: Session) -> bool:
    session.rollback()
    return session.scalars(sa.select(Report.state)).all() == ["waiting"]
