"""Prompts are recorded by telephone and wait for a second person."""

import io
import math
import wave
from array import array
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, undefer

from hotline.db import utcnow
from hotline.embedded import postgres
from hotline.flow.turn import Clip
from hotline.media.ffmpeg import run
from hotline.media.listen import LOUDNESS, listen, loudness_in
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.studio.models import Take
from hotline.webhooks import said as said_door
from tests.carrier_says import Document, Say
from tests.carriers import RunningCarrier
from tests.rehearsal.sounds import silence, voice
from tests.signing_in import make_member, sign_in, token_of
from tests.studio.telephone import (
    SPEECH,
    at_the_tone,
    call_studio,
    enter,
    prompts,
    said,
    speak,
    spoken,
    takes,
)
from tests.webhooks.test_away import frozen
from workers.tools import Tools
from workers.work_due import keep_due

pytestmark = pytest.mark.usefixtures("studio_line")


def test_the_whole_way_from_the_pin_to_a_take_that_waits_and_the_carrier_forgets(
    app: Flask, say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, thiri: User
) -> None:  # fmt: skip
    call = call_studio(say)
    assert said(app, call.start()) == [("studio_pin", "en")]
    tone = at_the_tone(call, pin)
    assert prompts(app, tone) == ["studio_now", "main_menu", "studio_speak"]
    assert tone.find("Record").attrib["finishOnKey"] == "#"
    decide = speak(call, tone, carrier)
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
    speak(call, at_the_tone(call, pin), carrier, sound=whisper)
    keep_due(tools)
    audio = session.scalars(sa.select(Take).options(undefer(Take.audio))).one().audio
    with wave.open(io.BytesIO(audio)) as made:
        assert (made.getframerate(), made.getnchannels(), made.getsampwidth()) == (8000, 1, 2)
    assert listen(audio).verdict == "speech"
    _, words = run(audio, ["-af", "ebur128=framelog=quiet", "-f", "null", "-"])
    assert math.isclose(loudness_in(words), LOUDNESS, abs_tol=1.5)


def test_the_shortest_word_is_a_take_too_and_the_carrier_forgets_it(
    say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session
) -> None:
    call = call_studio(say)
    speak(call, at_the_tone(call, pin), carrier, sound=silence(1) + voice(0.25) + silence(1))
    keep_due(tools)
    take, row = session.scalars(sa.select(Take)).one(), spoken(session)[0]
    assert 0.2 < take.seconds < 0.5 and row.take_id == take.id
    keep_due(tools)
    session.refresh(row)
    assert row.at_carrier == "deleted" and carrier.exchange.recordings == {}


def test_what_was_said_is_heard_back_as_callers_would_hear_it(
    app: Flask, say: Say, pin: str, carrier: RunningCarrier, tools: Tools, session: Session, settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(said_door, "PAUSE", 0.0)
    call = call_studio(say)
    decide = speak(call, at_the_tone(call, pin), carrier)
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
    decide = speak(call, at_the_tone(call, pin), carrier, sound=sound)
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
    decide = speak(call, at_the_tone(call, pin), carrier, "RE1")
    keep_due(tools)  # the first is a take already
    tone = call.press(decide, "2")
    call.press(decide, "2")  # told twice
    assert prompts(app, tone) == ["studio_speak"]
    decide = speak(call, tone, carrier, "RE2")
    tone = call.press(decide, "2")  # the second is on its way still
    decide = speak(call, tone, carrier, "RE3")
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
    speak(call, at_the_tone(call, pin), carrier)
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
        speak(call, tone, carrier, f"RE{at}")
        say(tone.next("Record", "recordingStatusCallback"), **call.fields, RecordingSid=f"RE{at}",
            RecordingStatus="completed", RecordingDuration="6")  # fmt: skip
        asks = call.press(speak(call, tone, carrier, f"RE{at}"), "1")
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


def test_a_member_who_no_longer_speaks_the_language_is_told_why(
    say: Say,
    pin: str,
    carrier: RunningCarrier,
    tools: Tools,
    session: Session,
    thiri: User,
) -> None:
    call = call_studio(say)
    speak(call, at_the_tone(call, pin), carrier)
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
    speak(call, at_the_tone(call, pin), carrier)
    keep_due(tools)
    take = takes(session)[0]
    client = sign_in(app.test_client(), make_member(session, "transcriber", ("th",), "Ram").email)
    page = client.get("/studio/th/main_menu").text
    assert "Thiri, by telephone" in page and "Approve version 1" in page
    client.post(f"/studio/takes/{take.id}", data={"csrf_token": token_of(page), "verdict": "approve"})
    assert takes(session)[0].live_since is not None
