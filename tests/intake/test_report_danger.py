"""A call in danger is one report from the microphone on, in whatever order its webhooks come."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.casework.hand_in import hand_in
from hotline.db import make_sessions, utcnow
from hotline.flow.reference import reference_of
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Report
from hotline.intake.reconcile import Reconciler
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.claim_report import claim_report
from hotline.transcription.list_reports import list_reports
from hotline.transcription.save_draft import save_draft
from hotline.transcription.segments import Segment
from hotline.writer import Writer
from tests.carrier_says import CALLER, CallFrom, Document, Say
from tests.carriers import RunningCarrier
from tests.intake.test_take_in_recording import VOICE
from tests.signing_in import make_member
from tests.webhooks.test_replays import _tell
from workers.tools import Tools
from workers.work_due import keep_due

LASTS = timedelta(minutes=30)


def _reports(session: Session) -> list[Report]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(Report).order_by(Report.received_at)))


def _hang_up(call: CallFrom) -> None:
    call.say("/voice/status", CallSid=call.sid, CallStatus="completed", SequenceNumber="4")


def _write_down(session: Session, report: Report, member: User) -> None:
    now = utcnow()
    claim_report(session, report.id, member, now, LASTS)
    save_draft(session, report.id, member, [Segment(0.0, "", "called back")], 0, now, LASTS)
    hand_in(session, report.id, member, urgency="danger", category="other", case_id=None, now=now)
    session.commit()


@pytest.mark.parametrize("asked_again", [False, True])
def test_who_hangs_up_without_a_word_is_work_for_a_person(
    call: CallFrom, session: Session, asked_again: bool
) -> None:
    microphone = call.to_the_microphone("2", "0")
    if asked_again:  # nothing was heard, twice
        again = Document(call.say((microphone.find("Redirect").text or ""), **call.fields))
        call.say(again.find("Redirect").text or "", **call.fields)
    _hang_up(call)
    report = _reports(session)[0]
    assert len(_reports(session)) == 1
    assert (report.kind, report.urgency, report.state) == ("voice", "danger", "waiting")
    assert (report.language, report.language_chosen, report.recording_sid) == ("th", True, None)
    assert report.reference == reference_of(call.sid) and report.contact.number == CALLER
    ledger = keep_ledger(session)
    assert (ledger.reached_microphone, ledger.hung_up, ledger.stored) == (1, 1, 0)
    _write_down(session, report, make_member(session, languages=("th",)))
    assert [one["state"] for one in list_reports(session, utcnow())] == ["done"]


def test_who_is_in_no_danger_and_hangs_up_leaves_no_report(call: CallFrom, session: Session) -> None:
    call.to_the_microphone("1", "1")
    _hang_up(call)
    assert _reports(session) == [] and keep_ledger(session).hung_up == 1


def test_the_recording_joins_it_and_is_waited_for(call: CallFrom, session: Session) -> None:
    microphone = call.to_the_microphone("1", "2")
    first = _reports(session)[0].id
    call.record(microphone)
    joined = _reports(session)
    assert [(one.id, one.recording_sid, one.state) for one in joined] == [(first, "RE1", "arriving")]
    assert keep_ledger(session).arriving == 1


def test_told_in_every_order_and_again_it_is_one_report(say: Say, line: str, session: Session) -> None:
    def webhooks(call: CallFrom) -> list[tuple[str, dict[str, str]]]:
        recorded = {
            "RecordingSid": f"RE-{call.sid}",
            "RecordingDuration": "9",
            "RecordingStatus": "completed",
        }
        at = "at={node}&f=110&l=my&m=0&r={reference}&t=main&u={urgency}&w=0&z={turn}"
        menu = at.format(node="main_menu", reference="", urgency="s", turn=1)
        microphone = at.format(node="danger", reference=reference_of(call.sid), urgency="d", turn=2)
        return [
            ("/voice/incoming", call.fields),
            (f"/voice/step?{menu}", call.fields | {"Digits": "2"}),
            (f"/voice/recorded?{microphone}", call.fields | recorded),
            (f"/voice/recording?{microphone}", {"CallSid": call.sid} | recorded),
            ("/voice/status", call.fields | {"CallStatus": "completed", "SequenceNumber": "4"}),
        ]

    orders = list(itertools.permutations(range(5)))
    for number, order in enumerate(orders):
        told = webhooks(CallFrom(say, f"CA{number}", f"+6681{number:07d}"))
        for at in (*order, *order):
            assert say(told[at][0], **told[at][1]).status_code == 200
    found = [(one.call_sid, one.recording_sid, one.state, one.urgency) for one in _reports(session)]
    assert sorted(found) == sorted(
        (f"CA{number}", f"RE-CA{number}", "arriving", "danger") for number in range(len(orders))
    )
    ledger = keep_ledger(session)
    assert (ledger.calls, ledger.arriving) == (len(orders), len(orders))


def test_what_is_said_anew_is_a_report_of_its_own_as_ever(call: CallFrom, session: Session) -> None:
    review = call.record(call.to_the_microphone("1", "2"), sid="RE1")
    call.record(call.press(review, "2"), sid="RE2")
    assert [(one.recording_sid, one.urgency) for one in _reports(session)] == [
        ("RE1", "danger"),
        ("RE2", "danger"),
    ]


def test_what_was_said_waits_to_be_heard_though_somebody_was_done_with_it(
    call: CallFrom, session: Session, settings: Settings, carrier: RunningCarrier, tmp_path: Path
) -> None:
    member = make_member(session)
    carrier.hold("RE1", VOICE, call.sid)
    microphone = call.to_the_microphone("1", "2")
    _write_down(session, _reports(session)[0], member)
    call.record(microphone, seconds="3")
    tools = Tools(
        settings.model_copy(update={"twilio_api_url": carrier.url, "media_url": f"file:{tmp_path}"})
    )
    keep_due(tools)
    report = _reports(session)[0]
    assert (len(_reports(session)), report.state, report.done_at, report.recording_sid) == (
        1,
        "waiting",
        None,
        "RE1",
    )
    assert keep_ledger(session).stored == 1


def test_the_carrier_tells_of_the_recording_alone_and_it_joins(
    call: CallFrom, session: Session, settings: Settings, carrier: RunningCarrier, engine: sa.Engine
) -> None:
    call.to_the_microphone("1", "2")
    carrier.called(call.sid, CALLER, call.fields["To"])
    carrier.hold("RE1", VOICE, call.sid)
    for _ in range(2):
        Reconciler(make_sessions(engine), Writer(settings), carrier.client, settings).compare()
    assert [(one.recording_sid, one.urgency) for one in _reports(session)] == [("RE1", "danger")]


def test_told_at_once_from_everywhere_it_is_one_report(
    app: Flask, settings: Settings, say: Say, line: str, session: Session
) -> None:
    for number in range(10):
        call = CallFrom(say, f"CA{number}", f"+6681{number:07d}")
        call.start()
        at = f"f=110&l=my&m=0&r={reference_of(call.sid)}&t=main&w=0"
        told = [
            (f"/voice/step?at=main_menu&{at}&u=s&z=1", call.fields | {"Digits": "2"}),
            *((f"/voice/recorded?at=danger&{at}&u=d&z=2",
               call.fields | {"RecordingSid": f"RE{number}{one}", "RecordingDuration": "9"}) for one in "ab"),
        ]  # fmt: skip
        with ThreadPoolExecutor(12) as carriers:
            codes = list(carriers.map(lambda one: _tell(app, settings, *one), told * 8))
        assert set(codes) == {200}
    found = [(one.call_sid, one.recording_sid) for one in _reports(session)]
    assert sorted(found) == [(f"CA{number}", f"RE{number}{one}") for number in range(10) for one in "ab"]
