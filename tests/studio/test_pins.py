"""A PIN lets one member's calls in for an hour; guessing leads nowhere and tells nothing."""

import logging
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.db import Base, utcnow
from hotline.flow.studio import PIN
from hotline.staff.models import User
from hotline.studio.models import StudioPin, StudioTry
from hotline.studio.pins import LASTS, LIVE, WRONG_ANYWHERE, WRONG_OF_ONE
from hotline.studio.take_pin import give_back_pin, take_pin
from hotline.vault.audit import AuditRow
from tests.carrier_says import Say
from tests.signing_in import SignIn, make_member, sign_in, token_of
from tests.studio.telephone import call_studio, enter, prompts, said

pytestmark = pytest.mark.usefixtures("studio_line")
WRONG = "0000000000"


def _is_in(app: Flask, say: Say, pin: str, sid: str = "CA1", caller: str = "+66812345670") -> bool:
    return prompts(app, enter(call_studio(say, sid, caller), pin)) == ["studio_number"]


def _page_pin(page: str) -> str:
    found = re.search(r"Your PIN is <span[^>]*>([0-9 ]+)<", page)
    assert found, page[-3000:]
    return found[1].replace(" ", "")


def _take(client: FlaskClient, language: str = "th", act: str = "take") -> str:
    fields = {"csrf_token": token_of(client.get("/studio").text), "language": language, "act": act}
    return client.post("/studio/pin", data=fields, follow_redirects=True).text


def test_a_member_takes_a_pin_which_is_shown_once_and_lets_their_call_in(
    app: Flask, say: Say, signed_in: SignIn
) -> None:
    client = signed_in("transcriber", ("th",), "Thiri")
    assert "Take a PIN" in client.get("/studio").text
    page = _take(client)
    shown = _page_pin(page)
    assert len(shown) == PIN and "+6620000143" in page
    again = client.get("/studio").text
    assert shown not in again.replace(" ", "") and "Yours is for Thai and ends at" in again
    assert said(app, enter(call_studio(say), shown)) == [("studio_number", "th")]


def test_taken_anew_or_given_back_the_former_one_ends(app: Flask, say: Say, signed_in: SignIn) -> None:
    client = signed_in("transcriber", ("th", "my"), "Thiri")
    former = _page_pin(_take(client))
    newer = _page_pin(_take(client, "my"))
    assert not _is_in(app, say, former, "CA1") and _is_in(app, say, newer, "CA2")
    assert "opens nothing any more" in _take(client, act="give back")
    assert not _is_in(app, say, newer, "CA3")


def test_nobody_takes_one_for_a_language_that_they_do_not_speak(signed_in: SignIn, session: Session) -> None:
    client = signed_in("transcriber", ("th",), "Thiri")
    for language in ("my", "xx", ""):
        assert "languages that you speak" in _take(client, language)
    assert session.scalars(sa.select(StudioPin)).all() == []


def test_without_a_studio_line_the_page_says_who_adds_one(signed_in: SignIn, session: Session) -> None:
    session.execute(sa.text("DELETE FROM lines"))
    session.commit()
    page = signed_in("transcriber", ("th",), "Thiri").get("/studio").text
    assert "No number leads to the studio yet" in page and "Take a PIN" not in page


def test_it_ends_after_an_hour(app: Flask, say: Say, pin: str, session: Session) -> None:
    session.execute(sa.update(StudioPin).values(ends_at=StudioPin.ends_at - LASTS + timedelta(seconds=9)))
    session.commit()
    assert _is_in(app, say, pin)
    session.execute(sa.update(StudioPin).values(ends_at=utcnow()))
    session.commit()
    assert not _is_in(app, say, pin, "CA2")


def test_who_was_let_go_is_not_let_in_nor_goes_on(
    app: Flask, say: Say, pin: str, thiri: User, session: Session
) -> None:  # fmt: skip
    call = call_studio(say)
    inside = enter(call, pin)
    thiri.active = False
    session.commit()
    assert prompts(app, call.press(inside, "105")) == ["goodbye"]
    assert not _is_in(app, say, pin, "CA2")


def test_a_pin_that_ends_during_a_call_does_not_end_the_call(
    app: Flask, say: Say, pin: str, thiri: User, session: Session
) -> None:  # fmt: skip
    call = call_studio(say)
    inside = enter(call, pin)
    give_back_pin(session, thiri)
    session.commit()
    assert call.press(inside, "105").find("Record") is not None


def test_a_wrong_pin_an_ended_one_and_half_a_one_are_answered_alike(
    app: Flask,
    say: Say,
    pin: str,
    session: Session,
) -> None:
    session.execute(sa.update(StudioPin).values(ends_at=utcnow()))
    session.commit()
    answers = {
        tuple(prompts(app, enter(call_studio(say, f"CA{n}"), digits)))
        for n, digits in enumerate((pin, WRONG, pin[:5], f"{pin}1", "*#"))
    }
    assert answers == {("mailbox_refused", "studio_pin")}


def test_who_guesses_is_soon_not_let_in_even_with_the_right_one(
    app: Flask,
    say: Say,
    pin: str,
    session: Session,
) -> None:
    for number in range(WRONG_OF_ONE):
        assert not _is_in(app, say, f"{number:0{PIN}d}", f"CAg{number}")
    assert not _is_in(app, say, pin, "CA7")
    assert _is_in(app, say, pin, "CA8", "+66812345699"), "from elsewhere"
    session.execute(sa.update(StudioTry).values(at=StudioTry.at - timedelta(minutes=61)))
    session.commit()
    assert _is_in(app, say, pin, "CA9"), "an hour later"


def test_guesses_from_everywhere_and_from_withheld_numbers_are_counted_together(
    app: Flask, say: Say, pin: str
) -> None:  # fmt: skip
    for number in range(WRONG_ANYWHERE):
        caller = "anonymous" if number % 2 else f"+6681234{number:04d}"
        assert not _is_in(app, say, f"{number:0{PIN}d}", f"CAg{number}", caller)
    assert not _is_in(app, say, pin, "CA7", "+66812345699")


def test_withheld_numbers_are_not_counted_as_one_person(app: Flask, say: Say, pin: str) -> None:
    for number in range(WRONG_OF_ONE):
        _is_in(app, say, f"{number:0{PIN}d}", f"CAg{number}", "anonymous")
    assert _is_in(app, say, pin, "CA7", "anonymous")


def test_a_try_told_twice_is_one_and_ends_the_same(
    app: Flask,
    say: Say,
    pin: str,
    session: Session,
) -> None:
    call = call_studio(say)
    begun = call.start()
    assert {tuple(prompts(app, call.press(begun, pin))) for _ in range(4)} == {("studio_number",)}
    assert {tuple(prompts(app, call_studio(say, "CA2").press(begun, WRONG))) for _ in range(4)} == {
        ("mailbox_refused", "studio_pin")
    }
    assert session.scalar(sa.select(sa.func.count()).select_from(StudioTry)) == 2


def test_lucky_guesses_stay_below_one_in_ten_thousand_a_year() -> None:
    guesses = WRONG_ANYWHERE * 24 * 365
    assert guesses * LIVE / 10**PIN < 1e-4


def test_pins_are_ten_digits_and_each_is_another(session: Session, thiri: User) -> None:
    pins = {take_pin(session, thiri, "th", utcnow()) for _ in range(200)}
    assert len(pins) == 200 and all(len(pin) == PIN and pin.isdigit() for pin in pins)


def test_no_pin_is_kept_anywhere_travels_in_an_address_or_is_logged(
    app: Flask, say: Say, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = sign_in(app.test_client(), make_member(session, "transcriber", ("th",), "Thiri").email)
    shown = _page_pin(_take(client))
    call = call_studio(say)
    refused = call.press(call.start(), "9182736455")
    inside = call.press(refused, shown)
    assert not any(digits in inside.next("Gather") for digits in (shown, "9182736455"))
    call.record(call.press(inside, "105"))
    session.rollback()
    places = [
        (table.name, str(dict(row)))
        for table in Base.metadata.tables.values()
        for row in session.execute(sa.text(f'SELECT * FROM "{table.name}"')).mappings()
    ]
    places += [("log", f"{entry.getMessage()} {vars(entry)!r}") for entry in caplog.records]
    assert len(places) > 5
    assert [where for where, stands in places if shown in stands or "9182736455" in stands] == []
    acts = session.scalars(sa.select(AuditRow.action).where(AuditRow.subject == "studio_pins")).all()
    assert acts == ["took a PIN"]


def test_the_tone_sounds_for_nobody_who_was_not_let_in(app: Flask, say: Say, pin: str) -> None:
    """Our own signed address of another call is no way in."""
    inside = enter(call_studio(say), pin)
    stranger = call_studio(say, "CA2").press(inside, "105")
    assert prompts(app, stranger) == ["goodbye"] and stranger.verbs[-1] == "Hangup"
