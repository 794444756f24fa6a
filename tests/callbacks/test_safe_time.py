"""Who named a part of the day is called in it, that day or a later one, and at no other hour."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.callbacks import ask_callback as asking
from hotline.callbacks.models import Callback
from hotline.callbacks.safe_time import Window, next_safe
from hotline.db import utcnow
from hotline.intake.models import Line
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from tests.carrier_says import CallFrom
from tests.carriers import RunningCarrier, answers_lost
from tests.signing_in import SignIn, post
from workers.tools import Tools
from workers.work_due import keep_due

BANGKOK = ZoneInfo("Asia/Bangkok")
Wish = Callable[..., Callback]


@pytest.fixture
def wish(call: CallFrom, session: Session) -> Wish:
    """Somebody asked to be called this evening, and the evening is or was from then until then."""

    def asked(begins: timedelta, ends: timedelta) -> Callback:
        call.press(call.to_the_microphone("1", "4", "1", "1"), "2")  # now: the evening may be over
        now = utcnow()
        this = {"wished": "this_evening", "not_before": now + begins, "safe_until": now + ends}
        session.execute(sa.update(Callback).values(this))
        session.commit()
        return session.scalars(sa.select(Callback)).one()

    return asked


@pytest.fixture
def caseworker(signed_in: SignIn) -> FlaskClient:
    """With a phone, to be put through to."""
    browser = signed_in("caseworker")
    assert post(browser, "/me/calls", phone="+66899999999", duty="").status_code == 302
    return browser


def _at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("until", "now", "begins", "ends"),
    [
        ("2026-11-25T21:00", "2026-11-25T10:00", "2026-11-25T19:00", "2026-11-25T21:00"),
        ("2026-11-25T21:00", "2026-11-25T20:59", "2026-11-25T19:00", "2026-11-25T21:00"),
        ("2026-11-25T21:00", "2026-11-25T21:00", "2026-11-26T19:00", "2026-11-26T21:00"),
        ("2026-11-25T21:00", "2026-11-26T09:00", "2026-11-26T19:00", "2026-11-26T21:00"),
        ("2026-11-25T21:00", "2026-12-01T20:00", "2026-12-01T19:00", "2026-12-01T21:00"),
        ("2026-11-26T01:00", "2026-11-26T00:30", "2026-11-25T19:00", "2026-11-26T01:00"),
        ("2026-11-26T01:00", "2026-11-26T03:00", "2026-11-26T19:00", "2026-11-27T01:00"),
    ],
)
def test_a_window_that_is_over_opens_again_in_the_same_part_of_the_next_day(
    settings: Settings, until: str, now: str, begins: str, ends: str
) -> None:
    asked = Callback(
        line=Line(zone="Asia/Bangkok"), not_before=_at("2026-11-25T19:00"), safe_until=_at(until)
    )
    assert next_safe(asked, settings, _at(now).astimezone(UTC)) == Window(_at(begins), _at(ends))


@pytest.mark.parametrize(
    ("now", "begins"), [("2026-11-26T12:00", "2026-11-26T12:00"), ("2026-11-26T03:00", "2026-11-26T08:30")]
)
def test_who_named_no_time_is_called_in_our_hours(settings: Settings, now: str, begins: str) -> None:
    known = settings.model_copy(update={"callback_hours": "mon-sun 08:00-21:00"})
    owed = Callback(line=Line(zone="Asia/Bangkok"), not_before=_at("2026-11-25T19:00"), safe_until=None)
    assert next_safe(owed, known, _at(now)).begins == _at(begins)


def test_the_next_morning_it_is_not_safe_any_more_and_staff_see_when_it_is(
    wish: Wish, caseworker: FlaskClient, session: Session
) -> None:
    owed = wish(-timedelta(hours=13), -timedelta(hours=11))
    page = caseworker.get("/callbacks").text
    assert "They said: this evening." in page and "Not safe now. Safe from" in page
    assert "Safe now" not in page and "Call now" not in page
    post(caseworker, f"/callbacks/{owed.id}/call")
    assert "not safe to call yet: they said this evening." in caseworker.get("/callbacks").text
    assert session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "call_back")).all() == []


def test_within_the_window_it_is_safe_and_staff_see_until_when(wish: Wish, caseworker: FlaskClient) -> None:
    wish(-timedelta(minutes=5), timedelta(minutes=55))
    page = caseworker.get("/callbacks").text
    assert "Safe now, until" in page and "Call now" in page


def test_now_is_not_safe_on_another_day_and_staff_see_that_nobody_said_so(
    wish: Wish, caseworker: FlaskClient, session: Session
) -> None:
    wish(-timedelta(days=3, minutes=5), timedelta(days=-3, minutes=55))
    session.execute(sa.update(Callback).values(wished="now"))
    session.commit()
    page = caseworker.get("/callbacks").text
    assert "They said: now, which is over" in page and "Perhaps safe now, until" in page
    assert "Safe now" not in page


def test_what_was_said_last_holds_for_every_call_that_the_phone_is_owed(
    call: CallFrom, session: Session, settings: Settings
) -> None:
    call.press(call.to_the_microphone("1", "4", "1", "1"), "1")  # now, and a text is safe
    owed = session.scalars(sa.select(Callback)).one()
    asker = asking.Asker("CA2", owed.contact, owed.line_id, rehearsal=False)
    wish = asking.Wish("tomorrow_morning", False)
    countries = settings.callback_countries
    assert asking.ask_callback(session, asker, wish, "my", "Asia/Bangkok", countries, utcnow())
    session.commit()
    session.expire_all()
    said = sa.select(Callback.wished, Callback.text_safe)
    assert set(map(tuple, session.execute(said))) == {("tomorrow_morning", False)}
    first, second = session.scalars(sa.select(Callback).order_by(Callback.asked_at))
    assert first.not_before == second.not_before > utcnow()


def test_a_call_that_would_be_placed_too_late_is_left_for_staff_to_place_in_the_next_window(
    wish: Wish, caseworker: FlaskClient, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    tools = Tools(settings.model_copy(update={"twilio_api_url": carrier.url}))
    owed = wish(-timedelta(minutes=5), timedelta(minutes=55))
    post(caseworker, f"/callbacks/{owed.id}/call")
    session.execute(sa.update(Callback).values(safe_until=utcnow()))  # no worker ran for an hour
    session.commit()
    keep_due(tools)
    assert carrier.exchange.calls == {} and session.scalars(sa.select(Callback.state)).one() == "due"
    session.execute(sa.update(Callback).values(safe_until=utcnow() + timedelta(minutes=55)))
    session.commit()
    post(caseworker, f"/callbacks/{owed.id}/call")
    keep_due(tools)
    assert len(carrier.exchange.calls) == 1


@pytest.mark.parametrize("was_taken", [False, True])
def test_a_window_that_closes_between_two_attempts_is_closed_for_the_second(
    wish: Wish, caseworker: FlaskClient, session: Session, settings: Settings, carrier: RunningCarrier,
    was_taken: bool,
) -> None:  # fmt: skip
    tools = Tools(settings.model_copy(update={"twilio_api_url": carrier.url}))
    owed = wish(-timedelta(minutes=5), timedelta(minutes=55))
    post(caseworker, f"/callbacks/{owed.id}/call")
    with answers_lost("place_call", taken=was_taken):
        keep_due(tools)
    session.execute(sa.update(Callback).values(safe_until=utcnow()))
    session.execute(sa.update(OutboxRow).values(due_at=utcnow()))
    session.commit()
    keep_due(tools)
    assert len(carrier.exchange.calls) == was_taken
    assert session.scalars(sa.select(Callback.state)).one() == ("calling" if was_taken else "due")
    if not was_taken:  # and staff call in the next one
        session.execute(sa.update(Callback).values(safe_until=utcnow() + timedelta(minutes=55)))
        session.commit()
        post(caseworker, f"/callbacks/{owed.id}/call")
        keep_due(tools)
        assert len(carrier.exchange.calls) == 1
