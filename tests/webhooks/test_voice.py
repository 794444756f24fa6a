"""A call, as the carrier tells it: what the caller hears and what is written down."""

import itertools
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hotline.intake.models import Call, CarrierEvent, Contact, Line, Recording, Report, Step
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from hotline.webhooks.switchboard import KEY
from hotline.writer import Writer
from tests.carrier_says import CALLER, CallFrom, Document, Say

BURMESE, MESSAGE, DANGER = "1", "1", "2"


def _count(session: Session, *tables: type) -> list[int]:
    session.rollback()
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]


def _said(app: Flask, document: Document) -> list[tuple[str, str]]:
    catalogue = app.extensions[KEY].catalogue
    sounds = [catalogue.by_sha(play.rpartition("/")[2].removesuffix(".wav")) for play in document.plays]
    return [(sound.prompt, sound.language) for sound in sounds]


def test_a_voicemail_is_a_report_and_a_promise(call: CallFrom, session: Session) -> None:
    microphone = call.to_the_microphone(BURMESE, MESSAGE)
    thanks = call.record(microphone)
    assert thanks.verbs == ["Gather", "Redirect"], "hear it again, say it anew, or hang up"
    report = session.scalars(sa.select(Report)).one()
    assert (report.language, report.language_chosen, report.urgency, report.state) == (
        "my",
        True,
        "standard",
        "arriving",
    )
    assert report.contact.number == CALLER
    promised = session.scalars(sa.select(OutboxRow)).one()
    assert (promised.kind, promised.payload) == ("take_in_recording", {"recording_sid": "RE1"})


def test_danger_is_a_property_of_the_voicemail_from_the_first_moment(
    call: CallFrom, session: Session
) -> None:
    call.record(call.to_the_microphone(BURMESE, DANGER))
    assert session.scalars(sa.select(Report.urgency)).one() == "danger"
    assert session.scalars(sa.select(OutboxRow.rank)).one() == 0


def test_the_caller_hears_the_number_of_the_report_digit_by_digit_twice(
    app: Flask, call: CallFrom, session: Session
) -> None:
    said = _said(app, call.record(call.to_the_microphone(BURMESE, MESSAGE)))
    digits = "".join(prompt.removeprefix("digit.") for prompt, _ in said if prompt.startswith("digit."))
    reference = session.scalars(sa.select(Report.reference)).one()
    assert digits == reference * 2
    assert {language for _, language in said} == {"my"}


def test_hanging_up_while_recording_leaves_a_voicemail(say: Say, call: CallFrom, session: Session) -> None:
    microphone = call.to_the_microphone(BURMESE, MESSAGE)
    told = microphone.next("Record", "recordingStatusCallback")
    say("/voice/status", CallSid="CA1", CallStatus="completed", SequenceNumber="0")
    say(told, CallSid="CA1", RecordingSid="RE1", RecordingStatus="completed", RecordingDuration="9")
    assert session.scalars(sa.select(Report.state)).one() == "arriving"
    assert session.scalars(sa.select(Call.ended_at)).one() is not None


def test_the_microphone_keeps_every_second_and_ends_by_hash_alone(call: CallFrom) -> None:
    record = call.to_the_microphone(BURMESE, MESSAGE).find("Record").attrib
    assert record["finishOnKey"] == "#"
    assert record["trim"] == "do-not-trim"
    assert (record["maxLength"], record["timeout"]) == ("300", "10")
    assert record["recordingStatusCallbackEvent"] == "in-progress completed absent"


@pytest.mark.parametrize(("own", "longest"), [(None, "300"), (90, "90"), (3000, "300")])
def test_a_line_may_have_a_limit_of_its_own_no_longer_than_what_is_taken_in(
    say: Say, line: str, session: Session, own: int | None, longest: str
) -> None:
    session.execute(sa.update(Line).values(recording_seconds=own))
    session.commit()
    record = CallFrom(say).to_the_microphone("1", "1").find("Record")
    assert record is not None and record.attrib["maxLength"] == longest


def test_who_says_nothing_is_asked_once_more_then_hears_a_goodbye(say: Say, call: CallFrom) -> None:
    first = call.to_the_microphone(BURMESE, MESSAGE)
    second = Document(say(_fall_through(first), **call.fields))
    assert "Record" in second.verbs
    goodbye = Document(say(_fall_through(second), **call.fields))
    assert goodbye.verbs[-1] == "Hangup" and goodbye.plays


def _fall_through(document: Document) -> str:
    address = document.find("Redirect").text or ""
    return address.removeprefix("http://hotline.test")


def test_every_webhook_said_again_changes_nothing(say: Say, line: str, session: Session) -> None:
    told: list[tuple[str, dict[str, str]]] = []

    def told_once(path: str, **fields: str) -> TestResponse:
        told.append((path, fields))
        return say(path, **fields)

    call = CallFrom(told_once)
    microphone = call.to_the_microphone(BURMESE, MESSAGE)
    call.record(microphone)
    callback = microphone.next("Record", "recordingStatusCallback")
    told_once(
        callback, CallSid="CA1", RecordingSid="RE1", RecordingStatus="completed", RecordingDuration="42"
    )
    told_once("/voice/status", CallSid="CA1", CallStatus="completed")
    tables = (Call, Step, Contact, Recording, Report, OutboxRow, CarrierEvent)
    before = _count(session, *tables)
    assert before == [1, 3, 1, 1, 1, 1, 2]
    for path, fields in [*told, *reversed(told), *told[2:]]:
        Document(say(path, **fields))
    assert _count(session, *tables) == before


def test_any_order_of_the_last_webhooks_has_one_effect(say: Say, line: str, session: Session) -> None:
    for number, order in enumerate(itertools.permutations(range(4))):
        call = CallFrom(say, sid=f"CA{number}", caller=f"+668100000{number:02d}")
        microphone = call.to_the_microphone(BURMESE, MESSAGE)
        told = microphone.next("Record", "recordingStatusCallback")
        recording = {"CallSid": call.sid, "RecordingSid": f"RE{number}"}
        last = (
            lambda: call.record(microphone, sid=f"RE{number}"),
            lambda: say(told, **recording, RecordingStatus="in-progress"),
            lambda: say(told, **recording, RecordingStatus="completed", RecordingDuration="42"),
            lambda: say("/voice/status", CallSid=call.sid, CallStatus="completed"),
        )
        for which in order:
            last[which]()
    assert _count(session, Call, Recording, Report, OutboxRow) == [24, 24, 24, 24]
    assert not session.scalars(sa.select(Call).where(Call.ended_at.is_(None))).all()
    assert _count(session, CarrierEvent) == [24 * 3]


def test_a_recording_whose_call_we_never_heard_of_is_kept(say: Say, call: CallFrom, session: Session) -> None:
    microphone = CallFrom(say, sid="CA-other").to_the_microphone(BURMESE, MESSAGE)
    told = microphone.next("Record", "recordingStatusCallback")
    say(told, CallSid="CA-lost", RecordingSid="RE9", RecordingStatus="completed", RecordingDuration="5")
    report = session.scalars(sa.select(Report)).one()
    assert (report.call_sid, report.language, report.contact.number) == ("CA-lost", "my", None)


def test_the_language_chosen_is_remembered_for_the_number(say: Say, app: Flask, call: CallFrom) -> None:
    call.press(call.start(), "3")
    again = CallFrom(say, sid="CA2").start()
    assert {language for _, language in _said(app, again)} == {"ne"}
    stranger = CallFrom(say, sid="CA3", caller="+66899999999").start()
    assert len({language for _, language in _said(app, stranger)}) > 1


def test_no_key_and_wrong_keys_lead_to_the_microphone_in_an_assumed_language(
    call: CallFrom, session: Session
) -> None:
    document = call.start()
    for _ in range(10):
        if "Record" in document.verbs:
            break
        document = call.press(document, "")
    call.record(document)
    report = session.scalars(sa.select(Report)).one()
    assert (report.language, report.language_chosen) == ("my", False)


def test_a_second_person_on_the_same_phone_who_presses_nothing_speaks_in_a_language_that_is_assumed(
    say: Say, app: Flask, call: CallFrom, session: Session
) -> None:
    call.press(call.start(), "3")
    second = CallFrom(say, sid="CA2")
    listed = second.press(second.start(), "")
    assert {language for _, language in _said(app, listed)} == {"my", "th", "ne", "en"}
    microphone = second.press(listed, "")
    assert {language for _, language in _said(app, microphone)} == {"ne"}
    second.record(microphone)
    report = session.scalars(sa.select(Report)).one()
    assert (report.language, report.language_chosen) == ("ne", False)
    third = CallFrom(say, sid="CA3")
    third.record(third.press(third.start(), "1"), sid="RE3")
    answered = session.scalars(sa.select(Report).where(Report.call_sid == "CA3")).one()
    assert (answered.language, answered.language_chosen) == ("ne", True)


@pytest.mark.parametrize("path", ["/voice/recorded?z=-1", "/voice/recording", "/voice/recording?at=%00"])
def test_a_recording_is_fetched_whatever_its_address_says(
    say: Say, line: str, session: Session, path: str
) -> None:
    said = {"RecordingSid": "RE1", "RecordingDuration": "9", "RecordingStatus": "completed"}
    assert say(path, CallSid="CA1", From=CALLER, To=line, **said).status_code == 200
    assert _count(session, Report, OutboxRow) == [1, 1]


@pytest.mark.parametrize(
    "withheld", ["+266696687", "+7378742833", "+2562533", "+8656696", "anonymous", "Restricted", ""]
)
def test_a_withheld_number_is_served_in_full_and_is_nobody_we_know(
    say: Say, line: str, session: Session, withheld: str
) -> None:
    for sid in ("CA1", "CA2"):
        call = CallFrom(say, sid=sid, caller=withheld)
        call.record(call.to_the_microphone(BURMESE, MESSAGE), sid=f"RE{sid}")
    reports = session.scalars(sa.select(Report)).all()
    assert len({report.contact_id for report in reports}) == 2
    assert [report.contact.number for report in reports] == [None, None]


def test_a_number_we_do_not_know_is_answered_by_the_default_tree(
    say: Say, line: str, session: Session
) -> None:
    call = CallFrom(say, line="+6629999999")
    call.record(call.to_the_microphone(BURMESE, MESSAGE))
    written = session.scalars(sa.select(Call)).one()
    assert (written.line_id, written.dialled) == (None, "+6629999999")
    assert _count(session, Report) == [1]


@pytest.mark.parametrize(
    "path",
    [
        "/voice/step?nonsense=1",
        "/voice/step",
        "/voice/step?at=%00%ff",
        "/voice/recorded?x=1",
        "/voice/unrecorded",
        "/voice/fallback",
    ],
)
def test_nonsense_ends_in_a_spoken_sentence_and_at_the_microphone(say: Say, line: str, path: str) -> None:
    document = Document(say(path, CallSid="CA1", From=CALLER, To=line, RecordingSid="RE1"))
    assert document.plays and "Record" in document.verbs


def test_an_error_inside_is_never_silence(
    call: CallFrom, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    menu = call.press(call.start(), BURMESE)
    monkeypatch.setattr("hotline.webhooks.voice.resume", lambda *_: 1 / 0)
    document = call.press(menu, MESSAGE)
    assert "Record" in document.verbs
    assert {language for _, language in _said(app, document)} == {"my"}


def test_the_fallback_knows_where_the_caller_was(say: Say, app: Flask, call: CallFrom) -> None:
    menu = call.press(call.start(), "2")
    failed = "http://hotline.test" + menu.next("Gather")
    document = Document(say("/voice/fallback", **call.fields, ErrorCode="11200", ErrorUrl=failed))
    assert "Record" in document.verbs
    assert {language for _, language in _said(app, document)} == {"th"}


def test_without_the_database_the_caller_still_reaches_the_microphone(
    say: Say, call: CallFrom, app: Flask, settings: Settings
) -> None:
    call.start()
    nowhere = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:9/none"})
    app.extensions[KEY] = replace(app.extensions[KEY], writer=Writer(nowhere))
    microphone = CallFrom(say, sid="CA2").to_the_microphone(BURMESE, MESSAGE)
    assert "Record" in microphone.verbs


def test_a_prompt_is_served_for_ever(client, call: CallFrom) -> None:  # type: ignore[no-untyped-def]
    play = call.start().plays[0].removeprefix("http://hotline.test")
    answer = client.get(play)
    assert answer.mimetype == "audio/wav" and answer.data[:4] == b"RIFF"
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/prompts/00000000000000000000.wav").status_code == 404
