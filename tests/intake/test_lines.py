"""Lines in the console: what one is like stands in the form that changes it; where it is decides whose law is told."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.intake.line_book import LineBook
from hotline.intake.models import Line
from hotline.settings import Settings
from hotline.webhooks.switchboard import KEY
from hotline.writer import Writer
from tests.carrier_says import LINE
from tests.signing_in import make_member, post, sign_in


@pytest.fixture
def admin(client: FlaskClient, session: Session) -> FlaskClient:
    sign_in(client, make_member(session, "administrator", (), "Ada").email)
    return client


def test_whoever_changes_a_line_begins_with_what_it_is_like(
    admin: FlaskClient, session: Session, line: str
) -> None:
    told = {
        "name": "Main", "tree": "main", "languages": ["my", "th"], "answers_texts": False, "zone": "Asia/Bangkok",
        "hours": "mon-fri 09:00-17:30", "holidays": ["2026-12-07"], "answer_mode": "call_back", "rehearsal": True,
        "recording_seconds": 90, "country": "MY",
    }  # fmt: skip
    session.execute(sa.update(Line).values(**told))
    session.commit()
    page = admin.get("/lines", query_string={"number": LINE}).text
    form = dict(re.findall(r'<input class="input"[^>]* name="(\w+)"[^>]*value="([^"]*)"', page))
    form["answer_mode"] = str(re.findall(r'<option value="(\w+)" selected>', page)[-1])
    form |= dict(re.findall(r'type="checkbox" name="(\w+)" value="(1)" checked', page))
    assert "answers_texts" not in form and form["rehearsal"] == "1"
    post(admin, "/lines", **form | {"tree": "main", "name": "Main line"})
    session.expire_all()
    known = session.scalars(sa.select(Line)).one()
    assert {name: getattr(known, name) for name in told} == told | {"name": "Main line"}
    assert "in Malaysia" in admin.get("/lines").text


def test_a_country_that_is_none_keeps_what_was_typed(admin: FlaskClient, line: str) -> None:
    page = post(admin, "/lines", number=LINE, languages="my", country="XX", tree="main", zone="Asia/Bangkok")
    assert page.status_code == 400 and "XX is no country" in page.text and 'value="Asia/Bangkok"' in page.text


@pytest.mark.parametrize(("said", "law"), [("", "TH"), ("MY", "MY"), ("NP", "")])
def test_a_line_tells_the_law_of_where_it_is_said_to_be(
    app: Flask, settings: Settings, session: Session, line: str, said: str, law: str
) -> None:
    session.execute(sa.update(Line).values(country=said))
    session.commit()
    board = app.extensions[KEY]
    known = LineBook(Writer(settings), settings.data / "lines-of-this-test.json").find(LINE)
    assert known is not None and known.country == (said or "TH")
    assert {name.rpartition(".")[2] for name in board.facts(known).fresh} == ({law} if law else set())
