"""Staff keep the places: added, changed, checked again, withdrawn, named; a refused form loses nothing."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from hotline.db import make_sessions, utcnow
from hotline.directory.models import HelpName, HelpPlace
from hotline.flow.turn import Clip
from hotline.media.open_store import open_store
from hotline.preflight.ages import are_places_checked, are_rights_checked
from hotline.retention.purge import purge
from hotline.settings import Settings
from hotline.vault.audit import AuditRow
from hotline.webhooks.switchboard import KEY
from tests.places import make_place
from tests.signing_in import SignIn, make_member, post, sign_in, token_of

TYPED = {
    "kind": "embassy", "name": "Embassy of Nowhere", "country": "TH", "number": "02 000  0199", "area": "Bangkok",
    "languages": "ne, en", "hours": "mon-fri 09:00-12:00", "source": "https://embassy.example",
}  # fmt: skip


@pytest.fixture
def supervisor(signed_in: SignIn, line: str) -> FlaskClient:
    return signed_in("supervisor", ("my", "th"), "Somchai")


def _places(session: Session) -> list[HelpPlace]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(HelpPlace).order_by(HelpPlace.added_at)))


def _keep(session: Session, **given: object) -> HelpPlace:
    place = make_place(**given)
    session.add(place)
    session.commit()
    return place


def test_a_place_is_added_changed_withdrawn_and_put_back_and_each_is_written_down(
    supervisor: FlaskClient, session: Session
) -> None:
    answer = post(supervisor, "/help", **TYPED)
    assert answer.status_code == 302
    (place,) = _places(session)
    assert (place.number, place.words) == ("02 000 0199", "Embassy of Nowhere, Bangkok: 02 000 0199")
    assert place.checked_by is not None and place.checked_by.name == "Somchai"
    post(supervisor, f"/help/{place.id}", **TYPED | {"number": "02 000 0198", "words": ""})
    assert _places(session)[0].number == "02 000 0198"
    for does in ("withdraw", "withdraw", "check"):
        post(supervisor, f"/help/{place.id}/act", do=does)
    assert _places(session)[0].withdrawn_at is None
    acts = session.execute(
        sa.select(AuditRow.action, AuditRow.detail["number"].astext)
        .where(AuditRow.subject == "help_places").order_by(AuditRow.id)
    ).tuples().all()  # fmt: skip
    assert acts == [
        ("added", "02 000 0199"),
        ("changed", "02 000 0198"),
        ("withdrew", None),
        ("checked", "02 000 0198"),
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "bank"}, "what kind of help"), ({"country": "XX"}, "Choose the country"),
        ({"number": "+66 2 000 0199"}, "without +"), ({"number": "02-0O0"}, "digits and blanks"),
        ({"source": " "}, "a source"), ({"name": ""}, "It has a name"), ({"name": "x" * 61}, "longer than 60"),
        ({"languages": "ne, xx"}, "does not speak xx"), ({"hours": "always"}, "is not written as"),
        ({"words": "Call us"}, "must hold the number"),
        ({"words": "02 000 0199 " + "x" * 150}, "2 signs too long"),
        ({"words": "02 000 0199 " + "ไ" * 60}, "2 signs too long"),
        ({"words": "02 000 0199 it’s " + "x" * 60}, "In plain signs it fits"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused_and_stays_in_the_form(
    supervisor: FlaskClient, session: Session, wrong: dict[str, str], says: str
) -> None:
    answer = post(supervisor, "/help", **TYPED | {"area": "Kept as typed"} | wrong)
    assert answer.status_code == 400 and says in answer.text
    assert 'value="Kept as typed"' in answer.text
    assert _places(session) == []


def test_an_area_that_no_text_could_offer_is_refused(supervisor: FlaskClient, session: Session) -> None:
    answer = post(supervisor, "/help", **TYPED | {"area": "𑄇" * 60})
    assert answer.status_code == 400 and "too long to be offered in a text" in answer.text
    assert _places(session) == []


def test_a_change_that_is_refused_changes_nothing(supervisor: FlaskClient, session: Session) -> None:
    place = _keep(session)
    answer = post(supervisor, f"/help/{place.id}", **TYPED | {"number": "none"})
    assert answer.status_code == 400 and 'value="none"' in answer.text
    assert _places(session)[0].number == "02 000 0150"


def test_what_is_too_old_is_shown_as_due_and_is_told_again_by_one_button(
    app: Flask, supervisor: FlaskClient, session: Session, settings: Settings
) -> None:
    old = _keep(session, checked_at=utcnow() - timedelta(days=181))
    _keep(session, name="Nearly", checked_at=utcnow() - timedelta(days=170))
    page = supervisor.get("/help").text
    assert page.index("Check again: hidden") < page.index("Invented House") < page.index("Soon too old")
    found = are_places_checked(settings)
    assert [one.says for one in found if one.wrong] == [
        "Callers no longer hear of Invented House: not checked for 180 days."
    ]
    assert any("Hidden within 30 days, unless checked again: Nearly" in one.says for one in found)
    post(supervisor, f"/help/{old.id}/act", do="check")
    assert "Check again: hidden" not in supervisor.get("/help").text
    assert not any(one.wrong for one in are_places_checked(settings))


def test_rights_that_are_too_old_or_unread_are_told_to_the_operator(settings: Settings) -> None:
    assert not any(one.wrong for one in are_rights_checked(settings))
    live = are_rights_checked(settings.model_copy(update={"env": "production"}))
    assert any(one.wrong and "not yet checked by a lawyer" in one.says for one in live)


def test_its_name_is_recorded_replaced_and_heard_once_somebody_else_has_approved_it(
    app: Flask, supervisor: FlaskClient, session: Session
) -> None:
    place, board = _keep(session), app.extensions[KEY]
    sound = board.catalogue.sound(Clip("help.shelter", "th")).audio
    for _ in range(2):
        token = token_of(supervisor.get(f"/help/{place.id}?language=th").text)
        answer = supervisor.post(
            f"/help/{place.id}/names/th", data={"csrf_token": token, "recording": (BytesIO(sound), "x.wav")}
        )
        assert answer.status_code == 302
    names = session.scalars(sa.select(HelpName)).all()
    assert [one.language for one in names] == ["th"]
    assert supervisor.get(f"/help/names/{names[0].id}.wav").mimetype == "audio/wav"
    prompt = f"place.{place.id.hex}"
    assert board.voices.now(older_than=-1.0).recorded_in(prompt) == frozenset()
    other = sign_in(app.test_client(), make_member(session, "transcriber", ("th",), "Bimala").email)
    post(other, f"/help/names/{names[0].id}", verdict="approve")
    assert board.voices.now(older_than=-1.0).recorded_in(prompt) == {"th"}


def test_a_recording_of_nothing_is_refused_and_a_language_that_we_do_not_speak_is_not_there(
    supervisor: FlaskClient, session: Session
) -> None:
    place = _keep(session)
    post(supervisor, f"/help/{place.id}/names/th")
    assert session.scalars(sa.select(HelpName)).all() == []
    assert post(supervisor, f"/help/{place.id}/names/xx").status_code == 404


def test_a_transcriber_keeps_no_places(signed_in: SignIn) -> None:
    assert signed_in("transcriber").get("/help").status_code == 403


def test_a_place_goes_a_year_after_it_was_withdrawn_with_its_names(
    supervisor: FlaskClient, session: Session, engine: sa.Engine, settings: Settings
) -> None:
    gone = _keep(session, withdrawn_at=utcnow() - timedelta(days=366))
    stays = _keep(session, withdrawn_at=utcnow() - timedelta(days=364))
    by = session.scalar(sa.text("SELECT id FROM users LIMIT 1"))
    session.add(HelpName(place_id=gone.id, language="th", audio=b"x", seconds=1, made_at=utcnow(), by_id=by))
    session.commit()
    sessions: sessionmaker[Session] = make_sessions(engine)
    assert purge(sessions, open_store(settings), settings, dry_run=False).help_withdrawn == 1
    assert [one.id for one in _places(session)] == [stays.id]
    assert session.scalars(sa.select(HelpName)).all() == []
