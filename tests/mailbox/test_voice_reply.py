"""Staff answer by voice; only code and PIN open it, from any phone, and what is erased is gone."""

import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.casework.models import Case, VoiceReply
from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.flow.spoken_numbers import MOST_ANSWERS
from hotline.flow.turn import Clip
from hotline.intake.models import Report
from hotline.media.listen import listen
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.vault.audit import AuditRow
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CallFrom, Document, Say
from tests.mailbox.test_mailbox import PIN, TODAY, _come_back, _said, code  # noqa: F401
from tests.signing_in import SignIn, token_of


@pytest.fixture
def caseworker(signed_in: SignIn) -> FlaskClient:
    return signed_in("caseworker", ("my",), "Aye")


@pytest.fixture
def case(call: CallFrom, caseworker: FlaskClient, session: Session, code: str) -> Case:  # noqa: F811
    report = session.scalars(sa.select(Report)).one()
    member = session.scalars(sa.select(User).where(User.name == "Aye")).one()
    made = open_case(session, report, member, urgency="standard", category="wages", now=utcnow())
    session.commit()
    return made


def _answer(app: Flask, client: FlaskClient, case: Case, audio: bytes | None = None) -> str:
    sound = app.extensions[KEY].catalogue.sound(Clip("rights", "my")).audio if audio is None else audio
    page = client.get(f"/cases/{case.code}").text
    fields = {"csrf_token": token_of(page), "recording": (io.BytesIO(sound), "answer.wav")}
    return client.post(f"/cases/{case.code}/voice", data=fields, follow_redirects=True).text


def test_a_button_pressed_twice_leaves_one_answer(
    app: Flask, caseworker: FlaskClient, case: Case, session: Session
) -> None:
    sound = app.extensions[KEY].catalogue.sound(Clip("rights", "my")).audio
    page = caseworker.get(f"/cases/{case.code}").text
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    for _ in range(2):
        fields = {
            "csrf_token": token_of(page),
            "once": once[1],
            "recording": (io.BytesIO(sound), "answer.wav"),
        }
        shown = caseworker.post(f"/cases/{case.code}/voice", data=fields, follow_redirects=True).text
        assert "are in their mailbox" in shown and shown.count("Our answer by voice,") == 1
    assert len(session.scalars(sa.select(VoiceReply)).all()) == 1


def _reply_in(document: Document, settings: Settings) -> str:
    return next(path for path in document.plays if "/reply/" in path).removeprefix(settings.public_url)


def test_they_hear_the_answer_after_how_things_stand_and_then_may_speak(
    app: Flask, say: Say, caseworker: FlaskClient, case: Case, code: str, settings: Settings, session: Session  # noqa: F811
) -> None:  # fmt: skip
    assert "are in their mailbox" in _answer(app, caseworker, case)
    inside = _come_back(say, code, PIN)
    assert _said(app, inside)[:5] == [*TODAY, "mailbox_waiting", "mailbox_reply"]
    heard = [("/reply/" in path) for path in inside.plays]
    assert heard.index(True) == 5 and inside.find("Record") is not None
    sound = app.test_client().get(_reply_in(inside, settings))
    assert (sound.status_code, sound.headers["Cache-Control"]) == (200, "no-store")
    assert listen(sound.data).verdict == "speech"
    session.expire_all()
    assert session.scalars(sa.select(VoiceReply)).one().heard_at is not None
    assert "they heard it" in caseworker.get(f"/cases/{case.code}").text
    acts = session.scalars(sa.select(AuditRow.action).where(AuditRow.subject == "cases")).all()
    assert "answered by voice" in acts


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (1, []),
        (2, ["mailbox_answers", "digit.2", "mailbox_answers_end"]),
        (21, ["mailbox_answers", "number.20_and", "digit.1", "mailbox_answers_end"]),
        (MOST_ANSWERS + 1, []),  # nobody has recorded the numbers beyond
    ],
)
def test_they_hear_how_many_answers_there_are_where_there_are_several(
    app: Flask, say: Say, caseworker: FlaskClient, case: Case, code: str, session: Session, answers: int, told: list[str]  # noqa: F811
) -> None:  # fmt: skip
    _answer(app, caseworker, case)
    names = [column.name for column in VoiceReply.__table__.columns if column.name not in ("id", "at")]
    columns = ", ".join(names)
    more = f"SELECT gen_random_uuid(), at - interval '1 hour', {columns} FROM voice_replies, generate_series(2, :n)"
    session.execute(sa.text(f"INSERT INTO voice_replies (id, at, {columns}) {more}"), {"n": answers})
    session.commit()
    inside = _come_back(say, code, PIN)
    assert _said(app, inside)[3 : 5 + len(told)] == ["mailbox_waiting", *told, "mailbox_reply"]
    assert "/reply/" in inside.plays[5 + len(told)]


def _lengths(app: Flask, document: Document, settings: Settings) -> list[int]:
    """Of the answers in a document, fetched as the carrier does when it plays them; in seconds."""
    paths = [path.removeprefix(settings.public_url) for path in document.plays if "/reply/" in path]
    return [round(listen(app.test_client().get(path).data).seconds) for path in paths]


def test_of_several_answers_every_one_is_heard_the_oldest_first_and_then_what_is_new(
    app: Flask, say: Say, caseworker: FlaskClient, case: Case, code: str, settings: Settings, session: Session  # noqa: F811
) -> None:  # fmt: skip
    for prompt in ("rights", "consent"):
        _answer(app, caseworker, case, app.extensions[KEY].catalogue.sound(Clip(prompt, "my")).audio)
    by_age = sa.select(VoiceReply.seconds).order_by(VoiceReply.at)
    older, newer = (round(seconds) for seconds in session.scalars(by_age))
    both = _come_back(say, code, PIN)
    assert _said(app, both)[4:-1] == [
        "mailbox_answers",
        "digit.2",
        "mailbox_answers_end",
        *["mailbox_reply"] * 2,
    ]
    assert _lengths(app, both, settings) == [older, newer]
    _answer(app, caseworker, case)
    assert len(_lengths(app, _come_back(say, code, PIN, "CA3"), settings)) == 1, "what is new"
    assert len(_lengths(app, _come_back(say, code, PIN, "CA4"), settings)) == 3, "nothing is new: all again"


def test_an_answer_that_was_not_played_to_them_is_not_marked_as_heard(
    app: Flask, say: Say, caseworker: FlaskClient, case: Case, code: str, settings: Settings, session: Session  # noqa: F811
) -> None:  # fmt: skip
    for _ in range(2):
        _answer(app, caseworker, case)
    app.test_client().get(_reply_in(_come_back(say, code, PIN), settings))  # then they hang up
    heard = session.scalars(sa.select(VoiceReply.heard_at).order_by(VoiceReply.at)).all()
    assert heard[0] is not None and heard[1] is None
    assert len(_lengths(app, _come_back(say, code, PIN, "CA3"), settings)) == 1


def test_a_wrong_pin_hears_nothing_of_it_and_no_made_up_address_opens_it(
    app: Flask, say: Say, caseworker: FlaskClient, case: Case, code: str, settings: Settings  # noqa: F811
) -> None:  # fmt: skip
    _answer(app, caseworker, case)
    assert not any("/reply/" in path for path in _come_back(say, code, "9173").plays)
    path = _reply_in(_come_back(say, code, PIN, "CA3"), settings)
    client = app.test_client()
    for wrong in (path.replace("/reply/", "/reply/x"), path.replace("/reply/", "/replay/"), "/reply/x.mp3"):
        assert client.get(wrong).status_code == 404


@pytest.mark.parametrize("audio", [b"nothing at all", bytes(32_000), b""])
def test_what_is_no_answer_is_not_kept(
    app: Flask, caseworker: FlaskClient, case: Case, session: Session, audio: bytes
) -> None:
    page = _answer(app, caseworker, case, audio)
    assert "Nothing is heard in it" in page or "Choose a file" in page
    assert session.scalars(sa.select(VoiceReply)).all() == []


def test_without_a_mailbox_there_is_nowhere_to_leave_it(
    app: Flask, say: Say, caseworker: FlaskClient, case: Case, session: Session
) -> None:
    session.execute(sa.text("DELETE FROM mailboxes"))
    session.commit()
    assert "They asked for no way back" in caseworker.get(f"/cases/{case.code}").text
    assert "They have no mailbox" in _answer(app, caseworker, case)


def test_the_answer_is_sealed_with_the_persons_key(
    app: Flask, caseworker: FlaskClient, case: Case, session: Session
) -> None:
    _answer(app, caseworker, case)
    sealed = session.scalar(sa.text("SELECT audio FROM voice_replies"))
    assert sealed and b"ID3" not in sealed and b"LAME" not in sealed and b"Lavc" not in sealed
