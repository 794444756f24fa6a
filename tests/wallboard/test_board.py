"""The board shows what is so, and one figure has one meaning."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.intake.ledger import keep_ledger
from hotline.settings import Settings
from hotline.wallboard.measures import calls_by_hour, calls_now, midnight, waiting_by_language
from tests.carrier_says import CallFrom, Say
from tests.signing_in import make_member, sign_in


@pytest.fixture
def board(app: Flask, session: Session, settings: Settings) -> FlaskClient:
    app.extensions["hotline.settings"] = settings.model_copy(update={"env": "demo"})
    member = make_member(session, "supervisor", ("my",), "Somchai")
    return sign_in(app.test_client(), member.email)


def test_calls_now_by_line_language_and_where_in_the_menu(say: Say, line: str, session: Session) -> None:
    CallFrom(say, sid="CA1", caller="+66810000001").to_the_microphone("1", "2")
    CallFrom(say, sid="CA2", caller="+66810000002", line="+66299").start()
    CallFrom(say, sid="CA3", caller="+66810000003").to_the_microphone("3")
    say("/voice/status", CallSid="CA3", CallStatus="completed")
    now = {(call.line, call.known_line, call.language, call.node) for call in calls_now(session)}
    assert now == {("Main", True, "my", "danger"), ("+66299", False, None, "the beginning")}


def test_what_waits_by_language_with_its_oldest(say: Say, line: str, session: Session) -> None:
    for number, text in enumerate(("लचा", "तलब", "ไม่ได้เงิน")):
        say("/sms/incoming", MessageSid=f"SM{number}", From=f"+6681000000{number}", To=line, Body=text)
    waiting = {one.language: one.count for one in waiting_by_language(session)}
    assert waiting == {"ne": 2, "th": 1}


def test_the_board_is_asked_with_its_version_and_changes_within_a_second(
    board: FlaskClient,
    say: Say,
    line: str,
) -> None:
    version = board.get("/board/now").headers["X-Version"]
    time.sleep(1.1)
    assert board.get(f"/board/now?version={version}").status_code == 204
    CallFrom(say).start()
    time.sleep(1.1)
    changed = board.get(f"/board/now?version={version}")
    assert changed.status_code == 200 and "Choosing" in changed.text
    assert changed.headers["X-Version"] != version


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Asia/Yangon", "Asia/Bangkok", "UTC"])
def test_today_begins_at_midnight_there(zone: str, say: Say, line: str, session: Session) -> None:
    here = ZoneInfo(zone)
    now = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
    began = midnight(here, now)
    assert began.astimezone(here).strftime("%H:%M") == "00:00" and (now - began).total_seconds() < 86400
    CallFrom(say, sid="CA1").start()
    CallFrom(say, sid="CA2", caller="+66810000009").start()
    for sid, at in (("CA1", began), ("CA2", began - timedelta(microseconds=1))):
        session.execute(sa.text("UPDATE calls SET started_at = :at WHERE sid = :sid"), {"at": at, "sid": sid})
    assert calls_by_hour(session, here, now) == {0: {"?": 1}}


def test_a_call_of_who_chose_a_language_before_counts_in_it_without_a_key(
    say: Say, line: str, session: Session
) -> None:
    here, now = ZoneInfo("UTC"), datetime.now(UTC)
    first = CallFrom(say, sid="CA1")
    first.press(first.start(), "3")
    silent = CallFrom(say, sid="CA2")
    silent.press(silent.start(), "")
    counted = calls_by_hour(session, here, now).values()  # of one hour, or of two
    assert sum((Counter(languages) for languages in counted), Counter()) == {"ne": 2}


def test_the_ledger_counts_each_call_once_by_its_best_end(say: Say, line: str, session: Session) -> None:
    stored = CallFrom(say, sid="CA1", caller="+66810000001")
    stored.record(stored.to_the_microphone("1", "1"), sid="RE1")
    session.execute(sa.text("UPDATE recordings SET stored_at = now(), size = 5, at_carrier = 'deleted'"))
    session.execute(sa.text("UPDATE reports SET state = 'waiting'"))
    session.commit()
    arriving = CallFrom(say, sid="CA2", caller="+66810000002")
    arriving.record(arriving.to_the_microphone("1", "1"), sid="RE2")
    CallFrom(say, sid="CA3", caller="+66810000003").to_the_microphone("1", "1")  # stands at the microphone
    wordless = CallFrom(say, sid="CA4", caller="+66810000004")
    wordless.to_the_microphone("1", "1")
    say("/voice/status", CallSid="CA4", CallStatus="completed")
    CallFrom(say, sid="CA5", caller="+66810000005").start()
    say("/voice/status", CallSid="CA5", CallStatus="completed")
    say("/voice/status", CallSid="CA-never-seen", CallStatus="completed")
    say("/sms/incoming", MessageSid="SM1", From="+66810000006", To=line, Body="hello")
    counts = keep_ledger(session)
    assert (counts.calls, counts.reached_microphone, counts.stored, counts.arriving) == (6, 4, 1, 2)
    assert (counts.hung_up, counts.empty, counts.not_received, counts.unknown, counts.texts) == (
        1,
        0,
        0,
        1,
        1,
    )
    ends = counts.stored + counts.empty + counts.hung_up + counts.not_received + counts.arriving
    assert ends == counts.reached_microphone
