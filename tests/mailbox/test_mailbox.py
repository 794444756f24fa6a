"""A caller comes back from any phone, with twelve digits and four; guessing leads nowhere and tells nothing."""

import re
import zlib
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.flow.nodes.mailbox import CODE
from hotline.flow.nodes.new_mailbox import is_easy
from hotline.intake.models import Call, Report, Step
from hotline.mailbox.codes import code_of, mark_of
from hotline.mailbox.limits import COMMONEST_PIN, DAY, HOUR, LIMITS, LIVE, LUCKY_A_YEAR
from hotline.mailbox.models import Mailbox, MailboxTry
from hotline.vault.keys import vault
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CallFrom, Document, Say

PIN = "2749"
WRONG_ANYWHERE, WRONG_OF_ONE = LIMITS[HOUR]
BORROWED = "+66890000009"
LATER = ["mailbox_later", "speak"]  # then the microphone
TODAY = ("mailbox_left", "day.today", "mailbox_left_end")  # "you left your message today", in Burmese


def _said(app: Flask, document: Document) -> list[str]:
    catalogue = app.extensions[KEY].catalogue
    sounds = [catalogue.by_sha(play.rpartition("/")[2].removesuffix(".wav")) for play in document.plays]
    return [sound.prompt for sound in sounds if sound]


@pytest.fixture
def code(app: Flask, call: CallFrom) -> str:
    """Somebody left a message, asked for a way back and chose their PIN; what they were told."""
    review = call.record(call.to_the_microphone("1", "1"), sid="RE1")
    told = _said(app, call.press(call.press(review, "3"), PIN))
    digits = "".join(prompt[-1] for prompt in told if prompt.startswith("digit."))
    assert (
        digits[:12] == digits[12:]
        and told.count("pause") == 8
        and told[-2:] == ["new_mailbox_keep", "goodbye"]
    )
    return digits[:12]


def _come_back(say: Say, code: str, pin: str, sid: str = "CA2", caller: str = "") -> Document:
    """From a phone that nobody called from before, or from one whose language is known."""
    call = CallFrom(say, sid=sid, caller=caller or f"+6689{zlib.crc32(sid.encode()) % 10**7:07d}")
    document = call.to_the_microphone(*(("4", "4") if caller else ("1", "4", "4")))
    return call.press(call.press(document, code), pin)


def test_from_a_borrowed_phone_they_hear_how_things_stand_and_leave_more(
    app: Flask, say: Say, code: str, session: Session
) -> None:
    inside = _come_back(say, code, PIN)
    assert _said(app, inside)[:4] == [*TODAY, "mailbox_waiting"]
    CallFrom(say, sid="CA2").record(inside, sid="RE2")
    reports = session.scalars(sa.select(Report).order_by(Report.received_at)).all()
    assert len(reports) == 2 and reports[0].contact_id == reports[1].contact_id
    session.execute(sa.update(Report).values(state="done"))
    session.commit()
    assert _said(app, _come_back(say, code, PIN, "CA3"))[:4] == [*TODAY, "mailbox_heard"]


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (timedelta(hours=1), ["day.today"]),
        (timedelta(hours=23), ["day.yesterday"]),
        (timedelta(hours=24), ["day.yesterday"]),
        (timedelta(hours=26), ["month.11", "digit.3", "day.on"]),
        (timedelta(days=12), ["month.10", "number.20_and", "digit.4", "day.on"]),
    ],
)
def test_they_hear_on_which_day_of_the_line_they_left_their_message(
    app: Flask,
    say: Say,
    code: str,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    ago: timedelta,
    told: list[str],
) -> None:
    """The line is Burma's: 6 h 30 min ahead of the database, so that its 5 November begins at 17:30 of the 4th."""
    session.execute(sa.text("UPDATE lines SET zone = 'Asia/Yangon'"))
    now = datetime(2026, 11, 4, 18, 45, tzinfo=UTC)  # 1:15 in the morning of the 5th
    session.execute(sa.update(Report).values(received_at=now - ago))
    session.commit()
    app.extensions[KEY].lines._lines._looked_at = float("-inf")
    monkeypatch.setattr("hotline.webhooks.form.utcnow", lambda: now)
    heard = _said(app, _come_back(say, code, PIN))
    assert heard[: len(told) + 3] == ["mailbox_left", *told, "mailbox_left_end", "mailbox_waiting"]


def test_neither_code_nor_pin_is_kept_anywhere_or_travels_in_an_address(
    say: Say, code: str, session: Session
) -> None:
    call = CallFrom(say, sid="CA2", caller=BORROWED)
    asks_pin = call.press(call.to_the_microphone("1", "4", "4"), code)
    assert code not in asks_pin.next("Gather")
    call.press(asks_pin, PIN)
    box = session.scalars(sa.select(Mailbox)).one()
    assert code.encode() not in box.mark + box.pin
    for step in session.scalars(sa.select(Step)):
        event = vault().open(step.event, f"steps.event:{step.call_sid}:{step.number}") if step.event else b""
        assert step.pressed not in (code, PIN) and not re.search(f"{code}|Digits={PIN}".encode(), event)


def test_a_wrong_code_and_a_wrong_pin_are_answered_alike(app: Flask, say: Say, code: str) -> None:
    wrong_pin = _said(app, _come_back(say, code, "9173", "CA2"))
    wrong_code = _said(app, _come_back(say, f"{(int(code) + 1) % 10**12:012d}", PIN, "CA3"))
    assert wrong_pin == wrong_code == ["mailbox_refused", "mailbox_code"]


def test_a_hash_after_the_code_is_no_guess_and_the_pin_is_asked_for_anew(
    app: Flask, say: Say, code: str
) -> None:
    for number in range(WRONG_OF_ONE + 1):
        call = CallFrom(say, sid=f"CAh{number}", caller=f"+6689000010{number}")
        asked = call.press(call.to_the_microphone("1", "4", "4"), code)
        again = call.press(asked, "#" + PIN[:3])
        assert _said(app, again) == ["mailbox_pin"]
    assert "mailbox_waiting" in _said(app, call.press(again, PIN))


def test_who_guesses_is_soon_not_let_in_even_with_the_right_digits(app: Flask, say: Say, code: str) -> None:
    for number in range(WRONG_OF_ONE):
        _come_back(say, code, f"91{number:02d}", f"CAg{number}")
    assert _said(app, _come_back(say, code, PIN, "CA7")) == LATER


def test_who_tries_many_codes_is_not_let_in_either(app: Flask, say: Say, code: str) -> None:
    CallFrom(say, sid="CA0", caller=BORROWED).to_the_microphone("1")  # their language is known now
    for number in range(WRONG_OF_ONE):
        _come_back(say, f"{number:012d}", PIN, f"CAg{number}", BORROWED)
    assert _said(app, _come_back(say, code, PIN, "CA7", BORROWED)) == LATER
    assert _said(app, _come_back(say, code, PIN, "CA8"))[:4] == [*TODAY, "mailbox_waiting"], "from elsewhere"


def test_guesses_from_everywhere_are_counted_together(
    app: Flask, say: Say, code: str, session: Session
) -> None:
    session.execute(
        sa.text(
            "INSERT INTO mailbox_tries (call_sid, turn, at, mark, admitted)"
            " SELECT 'x' || n, 1, now(), decode(lpad(to_hex(n), 24, '0'), 'hex'), false FROM generate_series(1, :n) n"
        ),
        {"n": WRONG_ANYWHERE},
    )
    session.commit()
    assert _said(app, _come_back(say, code, PIN)) == LATER
    session.execute(sa.text("UPDATE mailbox_tries SET at = at - interval '61 minutes'"))
    session.commit()
    assert _said(app, _come_back(say, code, PIN, "CA3"))[:4] == [*TODAY, "mailbox_waiting"]


def _guess(say: Say, sid: str, caller: str, *codes: str) -> Document:
    """As many as are let; where it ends."""
    call = CallFrom(say, sid=sid, caller=caller)
    document = call.to_the_microphone("1", "4", "4")
    for each in codes:
        if document.root.find("Record") is None:
            document = call.press(call.press(document, each), PIN)
    return document


def test_callers_without_a_number_are_one_caller_and_close_no_mailbox_to_others(
    app: Flask, say: Say, code: str, session: Session
) -> None:
    """Sixty wrong codes, each call a withheld number: a limit of one caller's, and what it refuses counts no more."""
    for number in range(20):
        _guess(say, f"CAn{number}", "anonymous", *(f"{number:06d}{each:06d}" for each in range(3)))
    counted = sa.select(sa.func.count()).where(~MailboxTry.admitted, ~MailboxTry.limited)
    assert session.scalar(counted) == WRONG_OF_ONE
    assert _said(app, _guess(say, "CA7", "anonymous", code)) == LATER
    assert _said(app, _come_back(say, code, PIN, "CA8"))[:4] == [*TODAY, "mailbox_waiting"]


@pytest.mark.parametrize(("within", "least"), [(HOUR, timedelta()), (DAY, HOUR)])
@pytest.mark.parametrize("whose", ["everybody", "one code", "one caller"])
def test_each_limit_ends_with_its_hour_or_its_day(
    app: Flask, say: Say, code: str, session: Session, within: timedelta, least: timedelta, whose: str
) -> None:
    anywhere, each = LIMITS[within]
    CallFrom(say, sid="CA0", caller=BORROWED).to_the_microphone("1")
    caller = session.get_one(Call, "CA0").contact_id if whose == "one caller" else None
    mark = "" if whose == "one code" else "n"
    session.execute(
        sa.text(
            "INSERT INTO mailbox_tries (call_sid, turn, at, mark, contact_id, admitted)"
            " SELECT 'x' || n, 1, now() - :ago, CASE :mark WHEN '' THEN :code ELSE decode(lpad(to_hex(n), 24, '0'), 'hex')"
            " END, coalesce(CAST(:caller AS uuid), gen_random_uuid()), false FROM generate_series(1, :n) n"
        ),
        {
            "n": anywhere if whose == "everybody" else each,
            "ago": least + timedelta(minutes=1),
            "mark": mark,
            "code": mark_of(code),
            "caller": caller,
        },
    )
    session.commit()
    assert _said(app, _come_back(say, code, PIN, "CA2", BORROWED)) == LATER
    session.execute(sa.text("UPDATE mailbox_tries SET at = at - :within"), {"within": within})
    session.commit()
    assert _said(app, _come_back(say, code, PIN, "CA3", BORROWED))[:4] == [*TODAY, "mailbox_waiting"]


def test_as_much_is_asked_of_the_database_whatever_is_pressed(
    app: Flask, say: Say, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code that exists or not, a PIN that is right but refused by a limit: the same statements."""
    asked: list[list[str]] = []
    beside = app.extensions[KEY].sessions.kw["bind"]
    sa.event.listen(beside, "before_cursor_execute", lambda _c, _u, said, *_: asked[-1].append(said))
    nobodys = f"{(int(code) + 1) % 10**12:012d}"
    for at, (digits, pin) in enumerate([(code, "9173"), (nobodys, PIN), (nobodys, "9173")]):
        asked.append([])
        _come_back(say, digits, pin, f"CAg{at}")
    monkeypatch.setattr("hotline.mailbox.limits.LIMITS", dict.fromkeys((HOUR, DAY), (0, 0)))
    asked.append([])
    _come_back(say, code, PIN, "CAg9")
    tries = [[said for said in each if "mailbox" in said] for each in asked]
    assert tries[0] and all(each == tries[0] for each in tries)


def test_a_recording_that_never_came_is_told_as_that(
    app: Flask, say: Say, code: str, session: Session
) -> None:
    session.execute(sa.update(Report).values(state="not_received"))
    session.commit()
    inside = _come_back(say, code, PIN)
    assert _said(app, inside) == [*TODAY, "mailbox_not_received", "speak"]
    CallFrom(say, sid="CA2").record(inside, sid="RE2")
    assert _said(app, _come_back(say, code, PIN, "CA3"))[3] == "mailbox_waiting"


def test_where_nothing_was_left_no_message_is_spoken_of(
    app: Flask, say: Say, code: str, session: Session
) -> None:
    session.execute(sa.delete(Report))
    session.commit()
    assert _said(app, _come_back(say, code, PIN)) == ["mailbox_empty", "speak"]


def test_a_report_by_keys_is_found_again_with_code_and_pin(app: Flask, say: Say, call: CallFrom) -> None:
    offered = call.to_the_microphone("1", "4", "2", "4", "2", "3", "2")
    told = _said(app, call.press(call.press(offered, "1"), PIN))
    made = "".join(prompt[-1] for prompt in told if prompt.startswith("digit."))[:12]
    assert _said(app, _come_back(say, made, PIN))[:4] == [*TODAY, "mailbox_waiting"]


def test_a_code_that_is_taken_is_passed_over_without_a_word(
    app: Flask, say: Say, code: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who makes a mailbox does not learn that the code they would have had exists."""
    monkeypatch.setattr(
        "hotline.mailbox.make_mailbox.code_of", lambda _sid, draw=0: code if draw == 0 else "123456789012"
    )
    call = CallFrom(say, sid="CA5", caller=BORROWED)
    asks_pin = call.press(call.record(call.to_the_microphone("1", "1"), sid="RE5"), "3")
    for pin in ("9164", "6042"):  # the last PIN holds
        told = _said(app, call.press(asks_pin, pin))
        assert "".join(prompt[-1] for prompt in told if prompt.startswith("digit."))[:12] == "123456789012"
    assert _said(app, _come_back(say, code, PIN, "CA6"))[3] == "mailbox_waiting", (
        "its owner's PIN is as it was"
    )
    assert _said(app, _come_back(say, "123456789012", "6042", "CA7"))[3] == "mailbox_waiting"


def test_a_try_told_twice_is_one_and_ends_the_same(app: Flask, say: Say, code: str, session: Session) -> None:
    call = CallFrom(say, sid="CA2", caller=BORROWED)
    asks_pin = call.press(call.to_the_microphone("1", "4", "4"), code)
    assert {tuple(_said(app, call.press(asks_pin, PIN))) for _ in range(4)} == {
        (*TODAY, "mailbox_waiting", "speak")
    }
    assert session.scalar(sa.select(sa.func.count()).select_from(MailboxTry)) == 1
    assert session.get_one(Call, "CA2").contact_id != session.scalars(sa.select(Mailbox.contact_id)).one()


def test_lucky_guesses_stay_below_one_in_a_hundred_thousand_a_year() -> None:
    """The commonest PIN that is allowed, tried with every code that the limits leave to a guesser."""
    guesses = min(LIMITS[DAY][0] * 365, LIMITS[HOUR][0] * 24 * 365)
    assert LIVE == 100_000 and COMMONEST_PIN >= 1 / 1000
    assert LUCKY_A_YEAR == guesses * LIVE / 10**CODE * COMMONEST_PIN < 1e-5


@pytest.mark.parametrize("pin", ["0000", "7777", "1234", "9876", "1212", "8901", "123", "12345", "12a4", ""])
def test_what_anybody_would_try_first_is_refused(pin: str) -> None:
    assert is_easy(pin)


@pytest.mark.parametrize(
    "pin",
    ["1990", "2001", "1940", "2029", "2580", "0852", "1590", "0753", "1236", "7412", "1379", "9731", "2684", "1122", "1221", "0007", "1004", "0911", "2468", "1357", "5683"],
)  # fmt: skip
def test_years_and_figures_on_the_keys_and_known_words_are_refused(pin: str) -> None:
    assert is_easy(pin)


def test_nearly_nine_of_ten_are_left_to_choose_from() -> None:
    allowed = [pin for number in range(10_000) if not is_easy(pin := f"{number:04d}")]
    assert len(allowed) > 8_900 and {PIN, "1939", "2030", "8305"} <= set(allowed)


def test_a_pin_that_is_too_easy_is_asked_for_again(app: Flask, call: CallFrom) -> None:
    review = call.record(call.to_the_microphone("1", "1"), sid="RE1")
    assert _said(app, call.press(call.press(review, "3"), "1111")) == ["new_mailbox_easy", "new_mailbox_pin"]


@pytest.mark.usefixtures("settings")
def test_codes_are_twelve_digits_each_call_its_own() -> None:
    codes = {code_of(f"CA{number}") for number in range(2000)}
    assert len(codes) == 2000 and all(len(code) == 12 and code.isdigit() for code in codes)
