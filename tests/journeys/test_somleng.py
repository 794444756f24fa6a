"""The journeys again, through a carrier with all of Somleng's gaps: what it cannot do ends at the microphone.

Read from Somleng's code, not run against it (hotline/carrier/known/somleng.yaml).
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.db import utcnow
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Call, Line, Message, Recording, Report
from hotline.preflight.conform import conform
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from tests.journeys.running import Running, go_to_the_tone, press_in_turn, run_hotline, wait_until
from tests.journeys.test_call_to_ready import voice  # noqa: F401
from tests.signing_in import make_member

LINE, FREE = "+6620000142", "+6620000143"
CALLER, COLLEAGUE = "+66812345678", "+66811111111"


@pytest.fixture
def somleng(settings: Settings, session: Session) -> Settings:
    """Two lines, one of them calling back at any hour; a colleague on duty who speaks Burmese."""
    for number, mode in ((LINE, "answer"), (FREE, "call_back")):
        more = {"tree": "main", "languages": ["my", "th"], "answer_mode": mode, "added_at": utcnow()}
        session.add(Line(number=number, name=number, **more))
    thiri = make_member(session, "transcriber", ("my",), "Thiri")
    thiri.phone, thiri.takes_calls = COLLEAGUE, True
    session.commit()
    given = {
        "carrier": "somleng",
        "media_hosts": ("localhost",),
        "callback_hours": "mon-sun 00:00-23:59",
        "reconcile_seconds": 2,
    }
    return settings.model_copy(update=given)


@pytest.fixture
def running(somleng: Settings, data: Path) -> Iterator[Running]:
    with run_hotline(somleng, data, lines=f"{LINE},{FREE}", gaps="somleng", speed="10") as hotline:
        yield hotline
        assert hotline.server_errors() == []


def _reports(session: Session) -> list[Report]:
    session.rollback()
    return list(session.scalars(sa.select(Report).order_by(Report.received_at)))


def _ready(session: Session, count: int) -> bool:
    found = _reports(session)
    return len(found) >= count and all(one.state == "waiting" for one in found)


def _recordings(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(sa.select(Recording.at_carrier)))


def test_voicemail_danger_silence_and_transfer_all_reach_the_microphone(
    running: Running,
    session: Session,
    voice: bytes,  # noqa: F811
) -> None:
    phone = Phone(running.phone_url)
    phone.set_answer(COLLEAGUE, "answers")  # a voicemail of hers would take the call: she is not rung
    journeys = {"voicemail": "11", "danger": "12", "nothing pressed": "", "transfer": "143"}
    ended = {
        name: phone.play(from_=f"+6681234560{at}", to=LINE, keys=keys, speak=voice)
        for at, (name, keys) in enumerate(journeys.items())
    }
    for name, state in ended.items():
        verbs = [entry["verb"] for entry in state["log"]]
        assert "Record" in verbs and "Dial" not in verbs, name
        assert str(uuid.UUID(state["sid"])) == state["sid"]
    wait_until(lambda: _ready(session, 4), 30, "four reports are ready")
    found = _reports(session)
    by_call = {report.call_sid: report for report in found}
    assert len(found) == len(by_call) == 4, (
        "the action and the callback tell of one recording, and it is one report"
    )
    urgencies = {name: by_call[state["sid"]].urgency for name, state in ended.items()}
    assert urgencies["danger"] == "danger" and urgencies["voicemail"] == "standard"
    chosen = {name: by_call[state["sid"]].language_chosen for name, state in ended.items()}
    assert chosen["voicemail"] and not chosen["nothing pressed"]
    wait_until(
        lambda: _recordings(session) == ["kept"] * 4, 20, "it is written down that the carrier keeps a copy"
    )
    assert len(phone.held_recordings()) == 4
    assert session.scalars(sa.select(Recording.verdict)).all() == ["speech"] * 4


def test_a_text_comes_in_and_its_answer_goes_out_until_they_say_stop(
    running: Running, session: Session
) -> None:
    phone = Phone(running.phone_url)

    def theirs() -> list[str]:
        return [text["body"] for text in phone.thread(CALLER) if not text["mine"]]

    phone.text(from_=CALLER, to=LINE, body="The boss keeps my passport.")
    wait_until(lambda: len(theirs()) == 1, 20, "the answer is there")
    assert _ready(session, 1) and _reports(session)[0].contact.number == CALLER
    phone.text(from_=CALLER, to=LINE, body="STOP")  # the carrier does nothing about it: we do
    wait_until(lambda: _refuses(session), 10, "they want no texts")
    phone.text(from_=CALLER, to=LINE, body="One thing more.")
    wait_until(lambda: len(_bodies(session)) == 3, 10, "it is kept all the same")
    assert len(theirs()) == 1


def _refuses(session: Session) -> bool:
    session.rollback()
    return any(report.contact.refuses_texts_since for report in _reports(session))


def _bodies(session: Session) -> list[Message]:
    session.rollback()
    return list(session.scalars(sa.select(Message).where(Message.direction == "in")))


def test_who_rings_once_is_called_back_and_heard(
    running: Running,
    session: Session,
    voice: bytes,  # noqa: F811
) -> None:
    phone = Phone(running.phone_url)
    phone.wait_until_ended(phone.dial(from_=CALLER, to=FREE))
    wait_until(lambda: any(one["to"] == CALLER for one in phone.calls()), 20, "the phone rings")
    (back,) = (one["sid"] for one in phone.calls() if one["to"] == CALLER)
    press_in_turn(phone, back, "1", "1", "1")  # it is me; Burmese; leave a message
    go_to_the_tone(phone, back)
    phone.speak(back, voice)
    wait_until(lambda: _ready(session, 1), 20, "the report is ready")
    assert _reports(session)[0].contact.number == CALLER
    assert session.scalars(sa.select(Callback.state)).one() == "reached"


def test_what_webhooks_lost_is_taken_in_from_lists_without_filters(
    running: Running,
    session: Session,
    voice: bytes,  # noqa: F811
) -> None:
    phone = Phone(running.phone_url)
    sid = phone.dial(from_=CALLER, to=LINE)
    press_in_turn(phone, sid, "1", "1")
    go_to_the_tone(phone, sid)
    running.processes["web"].terminate()  # nobody is there to be told of what follows
    running.processes["web"].wait(20)
    phone.speak(sid, voice)
    phone.wait_until_ended(sid)
    lost = phone.text(from_=CALLER, to=LINE, body="Nobody heard this.")
    wait_until(lambda: _ready(session, 2), 60, "the voicemail and the text are taken in")
    assert {report.call_sid for report in _reports(session)} == {sid, None}
    assert lost in {message.sid for message in _bodies(session)}
    session.expire_all()
    assert session.get_one(Call, sid).ended_at is not None
    ledger = keep_ledger(session)
    assert (ledger.stored, ledger.not_received, ledger.texts) == (1, 0, 1)


def test_its_profile_is_proved_beside_the_hotline_that_runs(running: Running, somleng: Settings) -> None:
    known = somleng.model_copy(update={"twilio_api_url": running.phone_url})
    answers = conform(known)
    assert [finding.says for answer in answers for finding in answer.findings if finding.wrong] == []
