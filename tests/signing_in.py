"""Members of staff for tests, and clients that are signed in as they are."""

import itertools
import re
from collections.abc import Callable
from ipaddress import IPv4Address

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hotline.staff.add_member import add_member
from hotline.staff.models import User

PASSWORD = "a quiet river at night"
SignIn = Callable[..., FlaskClient]
ADDRESSES = itertools.count(int(IPv4Address("10.0.0.1")))  # guesses are slowed by address


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


def fresh_address() -> str:
    return str(IPv4Address(next(ADDRESSES)))


def give_password(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """The first page of signing in, as people fill it in, from an address of the client's own."""
    if client.environ_base.get("REMOTE_ADDR") == "127.0.0.1":
        client.environ_base["REMOTE_ADDR"] = fresh_address()
    token = token_of(client.get("/staff/sign-in").text)
    fields = {"email": email, "password": password, "csrf_token": token, "submit": "Login"}
    return client.post("/staff/sign-in", data=fields | more)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> FlaskClient:
    """Through the pages, as people do; where a second factor is asked for, it is set up."""
    answer = give_password(client, email, password)
    assert answer.status_code == 302, answer.text[-600:]
    if answer.location == "/staff/second-factor":
        set_up_codes(client)
    return client


def set_up_codes(client: FlaskClient) -> TOTP:
    """Set up a second factor and give its first code; returns the phone's app."""
    token = token_of(client.get("/staff/second-factor").text)
    fields = {"setup": "authenticator", "csrf_token": token, "submit": "Submit"}
    page = client.post("/staff/second-factor", data=fields).text
    action, key = (
        re.search(r'action="([^"]+)"', page),
        re.search(r'<p class="key"><b>([A-Z2-7 ]+)</b>', page),
    )
    assert action and key, page[-1500:]
    app = TOTP(key[1])
    answer = client.post(action[1], data={"code": app.generate().token, "csrf_token": token_of(page)})
    assert answer.status_code == 302, answer.text[-600:]
    return app


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
