"""Spoken names of places and areas: heard once a second person who speaks the language has listened to them."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker, undefer

from hotline import create_app
from hotline.db import make_sessions, utcnow
from hotline.directory import name_pages
from hotline.directory.decide_name import NotYours, decide_name
from hotline.directory.keep_place import Typed, keep_place
from hotline.directory.models import AreaName, HelpName, HelpPlace, SpokenName
from hotline.directory.names import find_name
from hotline.directory.record_name import record_area_name, record_name
from hotline.embedded import postgres
from hotline.flow.areas import key_of
from hotline.flow.turn import Clip
from hotline.media.open_store import open_store
from hotline.preflight.ages import are_places_checked
from hotline.retention.purge import purge
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.vault.audit import AuditRow
from hotline.webhooks.switchboard import KEY
from tests.places import make_place
from tests.signing_in import SignIn, make_member, post, sign_in, token_of
from tests.webhooks.test_away import frozen

NAMED = {"place": "names", "area": "area/names"}  # what has a name, and where it is recorded


@pytest.fixture
def somchai(signed_in: SignIn, line: str) -> FlaskClient:
    return signed_in("supervisor", ("my", "th"), "Somchai")


@pytest.fixture
def dao(app: Flask, session: Session) -> FlaskClient:
    return sign_in(app.test_client(), make_member(session, "supervisor", ("th",), "Dao").email)


@pytest.fixture
def place(session: Session) -> HelpPlace:
    made = make_place()
    session.add(made)
    session.commit()
    return made


@pytest.fixture
def sounds(app: Flask) -> tuple[bytes, bytes]:
    catalogue = app.extensions[KEY].catalogue
    return catalogue.sound(Clip("help.shelter", "th")).audio, catalogue.sound(Clip("help.clinic", "th")).audio


@pytest.fixture(params=sorted(NAMED))
def named(request: pytest.FixtureRequest) -> str:
    """A place, and an area: both keep the same promises."""
    return str(request.param)


def _record(client: FlaskClient, place: HelpPlace, named: str, sound: bytes, language: str = "th") -> str:
    """The page after it."""
    address = f"/help/{place.id}/{NAMED[named]}/{language}"
    fields = {"csrf_token": token_of(client.get("/me").text), "recording": (BytesIO(sound), "x.wav")}
    return client.post(address, data=fields, follow_redirects=True).text


def _names(session: Session) -> list[HelpName | AreaName]:
    session.rollback()
    session.expire_all()
    return [
        *session.scalars(sa.select(HelpName).options(undefer(HelpName.audio)).order_by(HelpName.made_at)),
        *session.scalars(sa.select(AreaName).options(undefer(AreaName.audio)).order_by(AreaName.made_at)),
    ]


def _waiting(session: Session) -> HelpName | AreaName:
    (waits,) = (name for name in _names(session) if name.state == "waiting")
    return waits


def _decide(client: FlaskClient, name: HelpName | AreaName, verdict: str, **more: str) -> str:
    fields = {"csrf_token": token_of(client.get("/me").text), "verdict": verdict, **more}
    return client.post(f"/help/names/{name.id}", data=fields, follow_redirects=True).text


def _prompt(place: HelpPlace, named: str) -> str:
    return f"place.{place.id.hex}" if named == "place" else f"area.{key_of('TH', 'Mahachai')}"


def _heard(app: Flask, prompt: str) -> bytes | None:
    """What callers hear in Thai, if anything."""
    catalogue = app.extensions[KEY].voices.now(older_than=-1.0)
    return bytes(catalogue.sound(Clip(prompt, "th")).audio) if catalogue.recorded_in(prompt) else None


def test_a_name_is_heard_once_a_second_person_has_approved_it(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    prompt = _prompt(place, named)
    assert "waits for a second person" in _record(somchai, place, named, sounds[0])
    assert _heard(app, prompt) is None
    name = _waiting(session)
    assert somchai.get(f"/help/names/{name.id}.wav").data == name.audio
    assert "A second person must listen" in _decide(somchai, name, "approve")
    assert _heard(app, prompt) is None
    page = _decide(dao, name, "approve")
    assert "callers hear it" in page and "waits for a second person" not in page
    assert _heard(app, prompt) == name.audio


def test_the_one_that_was_approved_before_is_heard_until_then_and_also_when_the_new_one_is_refused(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    prompt = _prompt(place, named)
    _record(somchai, place, named, sounds[0])
    _decide(dao, _waiting(session), "approve")
    first = _heard(app, prompt)
    _record(dao, place, named, sounds[1])
    assert _heard(app, prompt) == first
    page = _decide(somchai, _waiting(session), "refuse")
    assert "refused by Somchai" in page and "callers hear it" in page
    assert _heard(app, prompt) == first
    _record(dao, place, named, sounds[1])
    _decide(somchai, later := _waiting(session), "approve")
    assert first != _heard(app, prompt) == later.audio
    assert [name.state for name in _names(session)] == ["approved"]


def test_nobody_decides_twice_and_a_newer_recording_takes_the_place_of_one_that_waits(
    somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    _record(somchai, place, named, sounds[0])
    older = _waiting(session).id
    _record(somchai, place, named, sounds[1])
    assert len(_names(session)) == 1
    token = token_of(dao.get("/me").text)
    fields = {"csrf_token": token, "verdict": "approve"}
    page = dao.post(f"/help/names/{older}", data=fields, follow_redirects=True)
    assert page.status_code == 200 and "It was recorded anew: listen again." in page.text
    assert "<h1>Names that wait</h1>" in page.text and _waiting(session).title in page.text
    _decide(dao, _waiting(session), "refuse")
    assert "decided about it already" in _decide(dao, _names(session)[0], "approve")
    assert [name.state for name in _names(session)] == ["refused"]
    assert post(dao, f"/help/names/{_names(session)[0].id}", verdict="back").status_code == 400


def test_who_may_not_decide_is_told_so_though_the_recording_goes_that_moment(
    somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _record(somchai, place, named, sounds[0])

    def gone(own: Session, name: SpokenName, *_: object) -> None:
        own.delete(name)
        own.commit()
        raise NotYours("Somebody has decided about it already.")

    monkeypatch.setattr(name_pages, "decide_name", gone)
    page = _decide(dao, _waiting(session), "approve")
    assert "decided about it already" in page and "Its name, spoken" in page


def test_what_two_record_at_once_and_a_third_decides_about_leaves_one_of_each_state(
    session: Session, place: HelpPlace, sounds: tuple[bytes, bytes], engine: sa.Engine, named: str
) -> None:
    members = [make_member(session, "supervisor", ("th",), name) for name in ("Somchai", "Dao", "Malee")]
    record = record_name if named == "place" else record_area_name
    first = record(session, place, "th", sounds[0], members[0], utcnow())
    session.commit()
    sessions, first_id, ids = make_sessions(engine), first.id, [one.id for one in members]
    session.rollback()

    def record_again(number: int) -> None:
        with sessions.begin() as own:
            place_here, by = own.get_one(HelpPlace, place_id), own.get_one(User, ids[number])
            record(own, place_here, "th", sounds[number], by, utcnow())

    def decide() -> None:
        with sessions.begin() as own:
            if name := find_name(own, first_id, lock=True):  # nothing, where it was recorded anew before
                decide_name(own, name, "approve", own.get_one(User, ids[2]), utcnow())

    place_id = place.id
    with ThreadPoolExecutor() as people:
        for done in [people.submit(record_again, 0), people.submit(decide), people.submit(record_again, 1)]:
            done.result(timeout=30)
    states = sorted(name.state for name in _names(session))
    assert states in (["waiting"], ["approved", "waiting"])


def _call_it(client: FlaskClient, place: HelpPlace, **typed: str) -> str:
    """The page after its form was kept."""
    fields = {
        "kind": "shelter", "name": "Invented House", "country": "TH", "area": "Mahachai", "languages": "th",
        "always": "1", "number": "02 000 0150", "words": "House: 02 000 0150", "source": "a test",
    }  # fmt: skip
    fields |= {"csrf_token": token_of(client.get("/me").text)} | typed
    return client.post(f"/help/{place.id}", data=fields, follow_redirects=True).text


AGAIN = "listened to it again"


@pytest.mark.parametrize("typed", [{"name": "Other House"}, {"area": "Bangkok"}, {"area": ""}])
def test_a_name_that_was_approved_for_other_words_waits_again_and_callers_hear_the_kind_alone(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], typed: dict[str, str],
) -> None:  # fmt: skip
    prompt = _prompt(place, "place")
    for named in NAMED:
        _record(somchai, place, named, sounds[0])
        _decide(dao, _waiting(session), "approve")
    heard = _heard(app, prompt)
    assert AGAIN not in _call_it(
        somchai, place, name=" invented  HOUSE", area="mahachai", number="1300", words=""
    )
    assert _heard(app, prompt) == heard is not None
    page = _call_it(somchai, place, **typed)
    assert AGAIN in page and "waits for a second person" in page and "tag--good" not in page
    assert _heard(app, prompt) is None
    assert _heard(app, _prompt(place, "area")) is not None, "the area is still called so"
    name = _waiting(session)
    assert (name.decided_at, name.decided_by_id) == (None, None)
    acts = sa.select(AuditRow.subject_id, AuditRow.detail).where(AuditRow.action == "took back the name")
    assert [tuple(act) for act in session.execute(acts)] == [(str(place.id), {"language": "th"})]
    assert AGAIN not in _call_it(somchai, place, **typed), "nobody heard it"
    _decide(dao, _waiting(session), "approve")
    assert _heard(app, prompt) == heard


@pytest.mark.parametrize("later", ["waiting", "refused"])
def test_of_a_place_that_is_called_otherwise_the_newest_recording_alone_is_kept_in_each_language(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], later: str,
) -> None:  # fmt: skip
    _record(somchai, place, "place", sounds[0])
    _decide(dao, _waiting(session), "approve")
    _record(dao, place, "place", sounds[1])
    newest = _waiting(session).id
    if later == "refused":
        _decide(somchai, _waiting(session), "refuse")
    assert AGAIN in _call_it(somchai, place, name="Other House")
    assert [(name.id, name.state) for name in _names(session)] == [(newest, later)]
    assert _heard(app, _prompt(place, "place")) is None


def test_a_place_is_called_otherwise_while_its_name_is_recorded_and_decided_about(
    session: Session, place: HelpPlace, sounds: tuple[bytes, bytes], engine: sa.Engine
) -> None:
    members = [make_member(session, "supervisor", ("th",), name) for name in ("Somchai", "Dao")]
    ids, place_id, sessions = [one.id for one in members], place.id, make_sessions(engine)
    heard = record_name(session, place, "th", sounds[0], members[0], utcnow())
    decide_name(session, heard, "approve", members[1], utcnow())
    waits = record_name(session, place, "th", sounds[0], members[0], utcnow()).id
    session.commit()

    def record_again() -> None:
        with sessions.begin() as own:
            record_name(
                own, own.get_one(HelpPlace, place_id), "th", sounds[1], own.get_one(User, ids[0]), utcnow()
            )

    def decide() -> None:
        with sessions.begin() as own:
            if name := find_name(own, waits, lock=True):
                decide_name(own, name, "approve", own.get_one(User, ids[1]), utcnow())

    def call_it(name: str) -> None:
        with sessions.begin() as own:
            found = own.get_one(HelpPlace, place_id, with_for_update={"key_share": True})
            typed = Typed("shelter", name, "TH", "1300", "a test")
            keep_place(own, typed, ["th"], ids[0], utcnow(), found)

    with ThreadPoolExecutor() as people:
        acts = [people.submit(call_it, f"House {at}") for at in range(3)]
        for done in [people.submit(record_again), people.submit(decide), *acts, people.submit(record_again)]:
            done.result(timeout=30)
    call_it("Last House")
    assert [name.state for name in _names(session)] == ["waiting"]


def test_who_does_not_speak_the_language_does_not_approve(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    page = _record(somchai, place, named, sounds[0], "my")
    assert "Approve" not in page
    assert "must speak the language" in _decide(dao, _waiting(session), "approve")
    assert [name.state for name in _names(session)] == ["waiting"]


def test_each_act_is_written_down(
    somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    for verdict in ("refuse", "approve"):
        _record(somchai, place, named, sounds[0])
        _decide(dao, _waiting(session), verdict)
    table, subject = (
        ("help_places", str(place.id)) if named == "place" else ("area_names", key_of("TH", "Mahachai"))
    )
    acts = session.execute(
        sa.select(AuditRow.action, AuditRow.subject_id, AuditRow.detail)
        .where(AuditRow.subject == table).order_by(AuditRow.id)
    ).all()  # fmt: skip
    detail = {"language": "th"} | ({} if named == "place" else {"country": "TH", "area": "Mahachai"})
    assert [tuple(act) for act in acts] == [
        (act, subject, detail) for act in ("named", "refused the name", "named", "approved the name")
    ]


def test_whoever_records_prompts_finds_what_waits_in_their_languages_and_may_approve_it(
    app: Flask, somchai: FlaskClient, signed_in: SignIn, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], settings: Settings,
) -> None:  # fmt: skip
    bimala = signed_in("transcriber", ("th",), "Bimala")
    assert "Nothing waits" in bimala.get("/help/names").text
    assert 'href="/help/names"' in bimala.get("/studio").text
    for named in NAMED:
        _record(somchai, place, named, sounds[0])
    _record(somchai, place, "place", sounds[0], "my")
    told = [one.says for one in are_places_checked(settings) if "wait for a second person" in one.says]
    assert told == ["Spoken names that wait for a second person: 3 (Prompts, Names that wait)."]
    page = bimala.get("/help/names").text
    assert "Invented House, Mahachai" in page and "<b>Mahachai</b>" in page
    assert "Burmese" not in page, "she does not speak it"
    for name in _names(session):
        if name.language == "th":
            page = _decide(bimala, name, "approve", back="names")
    assert "Nothing waits" in page
    assert {_heard(app, _prompt(place, named)) is not None for named in NAMED} == {True}
    assert bimala.get(f"/help/{place.id}/area").status_code == 403


def test_a_recording_of_nothing_is_refused_and_a_place_without_area_has_no_page_of_one(
    somchai: FlaskClient, session: Session, place: HelpPlace
) -> None:
    assert post(somchai, f"/help/{place.id}/area/names/xx").status_code == 404
    post(somchai, f"/help/{place.id}/area/names/th")
    place.area = ""
    session.commit()
    assert somchai.get(f"/help/{place.id}/area").status_code == 404
    assert post(somchai, f"/help/{place.id}/area/names/th").status_code == 404
    assert _names(session) == []


def test_an_area_is_one_page_for_all_its_places_however_they_spell_it_and_is_offered_to_who_writes_one(
    somchai: FlaskClient, session: Session, place: HelpPlace, sounds: tuple[bytes, bytes]
) -> None:
    other = make_place(name="Other", area=" mahachai")
    session.add_all([other, make_place(name="Third"), make_place(name="Abroad", country="MY", area="Klang")])
    session.commit()
    _record(somchai, place, "area", sounds[0])
    page = somchai.get(f"/help/{other.id}/area").text
    assert "<h1>Mahachai</h1>" in page and "Invented House" in page and "waits for a second person" in page
    listed = somchai.get("/help").text
    assert '<datalist id="areas-TH"><option value="Mahachai"></option></datalist>' in listed
    assert '<datalist id="areas-MY"><option value="Klang"></option></datalist>' in listed
    assert 'list="areas-TH"' in listed and "3 places" in listed
    other.withdrawn_at = utcnow()
    session.scalars(sa.select(HelpPlace).where(HelpPlace.name == "Abroad")).one().withdrawn_at = utcnow()
    session.commit()
    listed = somchai.get("/help").text
    assert "2 places" in listed and "Malaysia, all withdrawn" in listed


def test_names_of_areas_go_when_no_place_is_there_any_more(
    somchai: FlaskClient, session: Session, place: HelpPlace, sounds: tuple[bytes, bytes],
    engine: sa.Engine, settings: Settings,
) -> None:  # fmt: skip
    _record(somchai, place, "area", sounds[0])
    sessions: sessionmaker[Session] = make_sessions(engine)
    assert purge(sessions, open_store(settings), settings, dry_run=False).area_names == 0
    place.area, place.withdrawn_at = "Bangkok", utcnow()
    session.commit()
    assert purge(sessions, open_store(settings), settings, dry_run=True).area_names == 1
    assert len(_names(session)) == 1
    assert purge(sessions, open_store(settings), settings, dry_run=False).area_names == 1
    assert _names(session) == []


def test_a_process_that_starts_without_the_database_still_has_the_names(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], settings: Settings, database_server: postgres.Server, named: str,
) -> None:  # fmt: skip
    _record(somchai, place, named, sounds[0])
    _decide(dao, _waiting(session), "approve")
    heard = _heard(app, _prompt(place, named))
    with frozen(database_server):
        board = create_app(settings).extensions[KEY]
        assert board.catalogue.sound(Clip(_prompt(place, named), "th")).audio == heard
