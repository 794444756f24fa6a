"""Ways beside the microphone: by keys, to be called back, as a text; and one's own message heard again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.callbacks.safe_time import Window, window_of
from hotline.db import utcnow
from hotline.flow.reference import reference_of
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Contact, Line, Message, Report
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from hotline.transcription.alarm import promise_alarms
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CallFrom, Document, Say
from tests.carriers import RunningCarrier
from tests.signing_in import make_member
from workers.tools import Tools
from workers.work_due import keep_due

SPEECH = bytes(range(256)) * 1000  # telephone samples
BANGKOK = ZoneInfo("Asia/Bangkok")


def _said(app: Flask, document: Document) -> list[str]:
    catalogue = app.extensions[KEY].catalogue
    sounds = [catalogue.by_sha(play.rpartition("/")[2].removesuffix(".wav")) for play in document.plays]
    return [sound.prompt for sound in sounds if sound]


def _words(report: Report) -> str:
    message = report.message
    assert message is not None
    return report.contact.open(message.body, f"messages.body:{message.id}").decode()


def test_what_keys_said_is_a_report_like_any_other(app: Flask, call: CallFrom, session: Session) -> None:
    ended = call.to_the_microphone("2", "4", "2", "4", "2", "3", "2")
    report = session.scalars(sa.select(Report)).one()
    assert (report.kind, report.language, report.urgency, report.state) == ("text", "th", "urgent", "waiting")
    message = report.message
    assert message is not None and message.kind == "keys"
    words = report.contact.open(message.body, f"messages.body:{message.id}").decode()
    assert words == "By keys: what: cannot leave; where: building site; urgent: can wait; call safe: no"
    digits = "".join(prompt[-1] for prompt in _said(app, ended) if prompt.startswith("digit."))
    assert digits == report.reference * 2
    assert keep_ledger(session).texts == 0, "no text came"


def test_said_in_danger_it_is_danger_and_told_twice_it_is_one(
    say: Say, call: CallFrom, session: Session
) -> None:
    document = call.to_the_microphone("2", "4", "2", "1", "1", "1")
    for _ in range(3):
        call.press(document, "1")
    assert session.scalars(sa.select(Report.urgency)).all() == ["danger"]


@pytest.mark.parametrize(
    ("keys", "words", "urgency"),
    [
        (("3",), "what: violence", "urgent"),
        (("3", "3"), "what: violence; where: home", "urgent"),
        (("3", "3", "1"), "what: violence; where: home; urgent: danger", "danger"),
        (("3", "", "", "1"), "what: violence; urgent: danger", "danger"),
    ],
)
def test_what_keys_said_before_the_caller_hung_up_is_a_report(
    call: CallFrom, session: Session, keys: tuple[str, ...], words: str, urgency: str
) -> None:
    call.to_the_microphone("1", "4", "2", *keys)
    call.say("/voice/status", CallSid=call.sid, CallStatus="completed", SequenceNumber="4")
    report = session.scalars(sa.select(Report)).one()
    assert (_words(report), report.urgency, report.state) == (f"By keys: {words}", urgency, "waiting")
    assert report.reference == reference_of(call.sid)
    ledger = keep_ledger(session)
    assert (ledger.calls, ledger.elsewhere, ledger.texts) == (1, 1, 0)


def test_who_answers_nothing_and_hangs_up_leaves_no_report(call: CallFrom, session: Session) -> None:
    call.to_the_microphone("1", "4", "2", "9")
    assert session.scalars(sa.select(Report)).all() == []


def test_danger_said_by_keys_is_alarmed_before_the_last_question(
    call: CallFrom, session: Session, settings: Settings
) -> None:
    make_member(session, "supervisor", ("my",)).phone = "+66811111111"
    session.commit()
    document = call.to_the_microphone("1", "4", "2", "3", "3")
    assert promise_alarms(session, settings, utcnow()) == 0
    session.rollback()
    for _ in range(3):
        call.press(document, "1")
        assert promise_alarms(session, settings, utcnow()) == 1
        session.commit()
    assert session.scalars(sa.select(OutboxRow.kind).where(OutboxRow.kind == "alarm")).all() == ["alarm"]


def test_who_goes_on_to_the_microphone_has_one_report_of_keys_and_one_of_what_was_said(
    call: CallFrom, session: Session
) -> None:
    microphone = call.to_the_microphone("1", "4", "2", "3", "3", "1", "*", "1", "1")
    call.record(microphone)
    found = session.execute(
        sa.select(Report.kind, Report.urgency, Report.reference).order_by(Report.kind)
    ).all()
    number = reference_of(call.sid)
    assert [tuple(one) for one in found] == [("text", "danger", number), ("voice", "danger", number)]


def test_what_keys_said_after_somebody_was_done_with_it_waits_again_and_is_no_less_urgent(
    call: CallFrom, session: Session
) -> None:
    document = call.to_the_microphone("1", "4", "2", "3")
    session.execute(sa.update(Report).values(state="done", done_at=sa.func.now(), urgency="danger"))
    session.commit()
    for _ in range(2):
        call.press(document, "3")
    report = session.scalars(sa.select(Report)).one()
    assert (report.state, report.done_at, report.urgency) == ("waiting", None, "danger")
    assert _words(report) == "By keys: what: violence; where: home"


def test_a_wish_to_be_called_is_kept_with_when_and_whether_a_text_is_safe(
    call: CallFrom, session: Session
) -> None:
    document = call.to_the_microphone("1", "4", "1", "3")
    for _ in range(2):
        call.press(document, "2")
    wish = session.scalars(sa.select(Callback)).one()
    assert (wish.why, wish.state, wish.language, wish.text_safe) == ("asked", "due", "my", False)
    here = wish.not_before.astimezone(BANGKOK)
    assert (here.hour, here.minute) == (8, 30) and wish.not_before > wish.asked_at
    assert wish.wished == "tomorrow_morning" and wish.safe_until == wish.not_before + timedelta(hours=3.5)


def _clock(monkeypatch: pytest.MonkeyPatch, shows: str) -> None:
    """What clocks in Bangkok show when the next webhooks come."""
    monkeypatch.setattr("hotline.webhooks.form.utcnow", lambda: _in_bangkok(shows))


def _in_bangkok(shows: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-25T{shows}").replace(tzinfo=BANGKOK).astimezone(UTC)


def test_who_wishes_for_this_evening_too_late_is_told_so_and_nothing_is_owed_yet(
    app: Flask, call: CallFrom, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _clock(monkeypatch, "20:30:00")
    asked = call.press(call.to_the_microphone("1", "4", "1"), "2")
    assert _said(app, asked) == ["callback_late", "callback_when"]
    call.press(asked, "4")
    assert session.scalars(sa.select(Callback)).all() == []
    call.press(call.press(asked, "4"), "1")
    wish = session.scalars(sa.select(Callback)).one()
    assert (wish.wished, wish.not_before) == ("tomorrow_evening", _in_bangkok("19:00") + timedelta(days=1))


def test_who_wished_for_it_in_time_is_owed_it_though_their_next_answer_comes_after(
    call: CallFrom, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _clock(monkeypatch, "20:29:50")
    asked = call.to_the_microphone("1", "4", "1", "2")
    _clock(monkeypatch, "20:30:10")
    call.press(asked, "1")
    wish = session.scalars(sa.select(Callback)).one()
    assert (wish.wished, wish.not_before, wish.safe_until) == (
        "this_evening", _in_bangkok("20:29:50"), _in_bangkok("21:00")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "when", "then", "until"),
    [
        ("2026-11-25T15:00", "now", "2026-11-25T15:00", "2026-11-25T17:00"),
        ("2026-11-25T23:00", "now", "2026-11-25T23:00", "2026-11-26T01:00"),
        ("2026-11-25T15:00", "this_evening", "2026-11-25T19:00", "2026-11-25T21:00"),
        ("2026-11-25T19:30", "this_evening", "2026-11-25T19:30", "2026-11-25T21:00"),
        ("2026-11-25T21:00", "this_evening", "2026-11-26T19:00", "2026-11-26T21:00"),
        ("2026-11-25T23:59", "tomorrow_morning", "2026-11-26T08:30", "2026-11-26T12:00"),
        ("2026-11-26T00:30", "tomorrow_morning", "2026-11-26T08:30", "2026-11-26T12:00"),
        ("2026-11-26T03:59", "tomorrow_morning", "2026-11-26T08:30", "2026-11-26T12:00"),
        ("2026-11-26T04:00", "tomorrow_morning", "2026-11-27T08:30", "2026-11-27T12:00"),
        ("2026-12-31T10:00", "tomorrow_evening", "2027-01-01T19:00", "2027-01-01T21:00"),
    ],
)
def test_when_it_is_safe_is_meant_in_the_callers_own_day(now: str, when: str, then: str, until: str) -> None:
    here, begins, ends = (datetime.fromisoformat(at).replace(tzinfo=BANGKOK) for at in (now, then, until))
    assert window_of(when, here) == Window(begins, ends)


@pytest.mark.parametrize("caller", ["anonymous", "+19005551234", "+4915112345678"])
def test_who_cannot_be_called_is_told_so_without_thanks_and_led_to_the_other_ways(
    app: Flask, say: Say, line: str, session: Session, caller: str
) -> None:
    call = CallFrom(say, caller=caller)
    told = call.to_the_microphone("1", "4", "1")
    assert _said(app, told) == ["callback_cannot", "other_ways"] and "Gather" in told.verbs
    for _ in range(2):
        told = call.press(told, "")
    assert "Record" in told.verbs and session.scalars(sa.select(Callback)).all() == []


def test_rights_come_as_one_text_in_the_callers_language(
    app: Flask, call: CallFrom, session: Session
) -> None:
    document = call.to_the_microphone("1", "3", "5")
    assert _said(app, document) == ["rights", "as_text"]
    for _ in range(2):
        assert _said(app, call.press(document, "1"))[0] == "text_sent"
    message = session.scalars(sa.select(Message)).one()
    words = message.contact.open(message.body, f"messages.body:{message.id}").decode()
    assert words == app.extensions[KEY].catalogue.written("rights", "my")
    assert session.scalars(sa.select(OutboxRow.kind)).all() == ["send_text"]


def test_who_asked_for_no_texts_is_not_told_that_one_is_on_its_way(
    app: Flask, call: CallFrom, session: Session
) -> None:
    document = call.to_the_microphone("1", "3", "5")
    session.execute(sa.update(Contact).values(refuses_texts_since=sa.func.now()))
    session.commit()
    told = call.press(document, "1")
    assert _said(app, told) == ["text_refused", "main_menu"] and "Gather" in told.verbs
    assert session.scalars(sa.select(Message)).all() == []


def test_who_is_not_to_be_named_is_not_told_that_a_text_with_our_name_is_on_its_way(
    app: Flask, call: CallFrom, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = call.to_the_microphone("1", "3", "5")
    board = app.extensions[KEY]
    named = board.settings.model_copy(update={"office": board.catalogue.written("rights", "my")[:12]})
    monkeypatch.setitem(app.extensions, KEY, replace(board, settings=named))
    session.execute(sa.update(Contact).values(unnamed=True))
    session.commit()
    assert _said(app, call.press(document, "1"))[0] == "text_refused"
    assert session.scalars(sa.select(Message)).all() == []


def test_ones_own_message_is_played_once_it_is_stored_and_only_by_that_address(
    app: Flask, settings: Settings, say: Say, line: str, session: Session, carrier: RunningCarrier
) -> None:
    call = CallFrom(say)
    carrier.hold("RE1", SPEECH, call.sid)
    review = call.record(call.to_the_microphone("1", "1"), sid="RE1", seconds="16")
    assert _said(app, call.press(review, "1")) == ["on_its_way", "review"]
    tools = Tools(settings)
    tools.__dict__["carrier"] = carrier.client
    keep_due(tools)
    heard = call.press(review, "1")
    assert "/replay/" in heard.plays[0]
    client, path = app.test_client(), heard.plays[0].removeprefix(settings.public_url)
    answer = client.get(path)
    assert answer.status_code == 200 and len(answer.data) > 1000
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(path.replace("/replay/", "/replay/x")).status_code == 404


def test_a_notice_stands_before_a_line_and_ends_by_itself(
    app: Flask, call: CallFrom, session: Session
) -> None:
    def notice(until: str) -> None:
        session.execute(sa.update(Line).values(notice="announce_busy", notice_until=sa.text(until),
                                               straight_until=sa.text(until)))  # fmt: skip
        session.commit()
        app.extensions[KEY].lines._lines._looked_at = float("-inf")

    notice("now() + interval '1 hour'")
    told = call.start()
    assert _said(app, told) == ["announce_busy", "consent", "speak"] and told.find("Record") is not None
    notice("now() - interval '1 second'")
    assert "Gather" in CallFrom(call.say, sid="CA2").start().verbs
