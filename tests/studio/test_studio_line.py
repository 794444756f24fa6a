"""A studio line is for staff: its calls are no workers' anywhere, and what the carrier has of them is never lost."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.db import make_sessions, utcnow
from hotline.intake.alarms import raise_alarms
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Call, CarrierEvent, Contact, Line, Message, Recording, Report, Step
from hotline.intake.reconcile import Reconciler
from hotline.media.open_store import open_store
from hotline.preflight.database import is_line_in_service
from hotline.retention.erase import erase_contact
from hotline.retention.purge import purge
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.studio.models import SpokenPrompt, StudioPin, StudioTry
from hotline.vault.keys import vault
from hotline.writer import Writer
from tests.carrier_says import CALLER as WORKER
from tests.carrier_says import CallFrom, Say
from tests.carriers import RunningCarrier
from tests.signing_in import SignIn, sign_in, token_of
from tests.studio.telephone import (
    CALLER,
    NUMBER,
    SPEECH,
    at_the_tone,
    call_studio,
    speak,
    spoken,
    takes,
)
from workers.tools import Tools
from workers.work_due import keep_due

pytestmark = pytest.mark.usefixtures("studio_line")


def test_its_calls_are_no_workers_calls_anywhere(
    app: Flask, say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, settings: Settings
) -> None:  # fmt: skip
    for number in range(settings.most_calls_a_minute + 3):
        call = call_studio(say, f"CA{number}")
        document = call.start()
        assert document.verbs == ["Gather", "Redirect"], "however often staff call"
        carrier.called(call.sid, CALLER, NUMBER)
    speak(call, at_the_tone(call, pin), carrier)
    say("/voice/status", **call.fields | {"CallStatus": "completed"})
    keep_due(tools)
    compared = Reconciler(make_sessions(tools.engine), Writer(settings), carrier.client, settings).compare()
    assert (compared.calls, compared.recordings, compared.taken_in) == (0, 0, 0)
    session.add(compared)
    session.commit()
    for table in (Call, Step, Contact, Recording, Report, CarrierEvent, Message):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0, table.__name__
    assert keep_ledger(session).calls == 0
    assert raise_alarms(session, settings, utcnow()) == []
    assert len(takes(session)) == 1


def test_a_recording_that_no_webhook_told_of_is_found_and_becomes_a_take(
    say: Say,
    pin: str,
    carrier: RunningCarrier,
    tools: Tools,
    session: Session,
    settings: Settings,
) -> None:
    call = call_studio(say)
    asks = call.press(speak(call, at_the_tone(call, pin), carrier, "RE1"), "1")
    call.press(asks, "201")  # the tone, and then nothing of it was ever told
    carrier.called(call.sid, CALLER, NUMBER)
    carrier.hold("RE2", SPEECH, call.sid)
    reconciler = Reconciler(make_sessions(tools.engine), Writer(settings), carrier.client, settings)
    assert reconciler.compare().taken_in == 0
    reconciler.compare()
    keep_due(tools)
    assert sorted(take.prompt for take in takes(session)) == ["main_menu", "speak"]


def test_one_of_which_nobody_knows_what_it_is_is_shown_until_somebody_says_so(
    app: Flask, carrier: RunningCarrier, tools: Tools, session: Session, settings: Settings, thiri: User
) -> None:  # fmt: skip
    carrier.called("CA9", CALLER, NUMBER)
    carrier.hold("RE9", SPEECH, "CA9")
    Reconciler(make_sessions(tools.engine), Writer(settings), carrier.client, settings).compare()
    keep_due(tools)
    row = spoken(session)[0]
    assert (row.state, row.recording_sid) == ("unknown", "RE9") and takes(session) == []
    client = sign_in(app.test_client(), thiri.email)
    page = client.get("/studio").text
    assert "nobody knows which prompt was recorded" in page

    def place(number: str, language: str = "th") -> str:
        fields = {"csrf_token": token_of(page), "number": number, "language": language}
        return client.post(f"/studio/spoken/{row.id}", data=fields, follow_redirects=True).text

    assert "There is no prompt of that number" in place("77")
    assert "languages that you speak" in place("105", "my")
    assert "waits for a second person" in place("105")
    assert "Somebody has said already" in place("201")
    keep_due(tools)
    assert [(take.prompt, take.by_id) for take in takes(session)] == [("main_menu", thiri.id)]


def test_a_workers_voicemail_is_never_the_studios_though_their_line_became_one(
    say: Say, carrier: RunningCarrier, tools: Tools, session: Session, settings: Settings
) -> None:
    session.execute(sa.update(Line).values(tree="main", languages=["my"]))
    session.commit()
    call = CallFrom(say, sid="CA5", caller=WORKER, line=NUMBER)
    call.record(call.to_the_microphone("1", "1"), "RE5")
    session.execute(sa.update(Line).values(tree="studio"))
    session.commit()
    carrier.called("CA5", WORKER, NUMBER)
    carrier.hold("RE5", SPEECH, "CA5")
    Reconciler(make_sessions(tools.engine), Writer(settings), carrier.client, settings).compare()
    assert spoken(session) == []


def test_the_checks_before_going_live_tell_studios_from_lines(settings: Settings, session: Session) -> None:
    assert is_line_in_service(settings)[0].wrong, "no worker can call"
    session.add(Line(number="+6620000142", tree="main", languages=["my"], added_at=utcnow()))
    session.commit()
    told = [finding.says for finding in is_line_in_service(settings) if not finding.wrong]
    assert told == ["In service: +6620000142.", "For staff who record prompts: +6620000143."]


def test_an_administrator_adds_one_on_the_page_of_lines(signed_in: SignIn, session: Session) -> None:
    client = signed_in("administrator", (), "Anong")
    page = client.get("/lines").text
    assert "studio: staff record prompts there" in page
    fields = {"csrf_token": token_of(page), "number": "+6620000144", "tree": "studio", "languages": "en"}
    client.post("/lines", data=fields | {"answers_texts": "1"})
    made = session.scalars(sa.select(Line).where(Line.number == "+6620000144")).one()
    assert made.is_studio and not made.answers_texts
    assert NUMBER not in client.get("/notices").text, "no caller hears an announcement there"


def test_a_text_to_it_is_still_a_workers_text_and_is_not_answered(say: Say, session: Session) -> None:
    say("/sms/incoming", MessageSid="SM1", From=WORKER, To=NUMBER, Body="They took my passport.")
    assert session.scalars(sa.select(Report.kind)).all() == ["text"]
    assert session.scalars(sa.select(Message.direction)).all() == ["in"]


def test_who_is_erased_leaves_no_try_and_what_is_past_its_keeping_goes(
    say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, settings: Settings, engine: sa.Engine
) -> None:  # fmt: skip
    speak(call := call_studio(say), at_the_tone(call, pin), carrier)
    keep_due(tools)
    call_studio(say, "CA8", WORKER).press(call_studio(say, "CA8", WORKER).start(), "1111111111")
    contact = Contact(number=WORKER, number_index=vault().index(WORKER), key=b"k", first_at=utcnow())
    session.add(contact)
    session.commit()
    sessions, media = make_sessions(engine), open_store(settings)
    erase_contact(sessions, media, settings, contact.id)
    session.rollback()
    assert session.scalars(sa.select(StudioTry.call_sid)).all() == ["CA1"]
    long_ago = utcnow() - timedelta(days=31)
    session.execute(sa.update(StudioTry).values(at=long_ago))
    session.execute(sa.update(SpokenPrompt).values(at=long_ago))
    session.execute(sa.update(StudioPin).values(ends_at=utcnow()))
    session.commit()
    purge(sessions, media, settings, dry_run=False)
    session.rollback()
    assert spoken(session) == [] and len(takes(session)) == 1
    for table in (StudioPin, StudioTry):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
