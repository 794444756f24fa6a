"""Where help is, through the whole hotline: a caller hears an embassy's number and has it as a text; texts likewise."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.directory.models import AreaName
from hotline.flow.areas import AREA, key_of
from hotline.flow.prompts import tone
from hotline.intake.models import Line
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from tests.journeys.running import Running, run_hotline, wait_until
from tests.places import make_place
from tests.signing_in import make_member

LINE, CALLER, TEXTER = "+6620000142", "+66812345671", "+66812345672"
EMBASSY = "Embassy of Nowhere: 02 000 0199"


@pytest.fixture
def running(settings: Settings, session: Session, data: Path) -> Iterator[Running]:
    session.add(Line(number=LINE, name="Main", tree="main", languages=["th", "en"], added_at=utcnow()))
    session.add(make_place(kind="embassy", name="Embassy of Nowhere", number="02 000 0199", words=EMBASSY))
    session.add(make_place(kind="shelter", name="Old", checked_at=utcnow() - timedelta(days=181)))
    session.add(make_place(kind="clinic", name="Here", area="Mahachai", number="1300", words="Here: 1300"))
    session.add(make_place(kind="clinic", name="There", area="Bangkok", number="1301", words="There: 1301"))
    somchai = make_member(session, "supervisor", ("th",), "Somchai")
    name = {"area_key": key_of("TH", "Bangkok"), "country": "TH", "area": "Bangkok", "language": "th"}
    session.add(
        AreaName(audio=tone(), seconds=0.4, made_at=utcnow(), by_id=somchai.id, state="approved", **name)
    )
    session.commit()
    with run_hotline(settings, data) as hotline:
        yield hotline
        assert hotline.server_errors() == []


def test_a_caller_hears_a_number_and_has_it_as_a_text_and_so_does_who_texts(running: Running) -> None:
    phone = Phone(running.phone_url)
    heard = _heard(phone, "2312")
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


def test_of_two_areas_a_caller_chooses_one_by_a_key_and_who_texts_by_a_number(running: Running) -> None:
    phone = Phone(running.phone_url)
    heard = _heard(phone, "1315")
    asked = heard[heard.index("help.where") + 1 :]
    bangkok = AREA + key_of("TH", "Bangkok")
    assert asked[:6] == [bangkok, "help.press", "digit.1", "help.elsewhere", "help.press", "digit.9"]
    heard = _heard(phone, "3151")
    told = heard[heard.index("help.number") : heard.index("as_text")]
    assert "".join(prompt[-1] for prompt in told if prompt.startswith("digit.")) == "1301" * 2
    phone.text(from_=TEXTER, to=LINE, body="where is help")
    wait_until(lambda: "5 clinic" in str(phone.thread(TEXTER)), 20, "the kinds come by text")
    phone.text(from_=TEXTER, to=LINE, body="5")
    wait_until(lambda: "1 Bangkok. 2 Mahachai" in str(phone.thread(TEXTER)), 20, "the areas come by text")
    phone.text(from_=TEXTER, to=LINE, body="2")
    wait_until(lambda: "Here: 1300" in str(phone.thread(TEXTER)), 20, "the place comes by text")


def _heard(phone: Phone, keys: str) -> list[str]:
    """After these keys, which cut short whatever is said before them."""
    ended = phone.play(from_=CALLER, to=LINE, keys=keys)
    return [str(entry.get("prompt", "")) for entry in ended["log"]]
