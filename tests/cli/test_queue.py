"""`hotline queue --json` is read by programs of outsiders: its names and words stay."""

import base64
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from hotline.cli.queue import queue
from hotline.db import utcnow
from hotline.intake.models import Message
from hotline.settings import Settings
from hotline.transcription.claim_report import claim_report
from tests.signing_in import make_member
from tests.transcription.reports import make_text, make_voicemail


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of this test, as an operator's shell has them."""
    (name, key), *_ = settings.data_keys
    for variable, value in {
        "HOTLINE_ENV": "test",
        "PUBLIC_URL": settings.public_url,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "MEDIA_URL": settings.media_url,
        "SECRET_KEY": settings.secret_key,
        "DATA_KEYS": f"{name}:{base64.b64encode(key).decode()}",
        "LOOKUP_KEY": base64.b64encode(settings.lookup_key).decode(),
        "AUDIT_KEY": base64.b64encode(settings.audit_key).decode(),
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": ",".join(settings.twilio_auth_tokens),
    }.items():
        monkeypatch.setenv(variable, value)


def ask(*options: str) -> Result:
    return CliRunner().invoke(queue, list(options), catch_exceptions=False)


@pytest.mark.usefixtures("environment")
def test_every_report_oldest_first(session: Session, settings: Settings) -> None:
    now = utcnow()
    states = ("waiting", "done", "not_received", "arriving")
    made = [
        make_voicemail(
            session, settings, state=state, received_at=now - timedelta(minutes=9 - number), chosen=False
        )
        for number, state in enumerate(states)
    ]  # type: ignore[misc]
    text = make_text(session, "စာ", urgency="danger", received_at=now)
    session.get_one(Message, text.message_id).sid = "SM1"
    claim_report(session, made[0].id, make_member(session), now, timedelta(minutes=30))
    session.commit()
    listed = json.loads(ask("--json").stdout)
    assert [one["report"] for one in listed] == [report.reference for report in [*made, text]]
    assert [one["state"] for one in listed] == ["claimed", "done", "not_received", "arriving", "waiting"]
    assert listed[0] == {
        "report": made[0].reference,
        "kind": "voice",
        "call_sid": made[0].call_sid,
        "language": "my",
        "language_chosen": False,
        "urgency": "standard",
        "state": "claimed",
        "received_at": (now - timedelta(minutes=9)).isoformat(timespec="seconds"),
        "seconds": made[0].recording.seconds,  # type: ignore[union-attr]
    }
    assert (listed[-1]["kind"], listed[-1]["message_sid"], listed[-1]["seconds"]) == ("text", "SM1", None)
    assert "call_sid" not in listed[-1]


@pytest.mark.usefixtures("environment")
def test_an_empty_queue_is_an_empty_list() -> None:
    assert json.loads(ask("--json").stdout) == []


@pytest.mark.usefixtures("environment")
def test_for_people_it_is_a_line_each(session: Session) -> None:
    make_voicemail(session, urgency="danger")
    line = ask().stdout.strip()
    assert "voice" in line and "danger" in line and "waiting" in line


def test_without_a_hotline_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    answer = ask("--json")
    assert answer.exit_code == 1
    assert "no hotline here" in answer.output and "Traceback" not in answer.output
