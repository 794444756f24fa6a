"""The whole path, on real parts: a call through the carrier becomes a playable report, once."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.prompts import Catalogue
from hotline.intake.models import Line, Recording, Report
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from tests.conftest import PLACEHOLDERS, ROOT
from tests.journeys.running import Running, run_hotline, wait_until

LINE = "+6620000142"


@pytest.fixture
def line(session: Session) -> str:
    from hotline.db import utcnow

    session.add(
        Line(number=LINE, name="Main", tree="main", languages=["my", "th", "ne", "en"], added_at=utcnow())
    )
    session.commit()
    return LINE


@pytest.fixture
def running(settings: Settings, data: Path, line: str) -> Iterator[Running]:
    with run_hotline(settings, data, workers=2) as hotline:
        yield hotline
        assert hotline.server_errors() == []


@pytest.fixture(scope="session")
def voice() -> bytes:
    """Somebody speaks: a prompt as eSpeak says it."""
    from hotline.flow.turn import Clip

    return Catalogue.load(ROOT / "ivr_prompts", PLACEHOLDERS).sound(Clip("rights", "my")).audio


def _ready(session: Session) -> bool:
    session.rollback()
    states = session.scalars(sa.select(Report.state)).all()
    return bool(states) and all(state == "waiting" for state in states)


def test_a_call_becomes_a_ready_report_and_the_carrier_forgets(
    running: Running, session: Session, voice: bytes
) -> None:
    phone = Phone(running.phone_url)
    ended = phone.play(from_="+66812345678", to=LINE, keys="12", speak=voice)
    completed = time.monotonic()
    wait_until(lambda: _ready(session), 10, "the report is ready")
    assert time.monotonic() - completed < 5
    report = session.scalars(sa.select(Report)).one()
    recording = session.scalars(sa.select(Recording)).one()
    assert (report.urgency, report.language, recording.verdict) == ("danger", "my", "speech")
    assert recording.playback and recording.size and abs((recording.seconds or 0) - 11) < 3
    assert [entry["prompt"] for entry in ended["log"] if entry.get("prompt", "").startswith("digit.")][-7:]
    wait_until(lambda: not phone.held_recordings(), 5, "the carrier has forgotten the recording")


@pytest.mark.parametrize(
    "faults",
    [
        {"twice": True, "shuffle": True},
        {"lose_every": 2},
        {"media_missing_s": 2.5},
    ],
)
def test_a_carrier_that_misbehaves_changes_nothing(
    running: Running, session: Session, voice: bytes, faults: dict[str, object]
) -> None:
    phone = Phone(running.phone_url)
    phone.misbehave(**faults)
    for number in range(3):
        phone.play(from_=f"+6681234567{number}", to=LINE, keys="11", speak=voice, hang_up="recording")
    wait_until(lambda: _ready(session), 20, "the reports are ready")
    assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 3
    wait_until(lambda: not phone.held_recordings(), 10, "the carrier has forgotten them")


def test_an_empty_redis_and_a_killed_worker_lose_nothing_and_double_nothing(
    running: Running, session: Session, voice: bytes
) -> None:
    import redis

    phone = Phone(running.phone_url)
    phone.misbehave(media_missing_s=1.0)
    for number in range(6):
        phone.play(from_=f"+6681234560{number}", to=LINE, keys="11", speak=voice)
        name = f"worker{number % 2}"
        if number % 3 == 0:
            redis.Redis.from_url(running.settings.redis_url).flushall()
        running.kill(name)
        running.start(name)
    wait_until(lambda: _ready(session), 60, "every report is ready")
    assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 6
    wait_until(lambda: not phone.held_recordings(), 30, "the carrier has forgotten them")
    files = list((Path(running.settings.media_url.removeprefix("file:"))).rglob("*-playback"))
    assert len(files) >= 6
