"""Nobody empties the console, and nobody keeps it busy; callers are never counted there."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.casework.models import Case
from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.web import limits
from tests.carrier_says import CALLER, Say
from tests.signing_in import SignIn, make_member, post


@pytest.fixture
def report(say: Say, line: str, session: Session) -> Report:
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=line, Body="ค่าแรง")
    return session.scalars(sa.select(Report)).one()


@pytest.fixture
def case(report: Report, session: Session) -> Case:
    opener = make_member(session, "caseworker", ("th",), "Opener")
    opened = open_case(session, report, opener, urgency="standard", category="wages", now=utcnow())
    session.commit()
    return opened


def test_a_member_opens_thirty_numbers_an_hour_and_others_theirs(case: Case, signed_in: SignIn) -> None:
    one, other = signed_in("caseworker", name="One"), signed_in("caseworker", name="Other")
    address = f"/cases/{case.code}/number"
    answers = [post(one, address, reason="to call back").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert post(other, address, reason="to call back").status_code == 200
    assert "Nothing is lost" in post(one, address, reason="to call back").text


def test_numbers_opened_at_the_workbench_count_with_those_opened_in_cases(
    report: Report, case: Case, signed_in: SignIn
) -> None:
    one = signed_in("caseworker", ("th",), name="One")
    addresses = [f"/cases/{case.code}/number", f"/reports/{report.id}/number"] * 16
    answers = [post(one, address, reason="to call back").status_code for address in addresses]
    assert answers == [200] * 30 + [429] * 2


def test_one_address_cannot_keep_the_console_busy_and_callers_get_through(
    client: FlaskClient, say: Say, line: str
) -> None:
    most = limits.ANYTHING.amount
    for _ in range(most):
        assert client.get("/staff/sign-in").status_code == 200
    assert client.get("/staff/sign-in").status_code == 429
    assert client.get("/healthz").status_code == 200
    assert client.get("/staff/sign-in", environ_base={"REMOTE_ADDR": "10.9.9.9"}).status_code == 200
    answer = say("/voice/incoming", CallSid="CA1", From=CALLER, To=line, CallStatus="ringing")
    assert "<Gather" in answer.text
