"""Who rings once is called once, and who asks is called when it is safe: from the ring to the key and after."""

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.callbacks.owe_call import owe_call
from hotline.callbacks.place_call import ATTEMPTS
from hotline.db import utcnow
from hotline.intake.models import Call, CarrierEvent, Line
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from hotline.webhooks.switchboard import KEY
from tests.callbacks.calling import Ring, hours_of_another_day, let_call_at, outgoing, owed_call, placed
from tests.carrier_says import CALLER, CallFrom, Document, Say
from tests.carriers import RunningCarrier, answers_lost
from tests.signing_in import SignIn
from workers.tools import Tools
from workers.work_due import keep_due


def test_a_ring_is_free_and_is_called_back_once_however_often_it_is_told(
    ring: Ring, tools: Tools, carrier: RunningCarrier, session: Session
) -> None:
    assert [ring("CA1") for _ in range(5)] == [["Reject"]] * 5
    assert ring("CA2") == ["Reject"]  # rung again meanwhile: the same wish
    keep_due(tools)
    assert placed(carrier) == [CALLER]
    owed = owed_call(session)
    assert (owed.why, owed.state, owed.attempts) == ("ring", "calling", 1) and owed.outgoing_sid


def test_nothing_is_said_before_the_key_and_then_the_call_is_theirs(
    ring: Ring, say: Say, line: str, tools: Tools, session: Session, app: Flask
) -> None:
    ring()
    keep_due(tools)
    owed = owed_call(session)
    fields = outgoing(owed, line)
    hello = Document(say(f"/voice/calling?c={owed.id}", **fields))
    catalogue = app.extensions[KEY].catalogue
    (heard,) = (catalogue.by_sha(play.rpartition("/")[2].removesuffix(".wav")) for play in hello.plays)
    assert heard.prompt == "callback_hello"
    assert Document(say(hello.next("Gather"), **fields)).verbs == ["Hangup"]  # a machine presses nothing
    menu = Document(say(hello.next("Gather"), **fields, Digits="1"))
    assert menu.verbs == ["Gather", "Redirect"]
    assert owed_call(session).state == "reached"
    call = session.get_one(Call, owed.outgoing_sid)
    assert (call.dialled, call.contact_id) == (line, owed.contact_id)
    say(f"/voice/called?c={owed.id}&n=1", **fields, CallStatus="completed", SequenceNumber="4")
    session.expire_all()
    ended = session.get_one(Call, owed.outgoing_sid)
    assert (ended.status, ended.ended_at is not None) == ("completed", True)


def test_the_key_that_everybody_presses_shows_no_language_so_who_is_silent_after_it_is_offered_theirs(
    ring: Ring, say: Say, line: str, tools: Tools, session: Session, app: Flask
) -> None:
    ring()
    session.execute(sa.text("UPDATE contacts SET language = 'ne'"))
    session.commit()
    keep_due(tools)
    owed = owed_call(session)
    fields, catalogue = outgoing(owed, line), app.extensions[KEY].catalogue
    menu = Document(say(f"/voice/answered?c={owed.id}", **fields, Digits="1"))
    listed = Document(say(menu.next("Gather"), **fields))
    heard = [catalogue.by_sha(play.rpartition("/")[2].removesuffix(".wav")) for play in listed.plays]
    assert {sound.language for sound in heard if sound.prompt == "language.press"} == {"my", "th", "ne", "en"}
    assert "Record" in Document(say(listed.next("Gather"), **fields)).verbs


def test_of_a_call_that_nobody_took_nothing_is_kept_but_that_it_was_tried(
    ring: Ring, say: Say, line: str, tools: Tools, session: Session
) -> None:
    ring()
    keep_due(tools)
    owed = owed_call(session)
    say(f"/voice/called?c={owed.id}&n=1", CallSid=owed.outgoing_sid or "", CallStatus="busy")
    kept = session.scalars(sa.select(CarrierEvent.sid).where(CarrierEvent.sid == owed.outgoing_sid)).all()
    assert kept == [], "it would hold the number, and no erasure would find it"


def test_whose_phone_it_is_not_is_not_called_again(
    ring: Ring, say: Say, line: str, tools: Tools, session: Session
) -> None:
    ring()
    keep_due(tools)
    owed = owed_call(session)
    fields = outgoing(owed, line)
    assert "Hangup" in Document(say(f"/voice/answered?c={owed.id}", **fields, Digits="2")).verbs
    assert owed_call(session).state == "given_up"


def test_whose_phone_it_is_not_is_not_called_for_another_wish_either(
    ring: Ring, say: Say, line: str, tools: Tools, session: Session
) -> None:
    ring()
    keep_due(tools)
    rung = owed_call(session)
    wished = owe_call(
        session, "CA2", "asked", contact_id=rung.contact_id, line_id=rung.line_id, language="my",
        asked_at=utcnow(), not_before=utcnow(), rehearsal=False,
    )  # fmt: skip
    session.commit()
    say(f"/voice/answered?c={rung.id}", **outgoing(rung, line), Digits="2")
    session.expire_all()
    assert session.get_one(Callback, wished).state == session.get_one(Callback, rung.id).state == "given_up"


NOT_SAFE = (
    "1",
    "4",
    "2",
    "1",
    "1",
    "3",
    "2",
)  # by keys: wages, in a factory, it can wait, and no call is safe


def test_who_says_that_no_call_is_safe_is_called_for_nothing_that_was_owed(
    call: CallFrom, session: Session, signed_in: SignIn
) -> None:
    call.press(call.to_the_microphone("1", "4", "1", "1"), "1")
    assert owed_call(session).state == "due"
    later = CallFrom(call.say, sid="CA2")
    later.to_the_microphone(*NOT_SAFE[1:])
    owed = owed_call(session)
    assert (owed.state, owed.contact.call_safe) == ("given_up", False)
    assert "Call now" not in signed_in("supervisor").get("/callbacks").text


def test_who_says_so_while_the_phone_rings_is_not_rung_again(
    ring: Ring, say: Say, tools: Tools, carrier: RunningCarrier, session: Session
) -> None:
    more = {
        "tree": "main",
        "languages": ["my", "th", "ne", "en"],
        "answer_mode": "answer",
        "added_at": utcnow(),
    }
    session.add(Line(number="+6620000199", name="", **more))
    session.commit()
    ring()
    keep_due(tools)
    CallFrom(say, sid="CA2", line="+6620000199").to_the_microphone(*NOT_SAFE)
    owed = owed_call(session)
    say(f"/voice/called?c={owed.id}&n=1", CallSid="CAx", CallStatus="no-answer")
    assert owed_call(session).state == "given_up"
    session.execute(sa.update(OutboxRow).values(due_at=utcnow()))
    session.commit()
    keep_due(tools)
    assert placed(carrier) == [CALLER]


def test_at_night_who_rings_again_is_answered(ring: Ring, app: Flask, session: Session) -> None:
    let_call_at(app, hours_of_another_day())
    assert [ring("CA1"), ring("CA1")] == [["Reject"]] * 2, "told twice, rung once"
    assert "Gather" in ring("CA2")
    assert owed_call(session).state == "due", "and is called in the morning all the same"


def test_busy_is_tried_twice_more_and_then_given_up(
    ring: Ring, say: Say, tools: Tools, carrier: RunningCarrier, session: Session
) -> None:
    ring()
    for attempt in range(1, ATTEMPTS + 1):
        session.execute(sa.update(OutboxRow).values(due_at=utcnow()))
        session.commit()
        keep_due(tools)
        owed = owed_call(session)
        assert owed.attempts == attempt
        for _ in range(3):  # told again and again
            say(f"/voice/called?c={owed.id}&n={attempt}", CallSid="CAx", CallStatus="busy")
    assert len(placed(carrier)) == ATTEMPTS
    assert owed_call(session).state == "given_up"


def test_an_end_that_is_never_told_is_asked_for(
    ring: Ring, tools: Tools, carrier: RunningCarrier, session: Session
) -> None:
    ring()
    keep_due(tools)
    owed = owed_call(session)
    carrier.called(owed.outgoing_sid or "", "+6620000142", CALLER, status="no-answer")
    session.execute(sa.update(OutboxRow).where(OutboxRow.kind == "look_after_call").values(due_at=utcnow()))
    session.commit()
    keep_due(tools)
    assert owed_call(session).state == "due"


def test_at_night_nobody_is_rung_until_morning(
    ring: Ring, known: Settings, carrier: RunningCarrier, session: Session
) -> None:
    ring()
    keep_due(Tools(known.model_copy(update={"callback_hours": hours_of_another_day()})))
    assert placed(carrier) == [] and owed_call(session).state == "due"


def test_a_worker_that_died_after_placing_the_call_places_no_second(
    ring: Ring, known: Settings, carrier: RunningCarrier, session: Session
) -> None:
    ring()
    keep_due(Tools(known))
    session.execute(sa.update(Callback).values(outgoing_sid=None))  # it never learnt the call's id
    session.execute(
        sa.update(OutboxRow).where(OutboxRow.kind == "call_back").values(state="due", due_at=utcnow())
    )
    session.commit()
    keep_due(Tools(known))
    assert placed(carrier) == [CALLER] and owed_call(session).outgoing_sid


def test_a_call_whose_answer_was_lost_is_not_taken_for_the_one_before(
    ring: Ring,
    known: Settings,
    carrier: RunningCarrier,
    say: Say,
    session: Session,
) -> None:
    ring()
    keep_due(Tools(known))
    owed = owed_call(session)
    first = owed.outgoing_sid or ""
    say(f"/voice/called?c={owed.id}&n=1", CallSid=first, CallStatus="busy", To=CALLER, From="+6620000142")

    def go_on() -> None:
        due = OutboxRow.kind == "call_back", OutboxRow.state == "due"
        session.execute(sa.update(OutboxRow).where(*due).values(due_at=utcnow()))
        session.commit()
        keep_due(Tools(known))

    with answers_lost("place_call", taken=False):
        go_on()
    go_on()
    owed = owed_call(session)
    assert placed(carrier) == [CALLER, CALLER] and (owed.state, owed.attempts) == ("calling", 2)
    assert owed.outgoing_sid and owed.outgoing_sid != first


@pytest.mark.parametrize(
    "lost", ["/voice/calling?c={}", "/voice/answered?c={}", "", "no address", "/voice/step?at=x"]
)
def test_before_the_key_the_fallback_says_nothing_and_the_call_is_tried_again(
    ring: Ring, say: Say, line: str, tools: Tools, carrier: RunningCarrier, session: Session, lost: str
) -> None:
    ring()
    keep_due(tools)
    owed = owed_call(session)
    fields = outgoing(owed, line)
    fallback = urlsplit(carrier.exchange.calls[owed.outgoing_sid or ""].handling.fallback).path
    asked = {"ErrorCode": "11200", "ErrorUrl": f"http://hotline.test{lost.format(owed.id)}" if lost else ""}
    assert Document(say(fallback, **fields, **asked)).verbs == ["Hangup"]
    assert session.get(Call, owed.outgoing_sid) is None, "nobody spoke to us"
    say(f"/voice/called?c={owed.id}&n=1", **fields, CallStatus="completed")
    again = owed_call(session)
    assert (again.state, again.attempts) == ("due", 1)
    promised = sa.select(OutboxRow.state).where(OutboxRow.key == f"call_back:{owed.id}:2")
    assert session.scalars(promised).one() == "due"


def test_after_the_key_the_fallback_leads_to_the_microphone_from_wherever_the_call_was(
    ring: Ring, say: Say, line: str, tools: Tools, session: Session, app: Flask
) -> None:
    ring()
    keep_due(tools)
    owed = owed_call(session)
    fields = outgoing(owed, line)
    menu = Document(say(f"/voice/answered?c={owed.id}", **fields, Digits="1"))
    for lost in (menu.next("Gather"), f"/voice/answered?c={owed.id}", f"/voice/dialled?c={owed.id}"):
        rescued = Document(say("/voice/fallback", **fields, ErrorUrl=f"http://hotline.test{lost}"))
        assert "Record" in rescued.verbs, lost


def test_who_pressed_the_key_is_heard_even_where_we_fail_just_then(
    ring: Ring, say: Say, line: str, tools: Tools, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError

    ring()
    keep_due(tools)
    owed = owed_call(session)
    fields = outgoing(owed, line)
    monkeypatch.setattr("hotline.webhooks.outgoing.take_the_call", broken)
    assert "Record" in Document(say(f"/voice/answered?c={owed.id}", **fields, Digits="1")).verbs
    monkeypatch.setattr("hotline.webhooks.outgoing.note_answered", broken)
    session.execute(sa.update(Callback).values(state="calling"))
    session.commit()
    assert Document(say(f"/voice/answered?c={owed.id}", **fields, Digits="1")).verbs == ["Hangup"]


def test_one_wrong_key_is_asked_for_again_and_a_second_ends_this_call_alone(
    ring: Ring, say: Say, line: str, tools: Tools, session: Session
) -> None:
    ring()
    keep_due(tools)
    owed = owed_call(session)
    fields = outgoing(owed, line)
    again = Document(say(f"/voice/answered?c={owed.id}", **fields, Digits="4"))
    assert again.verbs == ["Gather", "Hangup"] and len(again.plays) == 1
    assert Document(say(again.next("Gather"), **fields)).verbs == ["Hangup"]
    assert Document(say(again.next("Gather"), **fields, Digits="7")).verbs == ["Hangup"]
    say(f"/voice/called?c={owed.id}&n=1", **fields, CallStatus="completed")
    tried = owed_call(session)
    assert tried.state == "due" and tried.contact.call_safe is not False
    assert Document(say(again.next("Gather"), **fields, Digits="1")).verbs == ["Gather", "Redirect"]
