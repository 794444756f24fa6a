"""Where help is, through the whole hotline: a caller hears an embassy's number and has it as a text; texts likewise."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Line
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from tests.journeys.running import Running, run_hotline, wait_until
from tests.places import make_place

LINE, CALLER, TEXTER = "+6620000142", "+66812345671", "+66812345672"
EMBASSY = "Embassy of Nowhere: 02 000 0199"


@pytest.fixture
def running(settings: Settings, session: Session, data: Path) -> Iterator[Running]:
    session.add(Line(number=LINE, name="Main", tree="main", languages=["th", "en"], added_at=utcnow()))
    session.add(make_place(kind="embassy", name="Embassy of Nowhere", number="02 000 0199", words=EMBASSY))
    session.add(make_place(kind="shelter", name="Old", checked_at=utcnow() - timedelta(days=181)))
    session.commit()
    with run_hotline(settings, data) as hotline:
        yield hotline
        assert hotline.server_errors() == []


def test_a_caller_hears_a_number_and_has_it_as_a_text_and_so_does_who_texts(running: Running) -> None:
    phone = Phone(running.phone_url)
    ended = phone.play(from_=CALLER, to=LINE, keys="2312")
    heard = [str(entry.get("prompt", "")) for entry in ended["log"]]
    assert "help.shelter" not in heard, "it was not checked for too long"
    told = heard[heard.index("help.number") : heard.index("as_text")]
    assert "".join(prompt[-1] for prompt in told if prompt.startswith("digit.")) == "020000199" * 2
    phone.play(from_=CALLER, to=LINE, keys="3121", hang_up="key")
    wait_until(lambda: EMBASSY in str(phone.thread(CALLER)), 20, "the caller has the number as a text")

    phone.text(from_=TEXTER, to=LINE, body="where is help")
    wait_until(lambda: "2 embassy" in str(phone.thread(TEXTER)), 20, "the kinds come by text")
    assert "shelter" not in str(phone.thread(TEXTER))
    phone.text(from_=TEXTER, to=LINE, body="2")
    wait_until(lambda: EMBASSY in str(phone.thread(TEXTER)), 20, "the place comes by text")
