"""The ledger's page: the same figures as everywhere, of any days, and what does not add up."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.alarms import raise_alarms
from hotline.intake.models import Call, Reconciliation
from hotline.settings import Settings
from hotline.wallboard.measures import stopped_since
from tests.carrier_says import CallFrom, Say
from tests.signing_in import make_member, sign_in


@pytest.fixture
def supervisor(app: Flask, session: Session, settings: Settings) -> FlaskClient:
    app.extensions["hotline.settings"] = settings.model_copy(update={"env": "demo"})
    member = make_member(session, "supervisor", ("my",), "Somchai")
    return sign_in(app.test_client(), member.email)


def _figures(page: str) -> dict[str, int]:
    """Each row's word and figure."""
    rows = [row for row in page.split("<tr>") if "<td" in row]
    strip = lambda html: html.replace("<b>", "").replace("</b>", "")  # noqa: E731
    return {
        strip(row).partition('scope="row">')[2].partition("<")[0]: int(
            strip(row).partition('class="num">')[2].partition("<")[0]
        )
        for row in rows
    }


def test_each_call_is_counted_once_and_the_figures_add_up(
    supervisor: FlaskClient, say: Say, line: str
) -> None:
    CallFrom(say, sid="CA1").start()
    CallFrom(say, sid="CA2", caller="+66812345670").to_the_microphone("1", "1")
    call = CallFrom(say, sid="CA3", caller="+66812345671")
    call.record(call.to_the_microphone("1", "1"))
    for sid in ("CA1", "CA2", "CA3"):
        say("/voice/status", CallSid=sid, CallStatus="completed")
    figures = _figures(supervisor.get("/ledger").text)
    assert (figures["Hung up"], figures["Arriving"], figures["Ended before it"]) == (1, 1, 1)
    assert figures["Reached the microphone"] == 2 and figures["All calls"] == 3


def test_a_day_is_chosen_and_nonsense_is_the_last_week(
    supervisor: FlaskClient, say: Say, call: CallFrom, engine: sa.Engine
) -> None:
    call.start()
    with engine.begin() as connection:
        connection.execute(sa.update(Call).values(started_at=utcnow() - timedelta(days=30)))
    day = (utcnow() - timedelta(days=30)).date()
    assert _figures(supervisor.get("/ledger?since=soon&until=99").text)["All calls"] == 0
    around = f"/ledger?since={day - timedelta(days=1)}&until={day + timedelta(days=1)}"
    assert _figures(supervisor.get(around).text)["All calls"] == 1


def test_the_board_says_when_no_worker_takes_in_what_comes(session: Session, call: CallFrom) -> None:
    call.record(call.to_the_microphone("1", "1"))
    assert stopped_since(session, utcnow()) is None
    later = utcnow() + timedelta(minutes=2)
    since = stopped_since(session, later)
    assert since is not None and later - since < timedelta(minutes=3)


def test_what_the_carrier_knows_and_we_do_not_is_an_alarm(
    supervisor: FlaskClient, session: Session, settings: Settings, call: CallFrom
) -> None:
    call.start()
    now = utcnow()
    session.add(
        Reconciliation(at=now, since=now - timedelta(days=2), calls=2, recordings=0, texts=0, taken_in=0)
    )
    session.commit()
    assert "The carrier knows of 2 calls, and 1 are here." in supervisor.get("/ledger").text
    call.say("/voice/incoming", CallSid="CA2", From="+66812345679", To=call.fields["To"])
    assert raise_alarms(session, settings, now) == []


def test_a_carrier_that_was_not_asked_is_an_alarm(
    session: Session, settings: Settings, call: CallFrom
) -> None:
    call.start()
    assert raise_alarms(session, settings, utcnow()) == []
    later = utcnow() + timedelta(hours=1)
    assert raise_alarms(session, settings, later) == ["Nothing was compared with the carrier yet."]


@pytest.mark.parametrize("role, code", [("transcriber", 403), ("caseworker", 403), ("administrator", 200)])
def test_who_may_see_it(app: Flask, session: Session, settings: Settings, role: str, code: int) -> None:
    app.extensions["hotline.settings"] = settings.model_copy(update={"env": "demo"})
    member = make_member(session, role, ("my",), "Aye")
    assert sign_in(app.test_client(), member.email).get("/ledger").status_code == code
