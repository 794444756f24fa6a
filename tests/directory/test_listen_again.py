"""A place that is called otherwise, or lies elsewhere: its spoken name waits for a second person again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.db import make_sessions, utcnow
from hotline.directory.decide_name import decide_name
from hotline.directory.keep_place import Typed, keep_place
from hotline.directory.models import HelpPlace
from hotline.directory.names import find_name
from hotline.directory.record_name import record_name
from hotline.staff.models import User
from hotline.vault.audit import AuditRow
from tests.directory.naming import NAMED, decide_it, heard_of, name_waiting, names_there, prompt_of, record_it
from tests.signing_in import make_member, token_of


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
    prompt = prompt_of(place, "place")
    for named in NAMED:
        record_it(somchai, place, named, sounds[0])
        decide_it(dao, name_waiting(session), "approve")
    heard = heard_of(app, prompt)
    assert AGAIN not in _call_it(
        somchai, place, name=" invented  HOUSE", area="mahachai", number="1300", words=""
    )
    assert heard_of(app, prompt) == heard is not None
    page = _call_it(somchai, place, **typed)
    assert AGAIN in page and "waits for a second person" in page and "tag--good" not in page
    assert heard_of(app, prompt) is None
    assert heard_of(app, prompt_of(place, "area")) is not None, "the area is still called so"
    name = name_waiting(session)
    assert (name.decided_at, name.decided_by_id) == (None, None)
    acts = sa.select(AuditRow.subject_id, AuditRow.detail).where(AuditRow.action == "took back the name")
    assert [tuple(act) for act in session.execute(acts)] == [(str(place.id), {"language": "th"})]
    assert AGAIN not in _call_it(somchai, place, **typed), "nobody heard it"
    decide_it(dao, name_waiting(session), "approve")
    assert heard_of(app, prompt) == heard


@pytest.mark.parametrize("later", ["waiting", "refused"])
def test_of_a_place_that_is_called_otherwise_the_newest_recording_alone_is_kept_in_each_language(
    app: Flask, somchai: FlaskClient, dao: FlaskClient, session: Session, place: HelpPlace,
    sounds: tuple[bytes, bytes], later: str,
) -> None:  # fmt: skip
    record_it(somchai, place, "place", sounds[0])
    decide_it(dao, name_waiting(session), "approve")
    record_it(dao, place, "place", sounds[1])
    newest = name_waiting(session).id
    if later == "refused":
        decide_it(somchai, name_waiting(session), "refuse")
    assert AGAIN in _call_it(somchai, place, name="Other House")
    assert [(name.id, name.state) for name in names_there(session)] == [(newest, later)]
    assert heard_of(app, prompt_of(place, "place")) is None


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
    assert [name.state for name in names_there(session)] == ["waiting"]
