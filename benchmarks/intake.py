"""How soon a voicemail is ready: from the carrier's "completed" to a report that staff can play.

    .venv/bin/python -m benchmarks.intake [voicemails] [a minute]

The whole hotline runs (gunicorn, two RQ workers, the sweep, PostgreSQL with fsync, Valkey) beside the
rehearsal carrier and its callers on the same cores. Voicemails of 12 seconds, one in four of 60,
arrive evenly; a busy hour of the largest peer is about one a minute (lessons: Issara).
"""

import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.voicemail import speech_like
from hotline.db import make_engine, upgrade, utcnow
from hotline.embedded import postgres, valkey
from hotline.intake.models import Line, Recording, Report
from hotline.rehearsal.client import Phone
from hotline.vault.keys import unlock
from tests.conftest import settings_for
from tests.journeys.running import run_hotline, wait_until

LINE = "+6620000142"
TARGET = 2.0  # seconds


def main(voicemails: int = 60, a_minute: int = 60) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        database, redis = postgres.start(data / "postgres"), valkey.start(data / "valkey")
        try:
            database.create_database("hotline")
            settings = settings_for(database.url("hotline"), redis.url, data)
            upgrade(settings)
            unlock(settings)
            with Session(make_engine(settings)) as session:
                session.add(
                    Line(number=LINE, name="", tree="main", languages=["my", "en"], added_at=utcnow())
                )
                session.commit()
                with run_hotline(settings, data, workers=2, speed="1000") as hotline:
                    _call(Phone(hotline.phone_url), voicemails, a_minute)
                    wait_until(lambda: _ready(session) == voicemails, 120, "every voicemail is ready")
                _print(session)
        finally:
            redis.stop()
            database.stop()


def _call(phone: Phone, voicemails: int, a_minute: int) -> None:
    short, long = speech_like(12), speech_like(60)
    with ThreadPoolExecutor(16) as callers:
        for number in range(voicemails):
            callers.submit(
                phone.play,
                from_=f"+6681{number:07d}",
                to=LINE,
                keys="11",
                speak=long if number % 4 == 3 else short,
            )
            time.sleep(60 / a_minute)


def _ready(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).where(Report.state == "waiting")) or 0


def _print(session: Session) -> None:
    took = sorted(
        (row.stored_at - row.announced_at).total_seconds()
        for row in session.execute(sa.select(Recording.stored_at, Recording.announced_at))
    )
    p95 = took[int(0.95 * len(took))]
    print(
        f"{len(took)} voicemails, announced to ready: median {statistics.median(took):.2f} s,"
        f" p95 {p95:.2f} s (target {TARGET:.0f}), slowest {took[-1]:.2f} s"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
