"""Prompts are recorded by telephone and wait for a second person; the calls that bring them are no workers'."""

import io
import math
import wave
from array import array
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, undefer

from hotline.db import make_sessions, utcnow
from hotline.embedded import postgres
from hotline.flow.turn import Clip
from hotline.intake.alarms import raise_alarms
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Call, CarrierEvent, Contact, Line, Message, Recording, Report, Step
from hotline.intake.reconcile import Reconciler
from hotline.media.ffmpeg import run
from hotline.media.listen import LOUDNESS, listen, loudness_in
from hotline.media.open_store import open_store
from hotline.outbox import OutboxRow
from hotline.preflight.database import is_line_in_service
from hotline.retention.erase import erase_contact
from hotline.retention.purge import purge
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.studio.models import SpokenPrompt, StudioPin, StudioTry, Take
from hotline.vault.keys import vault
from hotline.webhooks import said as said_door
from hotline.writer import Writer
from tests.carrier_says import CALLER as WORKER
from tests.carrier_says import CallFrom, Document, Say
from tests.carriers import RunningCarrier
from tests.rehearsal.sounds import silence, voice
from tests.signing_in import SignIn, make_member, sign_in, token_of
from tests.studio.telephone import (
    CALLER,
    NUMBER,
    at_the_tone,
    call_studio,
    enter,
    prompts,
    said,
    spoken,
    takes,
)
from tests.webhooks.test_away import frozen
from workers.tools import Tools
from workers.work_due import keep_due

pytestmark = pytest.mark.usefixtures("studio_line")
SPEECH = silence(1) + voice(4) + silence(1)


def _speak(
    call: CallFrom, tone: Document, carrier: RunningCarrier, sid: str = "RE1", sound: bytes = SPEECH
) -> Document:
    carrier.hold(sid, sound, call.sid)
    return call.record(tone, sid, str(round(len(sound) / 16000)))


def test_the_whole_way_from_the_pin_to_a_take_that_waits_and_the_carrier_forgets(
    app: Flask, say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, thiri: User
) -> None:  # fmt: skip
    call = call_studio(say)
    assert said(app, call.start()) == [("studio_pin", "en")]
    tone = at_the_tone(call, pin)
    assert prompts(app, tone) == ["studio_now", "main_menu", "studio_speak"]
    assert tone.find("Record").attrib["finishOnKey"] == "#"
    decide = _speak(call, tone, carrier)
    assert prompts(app, decide) == ["studio_said", "own", "studio_keep"]
    keep_due(tools)
    take = takes(session)[0]
    assert (take.language, take.prompt, take.how, take.state) == ("th", "main_menu", "telephone", "waiting")
    assert take.by_id == thiri.id and 4.0 <= take.seconds <= 4.6, "the silence at both ends is gone"
    assert prompts(app, call.press(decide, "1")) == ["studio_kept", "studio_number"]
    row = spoken(session)[0]
    assert (row.state, row.take_id, row.at_carrier) == ("taken", take.id, "deleted")
    assert carrier.exchange.recordings == {}


def test_it_is_trimmed_levelled_and_carried_as_telephones_do(
    say: Say,
    pin: str,
    carrier: RunningCarrier,
    tools: Tools,
    session: Session,
) -> None:
    whisper = array("h", (sample // 20 for sample in array("h", SPEECH))).tobytes()
    call = call_studio(say)
    _speak(call, at_the_tone(call, pin), carrier, sound=whisper)
    keep_due(tools)
    audio = session.scalars(sa.select(Take).options(undefer(Take.audio))).one().audio
    with wave.open(io.BytesIO(audio)) as made:
        assert (made.getframerate(), made.getnchannels(), made.getsampwidth()) == (8000, 1, 2)
    assert listen(audio).verdict == "speech"
    _, words = run(audio, ["-af", "ebur128=framelog=quiet", "-f", "null", "-"])
    assert math.isclose(loudness_in(words), LOUDNESS, abs_tol=1.5)


def test_what_was_said_is_heard_back_as_callers_would_hear_it(
    app: Flask, say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(said_door, "PAUSE", 0.0)
    call = call_studio(say)
    decide = _speak(call, at_the_tone(call, pin), carrier)
    path = decide.plays[1].removeprefix(settings.public_url)
    client, catalogue = app.test_client(), app.extensions["hotline.switchboard"].catalogue
    not_yet = client.get(path)
    assert not_yet.data == catalogue.sound(Clip("on_its_way", "th")).audio
    keep_due(tools)
    heard = client.get(path)
    assert heard.data == session.scalars(sa.select(Take).options(undefer(Take.audio))).one().audio
    assert heard.headers["Cache-Control"] == "no-store"
    for wrong in (path.replace("/said/", "/said/x"), "/said/x.wav", path.replace("/said/", "/replay/")):
        assert client.get(wrong).status_code == 404


@pytest.mark.parametrize(
    ("sound", "reason"), [(silence(4), "nothing is heard in it"), (voice(121.5), "longer than 120 seconds")]
)
def test_what_is_of_no_use_says_so_in_the_call_and_on_the_page_with_the_reason(
    app: Flask, say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, thiri: User,
    settings: Settings, sound: bytes, reason: str,
) -> None:  # fmt: skip
    call = call_studio(say)
    decide = _speak(call, at_the_tone(call, pin), carrier, sound=sound)
    keep_due(tools)
    row = spoken(session)[0]
    assert (row.state, row.at_carrier) == ("unusable", "kept") and reason in row.reason
    assert takes(session) == [] and list(carrier.exchange.recordings) == ["RE1"]
    heard = app.test_client().get(decide.plays[1].removeprefix(settings.public_url)).data
    assert heard == app.extensions["hotline.switchboard"].catalogue.sound(Clip("studio_unusable", "th")).audio
    page = sign_in(app.test_client(), thiri.email).get("/studio").text
    assert reason in page and "105 Main menu" in page
    other = make_member(session, "transcriber", ("th",), "Ram")
    assert reason not in sign_in(app.test_client(), other.email).get("/studio").text


def test_said_anew_the_former_is_taken_back_whether_it_was_taken_in_or_not(
    app: Flask, say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session
) -> None:  # fmt: skip
    call = call_studio(say)
    decide = _speak(call, at_the_tone(call, pin), carrier, "RE1")
    keep_due(tools)  # the first is a take already
    tone = call.press(decide, "2")
    call.press(decide, "2")  # told twice
    assert prompts(app, tone) == ["studio_speak"]
    decide = _speak(call, tone, carrier, "RE2")
    tone = call.press(decide, "2")  # the second is on its way still
    decide = _speak(call, tone, carrier, "RE3")
    call.press(decide, "1")
    keep_due(tools)
    assert [(row.recording_sid, row.state) for row in spoken(session)] == [
        ("RE1", "replaced"), ("RE2", "replaced"), ("RE3", "taken"),
    ]  # fmt: skip
    assert [(take.number, take.state) for take in takes(session)] == [(1, "refused"), (2, "waiting")]
    assert carrier.exchange.recordings == {}, "what was taken back is forgotten, too"


def test_who_hangs_up_before_deciding_has_left_a_take(
    say: Say,
    pin: str,
    carrier: RunningCarrier,
    tools: Tools,
    session: Session,
) -> None:
    call = call_studio(say)
    _speak(call, at_the_tone(call, pin), carrier)
    say("/voice/status", **call.fields | {"CallStatus": "completed"})
    keep_due(tools)
    assert [take.state for take in takes(session)] == ["waiting"]


def test_prompt_after_prompt_in_one_call_each_told_twice(
    app: Flask,
    say: Say,
    pin: str,
    carrier: RunningCarrier,
    tools: Tools,
    session: Session,
) -> None:
    call = call_studio(say)
    asks = enter(call, pin)
    for at, number in enumerate(("105", "999", "201", "900")):
        tone = call.press(asks, number)
        if number == "999":
            assert prompts(app, tone) == ["studio_no_such", "studio_number"]
            asks = tone
            continue
        _speak(call, tone, carrier, f"RE{at}")
        say(tone.next("Record", "recordingStatusCallback"), **call.fields, RecordingSid=f"RE{at}",
            RecordingStatus="completed", RecordingDuration="6")  # fmt: skip
        asks = call.press(_speak(call, tone, carrier, f"RE{at}"), "1")
    keep_due(tools)
    assert sorted(take.prompt for take in takes(session)) == ["digit.0", "main_menu", "speak"]


def test_the_callback_alone_is_enough_and_says_503_while_it_cannot_be_written(
    say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, database_server: postgres.Server
) -> None:  # fmt: skip
    call = call_studio(say)
    tone = at_the_tone(call, pin)
    carrier.hold("RE1", SPEECH, call.sid)
    told = {**call.fields, "RecordingSid": "RE1", "RecordingStatus": "completed", "RecordingDuration": "6"}
    address = tone.next("Record", "recordingStatusCallback")
    with frozen(database_server):
        assert say(address, **told).status_code == 503
    assert say(address, **told).status_code == 200
    keep_due(tools)
    assert len(takes(session)) == 1


def test_with_the_database_away_it_says_so_and_hangs_up(
    app: Flask,
    say: Say,
    pin: str,
    session: Session,
    database_server: postgres.Server,
) -> None:
    call_studio(say, "CA0").start()  # the line is known
    call = call_studio(say)
    begun = call.start()
    with frozen(database_server):
        for document in (call_studio(say, "CA2").start(), call.press(begun, pin)):
            assert prompts(app, document) == ["studio_not_now"] and document.verbs[-1] == "Hangup"
    assert not app.extensions["hotline.switchboard"].spool.waiting(), (
        "no call of staff's is kept and told again"
    )


def test_where_we_fail_the_caller_is_told_and_never_led_to_the_workers_microphone(
    app: Flask, say: Say
) -> None:
    call = call_studio(say)
    for path in ("/voice/fallback", "/voice/studio/step?nonsense", "/voice/studio/recorded"):
        document = Document(say(path, **call.fields, ErrorUrl="http://hotline.test/voice/studio/step?x"))
        assert prompts(app, document) == ["studio_not_now"] and document.verbs[-1] == "Hangup"


def test_its_calls_are_no_workers_calls_anywhere(
    app: Flask, say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, settings: Settings
) -> None:  # fmt: skip
    for number in range(settings.most_calls_a_minute + 3):
        call = call_studio(say, f"CA{number}")
        document = call.start()
        assert document.verbs == ["Gather", "Redirect"], "however often staff call"
        carrier.called(call.sid, CALLER, NUMBER)
    _speak(call, at_the_tone(call, pin), carrier)
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
    asks = call.press(_speak(call, at_the_tone(call, pin), carrier, "RE1"), "1")
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

    assert "There is no prompt of that number" in place("7")
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


def test_a_member_who_no_longer_speaks_the_language_is_told_why(
    say: Say,
    pin: str,
    carrier: RunningCarrier,
    tools: Tools,
    session: Session,
    thiri: User,
) -> None:
    call = call_studio(say)
    _speak(call, at_the_tone(call, pin), carrier)
    thiri.languages = ["my"]
    session.commit()
    keep_due(tools)
    assert "languages that you speak" in spoken(session)[0].reason and takes(session) == []


def test_a_carrier_that_never_gives_it_is_given_up_after_the_hours_of_any_recording(
    say: Say,
    pin: str,
    carrier: RunningCarrier,
    tools: Tools,
    session: Session,
    settings: Settings,
) -> None:
    call = call_studio(say)
    call.record(at_the_tone(call, pin), "RE1")
    keep_due(tools)
    assert spoken(session)[0].state == "spoken", "it may still come"
    ago = utcnow() - timedelta(hours=settings.intake_hours, minutes=1)
    session.execute(sa.update(OutboxRow).values(made_at=ago, due_at=utcnow()))
    session.commit()
    keep_due(tools)
    row = spoken(session)[0]
    assert (row.state, row.reason) == ("unusable", "The telephone company never gave it to us.")


def test_a_recording_that_is_named_only_in_its_address_is_enough(
    say: Say,
    pin: str,
    carrier: RunningCarrier,
    tools: Tools,
    session: Session,
) -> None:
    call = call_studio(say)
    tone = at_the_tone(call, pin)
    carrier.hold("3c2b", SPEECH, call.sid)
    url = f"{carrier.url}/2010-04-01/Accounts/AC/Recordings/3c2b"
    say(tone.next("Record"), **call.fields, RecordingUrl=url, RecordingDuration="6")
    keep_due(tools)
    assert [row.recording_sid for row in spoken(session)] == ["3c2b"] and len(takes(session)) == 1


def test_a_second_person_approves_it_and_the_page_says_how_it_came(
    app: Flask, say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, thiri: User
) -> None:  # fmt: skip
    call = call_studio(say)
    _speak(call, at_the_tone(call, pin), carrier)
    keep_due(tools)
    take = takes(session)[0]
    client = sign_in(app.test_client(), make_member(session, "transcriber", ("th",), "Ram").email)
    page = client.get("/studio/th/main_menu").text
    assert "Thiri, by telephone" in page and "Approve version 1" in page
    client.post(f"/studio/takes/{take.id}", data={"csrf_token": token_of(page), "verdict": "approve"})
    assert takes(session)[0].live_since is not None


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
    _speak(call := call_studio(say), at_the_tone(call, pin), carrier)
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
