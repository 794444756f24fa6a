"""A session rests, ends with the shift, and is not kept alive by a page nobody looks at."""

import time
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.staff.models import User
from hotline.staff.session_life import LASTS, RESTS
from tests.signing_in import SignIn


def age(client: FlaskClient, **seconds: float) -> None:
    """Make it so many seconds ago that the session began or acted."""
    with client.session_transaction() as kept:
        for name, ago in seconds.items():
            kept[name] = int(time.time() - ago)


def kept(client: FlaskClient, name: str) -> Any:
    with client.session_transaction() as inside:
        return inside.get(name)


def test_after_an_hour_of_rest_one_signs_in_again(signed_in: SignIn) -> None:
    client = signed_in()
    age(client, acted=RESTS.total_seconds() - 60)
    assert client.get("/me").status_code == 200
    age(client, acted=RESTS.total_seconds() + 60)
    assert client.get("/me").status_code == 302
    assert "after an hour of rest" in client.get("/staff/sign-in").text


def test_an_act_keeps_it_alive(signed_in: SignIn) -> None:
    client = signed_in()
    age(client, acted=600)
    client.get("/me")
    assert time.time() - kept(client, "acted") < 5


def test_a_page_that_asks_by_itself_does_not(signed_in: SignIn) -> None:
    client = signed_in()
    age(client, acted=600)
    client.get("/queue/rows", headers={"X-Requested-With": "live"})
    assert time.time() - kept(client, "acted") > 590


def test_the_board_on_the_wall_does(signed_in: SignIn) -> None:
    client = signed_in("supervisor")
    age(client, acted=600)
    client.get("/board/now", headers={"X-Requested-With": "live"})
    assert time.time() - kept(client, "acted") < 5


def test_no_session_outlasts_a_shift(signed_in: SignIn) -> None:
    client = signed_in()
    age(client, began=LASTS.total_seconds() + 60)
    assert client.get("/me").status_code == 302


def test_what_was_typed_outlasts_the_session(signed_in: SignIn) -> None:
    client = signed_in("caseworker")
    token = client.get("/me/token").text
    age(client, acted=RESTS.total_seconds() + 60)
    answer = client.post("/me", data={"csrf_token": token, "name": "He was moved to another dormitory."})
    assert answer.status_code == 401 and "He was moved to another dormitory." in answer.text


def test_presence_is_noted(signed_in: SignIn, session: Session) -> None:
    client = signed_in(name="Thiri Aung")
    client.get("/me")
    member = session.query(User).filter_by(name="Thiri Aung").one()
    assert member.last_seen_at
