"""Staff and a worker are brought together: once the right key was pressed, each hidden from the other."""

import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.webhooks.switchboard import KEY
from tests.callbacks.calling import owed_call, placed
from tests.carrier_says import CALLER, CallFrom, Document, Say
from tests.carriers import RunningCarrier
from tests.signing_in import SignIn, post
from workers.tools import Tools
from workers.work_due import keep_due


def test_staff_call_when_it_is_safe_and_are_put_through_once_the_key_is_pressed(
    call: CallFrom,
    say: Say,
    line: str,
    tools: Tools,
    carrier: RunningCarrier,
    session: Session,
    signed_in: SignIn,
) -> None:
    call.press(call.to_the_microphone("1", "4", "1", "3"), "2")
    owed = owed_call(session)
    caseworker = signed_in("caseworker")
    assert "Safe from" in caseworker.get("/callbacks").text
    post(caseworker, f"/callbacks/{owed.id}/call")
    assert "not safe to call yet" in caseworker.get("/callbacks").text
    session.execute(sa.update(Callback).values(not_before=utcnow()))
    session.commit()
    post(caseworker, f"/callbacks/{owed.id}/call")
    assert "your phone’s number" in caseworker.get("/callbacks").text.replace("Write your", "your")
    assert post(caseworker, "/me/calls", phone="+66 89 999 9999", duty="").status_code == 302
    post(caseworker, f"/callbacks/{owed.id}/call")
    post(caseworker, f"/callbacks/{owed.id}/call")  # pressed twice
    keep_due(tools)
    assert placed(carrier) == [CALLER]
    fields = {
        "CallSid": owed_call(session).outgoing_sid or "",
        "From": line,
        "To": CALLER,
        "Direction": "outbound-api",
    }
    through = Document(say(f"/voice/answered?c={owed.id}", **fields, Digits="1"))
    dial = through.find("Dial")
    assert dial.attrib["callerId"] == line and [number.text for number in dial] == ["+66899999999"]
    asked = Document(say("/voice/accept", CallSid="CAchild", ParentCallSid="x"))
    assert asked.verbs == ["Gather", "Hangup"]
    assert Document(say("/voice/accepted", Digits="1")).verbs == []
    assert Document(say("/voice/accepted", Digits="")).verbs == ["Hangup"]
    nobody = Document(say(through.next("Dial"), **fields, DialCallStatus="no-answer"))
    assert "Gather" in nobody.verbs, "their person is heard all the same"
    post(caseworker, f"/callbacks/{owed.id}/call")
    assert "under way already, or over" in caseworker.get("/callbacks").text
    assert caseworker.get("/callbacks").status_code == 200
    assert post(caseworker, f"/callbacks/{uuid.uuid4()}/call").status_code == 404


def test_a_caller_is_put_through_to_whom_is_on_duty_in_their_language(
    app: Flask, call: CallFrom, say: Say, line: str, session: Session, signed_in: SignIn
) -> None:
    nobody = call.to_the_microphone("1", "4", "3")
    assert "Record" in nobody.verbs
    thiri = signed_in("transcriber", ("my",), "Thiri")
    assert post(thiri, "/me/calls", phone="0812", takes_calls="1").status_code == 400
    assert post(thiri, "/me/calls", phone="+66811111111", takes_calls="1", duty="mon 9").status_code == 400
    assert post(thiri, "/me/calls", phone="+66811111111", takes_calls="1").status_code == 302
    board = app.extensions[KEY]
    board.duty._takers._looked_at = float("-inf")
    burmese = CallFrom(say, sid="CA2", caller="+66890000002").to_the_microphone("1", "4", "3")
    assert [number.text for number in burmese.find("Dial")] == ["+66811111111"]
    assert burmese.find("Dial").attrib["callerId"] == line
    thai = CallFrom(say, sid="CA3", caller="+66890000001").to_the_microphone("2", "4", "3")
    assert "Record" in thai.verbs, "nobody on duty speaks Thai"
    for bridged, verb in (("true", "Hangup"), ("false", "Record")):
        after = say(burmese.next("Dial"), CallSid="CA2", From=CALLER, To=line, DialBridged=bridged)
        assert verb in Document(after).verbs
    somleng = board.settings.model_copy(update={"twilio_api_url": "https://api.somleng.org"})
    app.extensions[KEY] = replace(board, settings=somleng)  # which cannot ask staff for a key first
    answered = CallFrom(say, sid="CA4", caller="+66890000003").to_the_microphone("1", "4", "3")
    assert "Record" in answered.verbs


@pytest.mark.parametrize("pressed", ["2", "#", "*", "0", "11"])
def test_staff_who_press_another_key_are_rung_off_and_their_caller_is_heard(
    app: Flask, call: CallFrom, say: Say, line: str, signed_in: SignIn, session: Session, pressed: str
) -> None:
    thiri = signed_in("transcriber", ("my",), "Thiri")
    assert post(thiri, "/me/calls", phone="+66811111111", takes_calls="1").status_code == 302
    app.extensions[KEY].duty._takers._looked_at = float("-inf")
    rung = call.to_the_microphone("1", "4", "3")
    leg = {"CallSid": "CAleg", "ParentCallSid": call.sid}
    assert Document(say("/voice/accept", **leg)).verbs == ["Gather", "Hangup"]
    assert Document(say("/voice/accepted", **leg, Digits=pressed)).verbs == ["Hangup"]
    told = {
        "DialCallStatus": "completed",
        "DialBridged": "false",
        "DialCallSid": "CAleg",
    }  # a leg that was answered
    after = Document(say(rung.next("Dial"), **call.fields, **told))
    assert "Record" in after.verbs
    call.record(after)
    assert session.scalars(sa.select(Report.state)).all() == ["arriving"]


def test_where_staff_cannot_be_asked_for_a_key_who_is_called_is_heard_instead(
    app: Flask,
    call: CallFrom,
    say: Say,
    line: str,
    tools: Tools,
    carrier: RunningCarrier,
    session: Session,
    signed_in: SignIn,
) -> None:
    board = app.extensions[KEY]
    somleng = board.settings.model_copy(update={"carrier": "somleng"})
    app.extensions[KEY], app.extensions["hotline.settings"] = replace(board, settings=somleng), somleng
    call.press(call.to_the_microphone("1", "4", "1", "3"), "2")
    session.execute(sa.update(Callback).values(not_before=utcnow()))
    session.commit()
    caseworker = signed_in("caseworker")
    assert post(caseworker, "/me/calls", phone="+66899999999", duty="").status_code == 302
    owed = owed_call(session)
    post(caseworker, f"/callbacks/{owed.id}/call")
    assert "cannot put you through" in caseworker.get("/callbacks").text
    keep_due(tools)
    assert placed(carrier) == [CALLER]
    fields = {"From": line, "To": CALLER, "Direction": "outbound-api"}
    outgoing = owed_call(session).outgoing_sid or ""
    answered = Document(say(f"/voice/answered?c={owed.id}", CallSid=outgoing, Digits="1", **fields))
    assert "Gather" in answered.verbs and "Dial" not in answered.verbs
