"""Members of staff for tests, and clients that are signed in as they are."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.staff.add_member import add_member
from hotline.staff.models import User

PASSWORD = "a quiet river at night"
SignIn = Callable[..., FlaskClient]


def make_member(
    session: Session, role: str = "transcriber", languages: tuple[str, ...] = ("my", "th"), name: str = ""
) -> User:
    """A member of staff, committed; the name tells several of one role apart."""
    name = name or f"{role.title()} {'-'.join(languages)}".strip()
    email = re.sub(r"[^a-z]+", ".", name.lower()).strip(".") + "@hotline.example"
    made = add_member(session, email, name=name, role=role, languages=list(languages), password=PASSWORD)
    session.commit()
    return made


def token_of(html: str) -> str:
    """The form's token, as the browser would send it."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"', html)
    assert found, "no token in the page"
    return found[1] or found[2]


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> FlaskClient:
    """Through the page, as people do."""
    token = token_of(client.get("/staff/sign-in").text)
    answer = client.post(
        "/staff/sign-in", data={"email": email, "password": password, "csrf_token": token, "submit": "Login"}
    )
    assert answer.status_code == 302, answer.text[-600:]
    return client


def post(client: FlaskClient, path: str, page: str = "/me", **fields: str):  # type: ignore[no-untyped-def]
    """Post a form with the token of a page."""
    return client.post(path, data=fields | {"csrf_token": token_of(client.get(page).text)})


@pytest.fixture
def signed_in(app: Flask, session: Session) -> SignIn:
    """`signed_in("caseworker", ("my",))`: a client of such a member, who is made."""

    def make(
        role: str = "transcriber", languages: tuple[str, ...] = ("my", "th"), name: str = ""
    ) -> FlaskClient:
        member = make_member(session, role, languages, name)
        return sign_in(app.test_client(), member.email)

    return make
