"""Counts and ages for who bears the token, and nobody's data among them."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from hotline import create_app
from hotline.db import utcnow
from hotline.intake.models import Recording
from hotline.outbox import OutboxRow, promise
from hotline.settings import Settings
from tests.carrier_says import CALLER, LINE
from tests.environment import environment_of
from tests.journeys.running import ROOT, free_port, wait_until
from tests.transcription.reports import make_text, make_voicemail

TOKEN = "a token of the metrics"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(settings: Settings, tmp_path: Path) -> FlaskClient:
    """A hotline with metrics and a spool of its own."""
    (tmp_path / "prompts").symlink_to(settings.data / "prompts")
    return create_app(settings.model_copy(update={"metrics_token": TOKEN, "data": tmp_path})).test_client()


def figures(text: str) -> dict[tuple[str, ...], float]:
    """(name, values of its labels by their names …) -> value."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_there_is_no_such_page_without_a_token(client: FlaskClient) -> None:
    assert client.get("/metrics", headers=BEARER).status_code == 404


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_who_does_not_bear_it_sees_nothing(watched: FlaskClient, given: dict[str, str]) -> None:
    answer = watched.get("/metrics", headers=given)
    assert answer.status_code == 401 and answer.data == b""


def test_webhooks_are_counted_by_route_and_outcome(watched: FlaskClient, settings: Settings) -> None:
    fields = {"CallSid": "CA1", "From": CALLER, "To": LINE}
    address = settings.public_url + "/voice/incoming"
    signature = RequestValidator(settings.twilio_auth_tokens[0]).compute_signature(address, fields)
    watched.post("/voice/incoming", data=fields, headers={"X-Twilio-Signature": signature})
    watched.post("/voice/incoming", data=fields)
    found = figures(watched.get("/metrics", headers=BEARER).text)
    assert found["hotline_webhook_seconds_count", "answered", "voice.incoming"] == 1
    assert found["hotline_webhook_seconds_count", "refused", "voice.incoming"] == 1
    assert 0 < found["hotline_webhook_seconds_sum", "answered", "voice.incoming"] < 15


def test_what_waits_is_told_by_kind_and_language(
    watched: FlaskClient, session: Session, tmp_path: Path
) -> None:
    now = utcnow()
    promise(session, "send_text", "a", {}, due_at=now - timedelta(seconds=90))
    promise(session, "send_text", "b", {}, due_at=now + timedelta(hours=1))
    promise(session, "reconcile", "c", {})
    session.flush()
    session.execute(sa.update(OutboxRow).where(OutboxRow.key == "c").values(state="given_up"))
    make_voicemail(session, urgency="danger", received_at=now - timedelta(hours=1))
    make_voicemail(session, urgency="danger")
    make_text(session, "my employer keeps my passport", language="th")
    session.execute(sa.update(Recording).values(stored_at=now))
    session.commit()
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "1.kept").touch()
    found = figures(watched.get("/metrics", headers=BEARER).text)
    assert found["hotline_outbox_due", "send_text"] == 1
    assert 90 <= found["hotline_outbox_oldest_seconds", "send_text"] < 120
    assert found["hotline_outbox_given_up", "reconcile"] == 1
    assert found["hotline_queue_waiting", "my", "danger"] == 2
    assert found["hotline_queue_late", "my", "danger"] == 1
    assert found["hotline_queue_waiting", "th", "standard"] == 1
    assert found["hotline_queue_target_seconds", "danger"] == 600
    assert found[("hotline_voicemails_stored",)] == 2
    assert found[("hotline_spool_waiting",)] == 1
    assert found[("hotline_database_up",)] == 1


def test_a_database_that_is_away_is_a_figure(settings: Settings) -> None:
    away = {"database_url": "postgresql+psycopg://x@127.0.0.1:9/x", "metrics_token": TOKEN}
    answer = create_app(settings.model_copy(update=away)).test_client().get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert figures(answer.text)[("hotline_database_up",)] == 0


@pytest.fixture
def gunicorn(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The address of a hotline with three web processes, as it runs in production."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = environment_of(settings) | {"HOTLINE_METRICS_TOKEN": TOKEN, "TMPDIR": str(tmp_path)}
    log = (tmp_path / "web.log").open("wb")
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "-c", "python:hotline.web.gunicorn_config",
            "--workers", "3", "--bind", f"127.0.0.1:{port}", "wsgi:app",
        ],
        cwd=ROOT, env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        wait_until(lambda: _lives(url), 90, f"it answers, see {log.name}")
        yield url
    finally:
        process.terminate()
        process.wait(20)
    assert not list(tmp_path.glob("hotline-metrics-*")), "what was counted goes with the master"


def _lives(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=1).ok
    except requests.RequestException:
        return False


def test_several_processes_are_one_count_even_when_one_dies(gunicorn: str, tmp_path: Path) -> None:
    for _ in range(30):
        requests.post(f"{gunicorn}/voice/step", timeout=5)  # unsigned

    def counted() -> float:
        text = requests.get(f"{gunicorn}/metrics", headers=BEARER, timeout=5).text
        return figures(text).get(("hotline_webhook_seconds_count", "refused", "voice.step"), 0)

    assert counted() == 30
    (folder,) = tmp_path.glob("hotline-metrics-*")
    pids = {int(found[1]) for path in folder.glob("*.db") if (found := re.search(r"_(\d+)\.db$", path.name))}
    assert pids
    os.kill(pids.pop(), signal.SIGKILL)
    wait_until(lambda: _lives(gunicorn), 10, "the others answer")
    assert counted() == 30
