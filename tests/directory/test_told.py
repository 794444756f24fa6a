"""What callers and texters are told of places, from the carrier's webhooks; also without the database."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline import create_app
from hotline.db import utcnow
from hotline.directory.decide_name import decide_name
from hotline.directory.models import HelpPlace
from hotline.directory.record_name import record_area_name
from hotline.embedded import postgres
from hotline.flow.areas import key_of
from hotline.flow.turn import Clip
from hotline.intake.models import Message
from hotline.settings import Settings
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CallFrom, Say
from tests.places import make_place
from tests.signing_in import make_member
from tests.webhooks.test_away import frozen
from tests.webhooks.test_other_ways import _said
from tests.webhooks.test_text_tree import Texter

THAI, TO_HELP = "2", ("3", "1")


@pytest.fixture
def shelter(session: Session, line: str) -> None:
    session.add(make_place())
    session.add(make_place(kind="embassy", name="Old", checked_at=utcnow() - timedelta(days=181)))
    session.add(make_place(kind="union", name="Elsewhere", country="MY"))
    session.add(make_place(kind="clinic", name="Withdrawn", withdrawn_at=utcnow()))
    session.commit()


def test_a_caller_hears_what_is_fresh_in_the_lines_country_and_has_it_as_one_text(
    app: Flask, shelter: None, call: CallFrom, session: Session
) -> None:
    kinds = call.to_the_microphone(THAI, *TO_HELP)
    assert _said(app, kinds) == ["help", "help.shelter", "help.press", "digit.1"]
    told = call.press(kinds, "1")
    digits = "".join(prompt[-1] for prompt in _said(app, told) if prompt.startswith("digit."))
    assert digits == "020000150" * 2
    for _ in range(2):
        assert _said(app, call.press(told, "1")) == ["text_sent", "main_menu"]
    message = session.scalars(sa.select(Message)).one()
    assert message.contact.open(message.body, f"messages.body:{message.id}") == b"Invented House: 02 000 0150"


@pytest.fixture
def texter(app: Flask, say: Say, line: str, session: Session) -> Texter:
    return Texter(app, say, line, session)


def test_a_word_brings_the_kinds_and_a_number_the_place(shelter: None, texter: Texter) -> None:
    assert texter.write("ที่ช่วยเหลือ") == f"1 {texter.words('help.shelter', 'th')}"
    assert texter.write("1") == "Invented House: 02 000 0150"
    assert texter.reports() == []


@pytest.mark.parametrize(
    ("word", "language"), [("ขอความช่วยเหลือ", "th"), ("အကူအညီ", "my"), ("सहयोग", "ne"), ("Help me!", "en")]
)
def test_a_cry_for_help_is_answered_so_and_read_by_people_too(
    shelter: None, texter: Texter, word: str, language: str
) -> None:
    assert texter.write(word) == f"1 {texter.words('help.shelter', language)}"
    assert texter.reports() == [(language, "standard", False)]


def test_where_there_are_others_the_text_says_how_to_have_them(
    shelter: None, texter: Texter, session: Session
) -> None:
    session.add(make_place(name="Other", words="Other: 02 000 0151", number="02 000 0151"))
    session.commit()
    texter.app.extensions[KEY].places._places._looked_at = float("-inf")
    texter.write("where is help")
    assert texter.write("1") == "Invented House: 02 000 0150\nAnother one: answer 2"
    assert texter.write("2") == "Other: 02 000 0151\nAnother one: answer 2"


@pytest.fixture
def two_areas(shelter: None, session: Session) -> None:
    """A second shelter, in Bangkok; one that is spelt otherwise lies where the first one does."""
    session.add(make_place(name="City", area="Bangkok", words="City: 02 000 0151", number="02 000 0151"))
    session.add(make_place(name="Other", area="mahachai", words="Other: 02 000 0152", number="02 000 0152"))
    session.commit()


def test_by_texts_the_areas_come_before_the_places_where_there_are_several(
    two_areas: None, texter: Texter
) -> None:
    texter.write("where is help")
    assert texter.write("1") == "1 Mahachai. 2 Bangkok"
    assert texter.write("2") == "City: 02 000 0151"
    texter.write("3")
    assert texter.write("1") == "1 Mahachai. 2 Bangkok"
    assert texter.write("1").startswith("Invented House: 02 000 0150\n")
    assert texter.write("2").startswith("Other: 02 000 0152\n")
    assert texter.reports() == []


def test_who_has_no_area_is_under_the_word_for_elsewhere_in_the_writers_language(
    two_areas: None, texter: Texter, session: Session
) -> None:
    session.add(make_place(name="Anywhere", area="", words="Anywhere: 1300", number="1300"))
    session.commit()
    texter.write("ที่ช่วยเหลือ")
    assert texter.write("1") == f"1 Mahachai. 2 Bangkok. 3 {texter.words('help.elsewhere', 'th')}"
    assert texter.write("3") == "Anywhere: 1300"


def test_a_caller_is_offered_the_areas_whose_name_was_approved_also_without_the_database(
    app: Flask, two_areas: None, call: CallFrom, session: Session, settings: Settings,
    database_server: postgres.Server,
) -> None:  # fmt: skip
    board = app.extensions[KEY]
    sound = board.catalogue.sound(Clip("help.clinic", "th")).audio
    somchai, dao = (make_member(session, "supervisor", ("th",), name) for name in ("Somchai", "Dao"))
    city = session.scalars(sa.select(HelpPlace).where(HelpPlace.name == "City")).one()
    name = record_area_name(session, city, "th", sound, somchai, utcnow())
    session.commit()
    kinds = call.to_the_microphone(THAI, *TO_HELP)
    assert "help.where" not in _said(app, call.press(kinds, "1")), "it waits for a second person"
    decide_name(session, name, "approve", dao, utcnow())
    session.commit()
    board.voices.now(older_than=-1.0)
    bangkok = f"area.{key_of('TH', 'Bangkok')}"
    asked = call.press(kinds, "1")
    offered = ["help.press", "digit.1", "help.elsewhere", "help.press", "digit.9", "help.back"]
    assert _said(app, asked) == ["help.shelter", "help.where", bangkok, *offered]
    assert "digit.1" in _said(app, call.press(asked, "1")) and "help.next" in _said(
        app, call.press(asked, "9")
    )
    with frozen(database_server):
        begun = create_app(settings).extensions[KEY]
        told = begun.facts(begun.lines.find(call.fields["To"])).places
        assert {place.area.named for place in told if place.area} == {frozenset(), frozenset({"th"})}
        assert bangkok in _said(app, call.press(kinds, "1"))
    for left in (settings.data / "spool").glob("*"):
        left.unlink()


def test_a_copy_that_was_written_before_there_were_areas_is_told_from_still(
    app: Flask, shelter: None, call: CallFrom, settings: Settings, database_server: postgres.Server
) -> None:
    call.to_the_microphone(THAI, *TO_HELP)
    copy = settings.data / "places.json"
    kept = [
        {name: said for name, said in row.items() if name != "area"} for row in json.loads(copy.read_text())
    ]
    copy.write_text(json.dumps(kept))
    with frozen(database_server):
        begun = create_app(settings).extensions[KEY]
        told = begun.facts(begun.lines.find(call.fields["To"])).places
        assert [(place.number, place.area) for place in told] == [("02 000 0150", None)]


def test_nine_places_of_a_kind_come_within_the_texts_that_one_person_has_in_a_day(
    shelter: None, texter: Texter, session: Session
) -> None:
    for at in range(1, 9):
        session.add(make_place(name=f"Other {at}", words=f"Other: 02 000 016{at}", number=f"02 000 016{at}"))
    session.commit()
    texter.app.extensions[KEY].places._places._looked_at = float("-inf")
    texter.write("where is help")
    told = [texter.write(key).partition("\n")[0] for key in "122222222"]
    assert told == ["Invented House: 02 000 0150", *(f"Other: 02 000 016{at}" for at in range(1, 9))]


def test_rights_are_texted_as_the_law_of_the_lines_country(texter: Texter) -> None:
    texter.write("เมนู")
    texter.write("3")
    assert texter.write("4") == texter.words("rights.wages.TH", "th")


def test_without_the_database_what_was_known_is_told_also_by_a_process_that_starts_then(
    app: Flask, shelter: None, call: CallFrom, settings: Settings, database_server: postgres.Server
) -> None:
    kinds = call.to_the_microphone(THAI, *TO_HELP)
    with frozen(database_server):
        assert "digit.5" in _said(app, call.press(kinds, "1"))
        begun = create_app(settings).extensions[KEY]
        told = begun.facts(begun.lines.find(call.fields["To"])).places
        assert [place.number for place in told] == ["02 000 0150"]
    for left in (settings.data / "spool").glob("*"):
        left.unlink()
