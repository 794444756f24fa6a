"""Danger that nobody holds is told to supervisors at once, and again until somebody takes it."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Line, Report
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.alarm import promise_alarms
from tests.carrier_says import CALLER, LINE, CallFrom, Say
from tests.carriers import RunningCarrier
from tests.signing_in import SignIn, make_member, post
from workers.tools import Tools
from workers.work_due import keep_due

FIRST, SECOND = "+66811111111", "+66822222222"


def _supervisor(session: Session, name: str, phone: str, *, takes_calls: bool = True, duty: str = "") -> User:
    member = make_member(session, "supervisor", ("my", "th"), name)
    member.phone, member.takes_calls, member.duty = phone, takes_calls, duty
    session.commit()
    return member


def _tell(
    session: Session, settings: Settings, carrier: RunningCarrier, minutes: int = 0
) -> list[tuple[str, str]]:
    """What goes out when the sweep looks, so many minutes later; (to, words) of all texts by now."""
    session.rollback()
    if minutes:
        earlier = Report.received_at - sa.func.make_interval(0, 0, 0, 0, 0, minutes)
        session.execute(sa.update(Report).values(received_at=earlier))
    for _ in range(3):  # the sweep looks every second
        promise_alarms(session, settings, utcnow())
    session.commit()
    keep_due(Tools(settings.model_copy(update={"twilio_api_url": carrier.url})))
    return [(text.to, text.body) for text in carrier.exchange.texts.values()]


def test_who_is_on_duty_is_told_once_a_round_until_somebody_takes_it(
    call: CallFrom, session: Session, settings: Settings, carrier: RunningCarrier, signed_in: SignIn
) -> None:
    _supervisor(session, "Somchai", FIRST)
    _supervisor(session, "Asleep", SECOND, takes_calls=False)
    call.record(call.to_the_microphone("1", "2"), sid="RE1")
    told = _tell(session, settings, carrier)
    assert [to for to, _ in told] == [FIRST]
    report = session.scalars(sa.select(Report)).one()
    words = told[0][1]
    assert report.reference[:3] in words and CALLER not in words and "hotline" not in words.lower()
    assert len(_tell(session, settings, carrier)) == 1
    assert len(_tell(session, settings, carrier, settings.danger_minutes)) == 2
    session.execute(sa.update(Report).values(state="waiting"))
    session.commit()
    post(signed_in("transcriber", ("my",)), f"/reports/{report.id}/claim")
    assert len(_tell(session, settings, carrier, settings.danger_minutes)) == 2


def test_with_nobody_on_duty_every_supervisor_is_told(
    call: CallFrom, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    _supervisor(session, "One", FIRST, takes_calls=False)
    _supervisor(session, "Two", SECOND, takes_calls=False)
    call.record(call.to_the_microphone("1", "2"), sid="RE1")
    assert sorted(to for to, _ in _tell(session, settings, carrier)) == [FIRST, SECOND]


def test_what_is_no_danger_wakes_nobody(
    call: CallFrom, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    _supervisor(session, "Somchai", FIRST)
    call.record(call.to_the_microphone("1", "1"), sid="RE1")
    assert _tell(session, settings, carrier) == []


@pytest.mark.parametrize("keys", [("1", "2"), ("0",), ("1", "0")])
def test_danger_is_told_from_the_microphone_on_and_until_somebody_takes_it(
    keys: tuple[str, ...], call: CallFrom, session: Session, settings: Settings, carrier: RunningCarrier,
    signed_in: SignIn,
) -> None:  # fmt: skip
    _supervisor(session, "Somchai", FIRST)
    call.to_the_microphone(*keys)
    assert [to for to, _ in _tell(session, settings, carrier)] == [FIRST], "before a word is said"
    call.say("/voice/status", CallSid=call.sid, CallStatus="completed", SequenceNumber="4")
    assert len(_tell(session, settings, carrier, settings.danger_minutes)) == 2, "hung up, and nobody looked"
    report = session.scalars(sa.select(Report)).one()
    post(signed_in("transcriber", (report.language,)), f"/reports/{report.id}/claim")
    assert len(_tell(session, settings, carrier, settings.danger_minutes)) == 2


def test_what_is_said_then_is_the_same_danger_and_never_told_twice(
    call: CallFrom, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    _supervisor(session, "Somchai", FIRST)
    microphone = call.to_the_microphone("1", "2")
    assert len(_tell(session, settings, carrier)) == 1
    review = call.record(microphone, sid="RE1")
    assert len(_tell(session, settings, carrier)) == 1
    call.record(call.press(review, "2"), sid="RE2")  # said anew: a second message of the same danger
    assert len(session.scalars(sa.select(Report)).all()) == 2
    assert len(_tell(session, settings, carrier)) == 1
    assert len(_tell(session, settings, carrier, settings.danger_minutes)) == 2


def test_a_recording_that_never_comes_does_not_silence_it(
    call: CallFrom, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    _supervisor(session, "Somchai", FIRST)
    call.record(call.to_the_microphone("1", "2"), sid="RE1")
    assert len(_tell(session, settings, carrier)) == 1
    session.execute(sa.update(Report).values(state="not_received"))
    session.commit()
    assert len(_tell(session, settings, carrier, settings.danger_minutes)) == 2


@pytest.mark.parametrize("lines", [(), (LINE,)], ids=["no line at all", "another line"])
def test_a_number_in_no_line_alarms_too_and_the_text_comes_from_it(
    lines: tuple[str, ...], say: Say, line: str, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    if not lines:
        session.execute(sa.delete(Line))
        session.commit()
    _supervisor(session, "Somchai", FIRST)
    CallFrom(say, line="+6620000199").to_the_microphone("1", "2")
    assert session.scalars(sa.select(Report.line_id)).all() == [None]
    assert len(_tell(session, settings, carrier)) == 1
    assert [text.from_ for text in carrier.exchange.texts.values()] == ["+6620000199"]


def test_dialled_as_no_phone_it_is_told_from_another_line(
    say: Say, line: str, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    _supervisor(session, "Somchai", FIRST)
    CallFrom(say, line="1300").to_the_microphone("1", "2")
    assert len(_tell(session, settings, carrier)) == 1
    assert [text.from_ for text in carrier.exchange.texts.values()] == [LINE]
