"""Spoken names of places and areas: heard once a second person who speaks the language has listened to them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from hotline import create_app
from hotline.db import make_sessions, utcnow
from hotline.directory import name_pages
from hotline.directory.decide_name import NotYours, decide_name
from hotline.directory.models import HelpPlace, SpokenName
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
from tests.directory.naming import NAMED, decide_it, heard_of, name_waiting, names_there, prompt_of, record_it
from tests.places import make_place
from tests.signing_in import SignIn, make_member, post, token_of
from tests.webhooks.test_away import frozen


def test_a_name_is_heard_once_a_second_person_has_approved_it(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    prompt = prompt_of(place, named)
    assert "waits for a second person" in record_it(somchai, place, named, sounds[0])
    assert heard_of(app, prompt) is None
    name = name_waiting(session)
    assert somchai.get(f"/help/names/{name.id}.wav").data == name.audio
    assert "A second person must listen" in decide_it(somchai, name, "approve")
    assert heard_of(app, prompt) is None
    page = decide_it(dao, name, "approve")
    assert "callers hear it" in page and "waits for a second person" not in page
    assert heard_of(app, prompt) == name.audio


def test_the_one_that_was_approved_before_is_heard_until_then_and_also_when_the_new_one_is_refused(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    prompt = prompt_of(place, named)
    record_it(somchai, place, named, sounds[0])
    decide_it(dao, name_waiting(session), "approve")
    first = heard_of(app, prompt)
    record_it(dao, place, named, sounds[1])
    assert heard_of(app, prompt) == first
    page = decide_it(somchai, name_waiting(session), "refuse")
    assert "refused by Somchai" in page and "callers hear it" in page
    assert heard_of(app, prompt) == first
    record_it(dao, place, named, sounds[1])
    decide_it(somchai, later := name_waiting(session), "approve")
    assert first != heard_of(app, prompt) == later.audio
    assert [name.state for name in names_there(session)] == ["approved"]


def test_nobody_decides_twice_and_a_newer_recording_takes_the_place_of_one_that_waits(
    somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    record_it(somchai, place, named, sounds[0])
    older = name_waiting(session).id
    record_it(somchai, place, named, sounds[1])
    assert len(names_there(session)) == 1
    token = token_of(dao.get("/me").text)
    fields = {"csrf_token": token, "verdict": "approve"}
    page = dao.post(f"/help/names/{older}", data=fields, follow_redirects=True)
    assert page.status_code == 200 and "It was recorded anew: listen again." in page.text
    assert "<h1>Names that wait</h1>" in page.text and name_waiting(session).title in page.text
    decide_it(dao, name_waiting(session), "refuse")
    assert "decided about it already" in decide_it(dao, names_there(session)[0], "approve")
    assert [name.state for name in names_there(session)] == ["refused"]
    assert post(dao, f"/help/names/{names_there(session)[0].id}", verdict="back").status_code == 400


def test_who_may_not_decide_is_told_so_though_the_recording_goes_that_moment(
    somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    record_it(somchai, place, named, sounds[0])

    def gone(own: Session, name: SpokenName, *_: object) -> None:
        own.delete(name)
        own.commit()
        raise NotYours("Somebody has decided about it already.")

    monkeypatch.setattr(name_pages, "decide_name", gone)
    page = decide_it(dao, name_waiting(session), "approve")
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
    states = sorted(name.state for name in names_there(session))
    assert states in (["waiting"], ["approved", "waiting"])


def test_who_does_not_speak_the_language_does_not_approve(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    page = record_it(somchai, place, named, sounds[0], "my")
    assert "Approve" not in page
    assert "must speak the language" in decide_it(dao, name_waiting(session), "approve")
    assert [name.state for name in names_there(session)] == ["waiting"]


def test_each_act_is_written_down(
    somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], named: str,
) -> None:  # fmt: skip
    for verdict in ("refuse", "approve"):
        record_it(somchai, place, named, sounds[0])
        decide_it(dao, name_waiting(session), verdict)
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
        record_it(somchai, place, named, sounds[0])
    record_it(somchai, place, "place", sounds[0], "my")
    told = [one.says for one in are_places_checked(settings) if "wait for a second person" in one.says]
    assert told == ["Spoken names that wait for a second person: 3 (Prompts, Names that wait)."]
    page = bimala.get("/help/names").text
    assert "Invented House, Mahachai" in page and "<b>Mahachai</b>" in page
    assert "Burmese" not in page, "she does not speak it"
    for name in names_there(session):
        if name.language == "th":
            page = decide_it(bimala, name, "approve", back="names")
    assert "Nothing waits" in page
    assert {heard_of(app, prompt_of(place, named)) is not None for named in NAMED} == {True}
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
    assert names_there(session) == []


def test_an_area_is_one_page_for_all_its_places_however_they_spell_it_and_is_offered_to_who_writes_one(
    somchai: FlaskClient, session: Session, place: HelpPlace, sounds: tuple[bytes, bytes]
) -> None:
    other = make_place(name="Other", area=" mahachai")
    session.add_all([other, make_place(name="Third"), make_place(name="Abroad", country="MY", area="Klang")])
    session.commit()
    record_it(somchai, place, "area", sounds[0])
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
    record_it(somchai, place, "area", sounds[0])
    sessions: sessionmaker[Session] = make_sessions(engine)
    assert purge(sessions, open_store(settings), settings, dry_run=False).area_names == 0
    place.area, place.withdrawn_at = "Bangkok", utcnow()
    session.commit()
    assert purge(sessions, open_store(settings), settings, dry_run=True).area_names == 1
    assert len(names_there(session)) == 1
    assert purge(sessions, open_store(settings), settings, dry_run=False).area_names == 1
    assert names_there(session) == []


def test_a_process_that_starts_without_the_database_still_has_the_names(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], settings: Settings, database_server: postgres.Server, named: str,
) -> None:  # fmt: skip
    record_it(somchai, place, named, sounds[0])
    decide_it(dao, name_waiting(session), "approve")
    heard = heard_of(app, prompt_of(place, named))
    with frozen(database_server):
        board = create_app(settings).extensions[KEY]
        assert board.catalogue.sound(Clip(prompt_of(place, named), "th")).audio == heard
