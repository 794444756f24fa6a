"""Danger that nobody holds is told to supervisors at once, and again until somebody takes it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.alarm import promise_alarms
from tests.carrier_says import CALLER, CallFrom
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
