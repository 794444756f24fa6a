"""Calls are placed within what we can pay, whoever rings, and no flood of rings takes them from who asked."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.carrier.numbers import may_be_called
from hotline.db import utcnow
from hotline.intake.models import Line
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from hotline.webhooks.switchboard import KEY
from tests.callbacks.calling import Ring, placed
from tests.carrier_says import CALLER, CallFrom, Say
from tests.carriers import RunningCarrier
from tests.signing_in import SignIn, post
from workers.tools import Tools
from workers.work_due import keep_due


@pytest.mark.parametrize("caller", ["anonymous", "+19005551234", "+4915112345678", "Bank"])
def test_who_cannot_be_called_is_answered_instead(ring: Ring, session: Session, caller: str) -> None:
    assert "Gather" in ring("CA1", caller)
    assert session.scalars(sa.select(Callback)).all() == []


def test_dear_numbers_and_other_countries_are_not_called() -> None:
    home = ("66", "95", "1")
    assert may_be_called("+66812345678", home) and may_be_called("+959250000000", home)
    assert not may_be_called("+19005551234", home), "premium rate"
    assert not may_be_called("+66812345678", ("95",)) and not may_be_called("12345", home)
    for more in ("", "8", "89", "890"):
        assert not may_be_called(f"+628091234567{more}", ("62",)), "premium rate, with digits too many"
    assert may_be_called("+628123456789", ("62",))


def test_beyond_three_rings_a_day_a_number_is_answered_instead_and_staff_see_it(
    ring: Ring, session: Session, signed_in: SignIn
) -> None:
    for number in range(5):
        for _ in range(2):  # told twice
            assert ring(f"CA{number}") == (["Reject"] if number < 3 else ["Gather", "Redirect"])
        session.execute(sa.update(Callback).where(Callback.state == "due").values(state="reached"))
        session.commit()
    states = session.scalars(sa.select(Callback.state)).all()
    assert sorted(states) == ["reached"] * 3 + ["refused"] * 2
    assert "beyond what we call" in signed_in("supervisor").get("/callbacks").text


def test_a_number_is_rung_no_more_than_three_times_a_day_tries_included(
    ring: Ring, say: Say, known: Settings, carrier: RunningCarrier, session: Session
) -> None:
    for number in range(4):
        ring(f"CA{number}")
        for attempt in range(1, 4):
            session.execute(sa.update(OutboxRow).values(due_at=utcnow()))
            session.commit()
            keep_due(Tools(known))
            session.expire_all()
            for owed in session.scalars(sa.select(Callback).where(Callback.state == "calling")):
                say(f"/voice/called?c={owed.id}&n={attempt}", CallSid="CAx", CallStatus="busy")
        if number == 0:  # it was taken at the second try
            session.execute(sa.update(Callback).values(attempts=2, state="reached"))
            session.commit()
            del carrier.exchange.calls[next(iter(carrier.exchange.calls))]
    assert len(placed(carrier)) == 3


def test_a_thousand_forged_rings_cost_no_more_than_the_days_calls(
    app: Flask, ring: Ring, known: Settings, carrier: RunningCarrier, session: Session
) -> None:
    for number in range(1000):
        assert ring(f"CA{number}", f"+668{number:08d}") == ["Reject"]
    keep_due(Tools(known.model_copy(update={"callbacks_a_day": 7})))
    assert len(placed(carrier)) == 7
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).where(Callback.state == "refused")) == 993


def _asks(call: CallFrom, session: Session) -> Callback:
    """They ask to be called now."""
    call.press(call.to_the_microphone("1", "4", "1", "1"), "2")
    return session.scalars(sa.select(Callback).where(Callback.why == "asked")).one()


def test_rings_that_spent_the_days_calls_take_none_from_who_asked(
    call: CallFrom, ring: Ring, known: Settings, carrier: RunningCarrier, session: Session, signed_in: SignIn,
    app: Flask,
) -> None:  # fmt: skip
    session.execute(sa.update(Line).values(answer_mode="answer"))
    session.commit()
    app.extensions[KEY].lines._lines._looked_at = float("-inf")
    owed = _asks(call, session)
    session.execute(sa.update(Line).values(answer_mode="call_back"))
    session.commit()
    app.extensions[KEY].lines._lines._looked_at = float("-inf")
    for number in range(5):
        ring(f"CR{number}", f"+668{number:08d}")
    tools = Tools(known.model_copy(update={"callbacks_a_day": 2}))
    keep_due(tools)
    assert len(placed(carrier)) == 2
    caseworker = signed_in("caseworker")
    post(caseworker, "/me/calls", phone="+66899999999", duty="")
    post(caseworker, f"/callbacks/{owed.id}/call")
    keep_due(tools)
    assert len(placed(carrier)) == 3 and placed(carrier)[-1] == CALLER


def test_what_is_asked_beyond_the_days_calls_stays_owed_and_staff_are_told(
    call: CallFrom, known: Settings, carrier: RunningCarrier, session: Session, signed_in: SignIn, app: Flask
) -> None:
    owed = _asks(call, session)
    caseworker = signed_in("caseworker")
    post(caseworker, "/me/calls", phone="+66899999999", duty="")
    post(caseworker, f"/callbacks/{owed.id}/call")
    spent = {"callbacks_a_day": 0}
    keep_due(Tools(known.model_copy(update=spent)))
    session.expire_all()
    assert placed(carrier) == [] and owed.state == "due"
    settings = app.extensions["hotline.settings"]
    app.extensions["hotline.settings"] = settings.model_copy(update=spent)
    post(caseworker, f"/callbacks/{owed.id}/call")
    assert "it stays owed" in caseworker.get("/callbacks").text


def test_a_ring_is_answered_once_the_days_calls_are_spent(
    ring: Ring, tools: Tools, session: Session, app: Flask
) -> None:
    assert ring("CA1") == ["Reject"]
    keep_due(tools)
    board = app.extensions[KEY]
    app.extensions[KEY] = replace(board, settings=board.settings.model_copy(update={"callbacks_a_day": 1}))
    assert "Gather" in ring("CA2", "+66890000001")


def test_who_asked_is_seen_above_whatever_many_rings(
    call: CallFrom, session: Session, signed_in: SignIn
) -> None:
    owed = _asks(call, session)
    session.execute(
        sa.text(
            "INSERT INTO callbacks (id, contact_id, line_id, call_sid, why, asked_at, not_before, state, attempts,"
            " rehearsal) SELECT gen_random_uuid(), contact_id, line_id, 'CR' || n, 'ring', asked_at, not_before -"
            " interval '1 hour', 'due', 0, false FROM callbacks, generate_series(1, 120) AS n"
        )
    )
    session.commit()
    page = signed_in("caseworker").get("/callbacks").text
    assert str(owed.id) in page and page.index("Asked to be called") < page.index("Rang once")


def test_a_dear_number_is_not_called_whoever_asked_for_it(
    call: CallFrom, known: Settings, carrier: RunningCarrier, session: Session, signed_in: SignIn
) -> None:
    owed = _asks(call, session)
    caseworker = signed_in("caseworker")
    post(caseworker, "/me/calls", phone="+66899999999", duty="")
    post(caseworker, f"/callbacks/{owed.id}/call")
    elsewhere = known.model_copy(update={"callback_countries": ("95",)})
    keep_due(Tools(elsewhere))
    session.expire_all()
    assert placed(carrier) == [] and owed.state == "refused"
