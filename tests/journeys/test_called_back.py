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
from tests.journeys.running import run_hotline, wait_until
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


def _waits_for_key(phone: Phone, sid: str) -> bool:
    return bool(phone.look(sid)["waits"].get("for") == "key")


def _keys_heard(phone: Phone, sid: str) -> int:
    return sum(line["verb"] == "Gather" for line in phone.look(sid)["log"])


def test_a_ring_is_called_back_and_becomes_a_report(
    always: Settings,
    data: Path,
    session: Session,
    voice: bytes,  # noqa: F811
) -> None:
    with run_hotline(always, data) as running:
        phone = Phone(running.phone_url)
        phone.wait_until_ended(phone.dial(from_=CALLER, to=LINE))
        wait_until(lambda: any(one["to"] == CALLER for one in phone.calls()), 20, "the phone rings")
        (back,) = (one["sid"] for one in phone.calls() if one["to"] == CALLER)
        for key in ("1", "1", "1"):  # it is me; Burmese; leave a message
            wait_until(lambda: _waits_for_key(phone, back), 20, "a key is asked for")
            heard = _keys_heard(phone, back)
            phone.press(back, key)
            wait_until(lambda heard=heard: _keys_heard(phone, back) > heard, 10, "the key is heard")
        wait_until(lambda: phone.look(back)["waits"].get("for") == "voice", 20, "the microphone")
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
