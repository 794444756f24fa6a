"""Who floods the hotline hears the busy tone for a while; who needs it never does."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Call, Contact, Message, Report
from hotline.intake.turn_away import OFTEN
from hotline.settings import Settings
from hotline.vault.audit import AuditRow
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CALLER, Document, Say
from tests.signing_in import SignIn, make_member, post

OTHER = "+66898765432"


@pytest.fixture
def three_a_minute(app: Flask, settings: Settings) -> None:
    board = app.extensions[KEY]
    app.extensions[KEY] = replace(board, settings=settings.model_copy(update={"calls_a_minute": 3}))


@pytest.fixture
def ring(say: Say, line: str):  # type: ignore[no-untyped-def]
    """`ring(7)`: the verb with which the answer to the seventh call begins."""

    def call(number: int, caller: str = CALLER) -> str:
        return Document(
            say("/voice/incoming", CallSid=f"CA{number}", From=caller, To=line, CallStatus="ringing")
        ).verbs[0]

    return call


@pytest.mark.usefixtures("three_a_minute")
def test_the_fourth_call_within_a_minute_is_busy_and_still_written_down(ring, session: Session) -> None:  # type: ignore[no-untyped-def]
    assert [ring(number) for number in range(5)] == ["Gather", "Gather", "Gather", "Reject", "Reject"]
    assert ring(9, OTHER) == "Gather"
    ledger = keep_ledger(session)
    assert (ledger.calls, ledger.elsewhere) == (6, 6)


@pytest.mark.usefixtures("three_a_minute")
def test_a_webhook_told_twice_is_one_call(ring) -> None:  # type: ignore[no-untyped-def]
    assert [ring(1) for _ in range(6)] == ["Gather"] * 6


@pytest.mark.usefixtures("three_a_minute")
def test_a_minute_later_everybody_is_served_again(ring, session: Session) -> None:  # type: ignore[no-untyped-def]
    assert [ring(number) for number in range(4)][-1] == "Reject"
    session.execute(sa.update(Call).values(started_at=Call.started_at - sa.text("interval '61 seconds'")))
    session.commit()
    assert ring(5) == "Gather"


@pytest.mark.usefixtures("three_a_minute")
def test_who_has_an_open_case_or_shares_the_phone_may_ring_on(
    ring, say: Say, line: str, session: Session
) -> None:  # type: ignore[no-untyped-def]
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=line, Body="ค่าแรง")
    report = session.scalars(sa.select(Report)).one()
    opener = make_member(session, "caseworker", ("th",))
    case = open_case(session, report, opener, urgency="standard", category="wages", now=utcnow())
    session.commit()
    assert {ring(number) for number in range(6)} == {"Gather"}
    case.state = "closed"
    session.commit()
    assert ring(7) == "Reject"
    session.execute(sa.update(Contact).values(shared_phone=True))
    session.commit()
    assert ring(8) == "Gather"


@pytest.mark.usefixtures("three_a_minute")
def test_two_who_withheld_their_number_are_never_one_caller(ring) -> None:  # type: ignore[no-untyped-def]
    assert {ring(number, "anonymous") for number in range(6)} == {"Gather"}


def test_a_rehearsal_and_a_demo_count_nothing_and_production_does(settings: Settings) -> None:
    assert settings.most_calls_a_minute == 0
    live = settings.model_copy(update={"env": "production"})
    assert live.most_calls_a_minute == 3
    assert live.model_copy(update={"calls_a_minute": 0}).most_calls_a_minute == 0


def test_a_supervisor_turns_a_number_away_for_a_day_and_lets_it_in_again(  # type: ignore[no-untyped-def]
    ring, say: Say, line: str, signed_in: SignIn, session: Session
) -> None:
    for number in range(OFTEN):
        ring(number)
    supervisor = signed_in("supervisor")
    page = supervisor.get("/callers").text
    assert f"{OFTEN} calls within a day" in page and CALLER not in page
    contact = session.scalars(sa.select(Contact)).one()
    assert post(supervisor, f"/callers/{contact.id}", do="turn_away").status_code == 302
    assert "Turned away until" in supervisor.get("/callers").text
    assert ring(50) == "Reject" and ring(51, OTHER) == "Gather"
    say("/sms/incoming", MessageSid="SM9", From=CALLER, To=line, Body="again and again")
    assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1  # kept
    assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0  # and in nobody's way
    post(supervisor, f"/callers/{contact.id}", do="let_in")
    assert ring(52) == "Gather"
    acts = session.scalars(sa.select(AuditRow.action).where(AuditRow.subject == "contacts")).all()
    assert acts[-2:] == ["turned away", "let in again"]
    assert post(supervisor, f"/callers/{contact.id}", do="nonsense").status_code == 400
