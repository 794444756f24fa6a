"""Signing in, and what must not work around it. Each attack is carried out."""

import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.staff.change_member import let_go
from hotline.staff.models import User
from hotline.staff.set_password import set_password
from hotline.vault.audit import AuditRow
from tests.signing_in import (
    PASSWORD,
    SignIn,
    give_password,
    make_member,
    post,
    sign_in,
    token_of,
)

WRONG = "That name and password do not go together"


def acts(session: Session) -> list[str]:
    return list(session.scalars(sa.select(AuditRow.action).order_by(AuditRow.id)))


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("hotline", domain="localhost")
    assert found
    return found.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    thief = app.test_client()
    thief.set_cookie("hotline", value, domain="localhost")
    return thief


def test_who_gives_name_and_password_is_in(app: Flask, session: Session) -> None:
    member = make_member(session)
    client = sign_in(app.test_client(), member.email)
    assert member.name in client.get("/me").text
    assert acts(session)[-1] == "signed in"


def test_a_name_is_taken_as_people_type_it(app: Flask, session: Session) -> None:
    member = make_member(session)
    assert sign_in(app.test_client(), member.email.title()).get("/me").status_code == 200


def test_nobody_learns_who_has_an_account(app: Flask, session: Session) -> None:
    member = make_member(session)
    gone = make_member(session, name="Let Go")
    let_go(session, gone, None)
    session.commit()

    def said(email: str, password: str) -> str:
        page = give_password(app.test_client(), email, password).text.replace(email, "")
        return re.sub(r'value="[^"]*"', "", page)

    wrong = said(member.email, "this is not the password")
    assert WRONG in wrong
    assert said("nobody@hotline.example", PASSWORD) == wrong
    assert said(gone.email, PASSWORD) == wrong


def test_a_wrong_password_is_in_the_audit_trail(app: Flask, session: Session) -> None:
    give_password(app.test_client(), make_member(session).email, "this is not the password")
    assert acts(session)[-1] == "wrong password"


def test_an_unknown_name_is_there_too_without_the_name(app: Flask, session: Session) -> None:
    give_password(app.test_client(), "nobody@hotline.example", PASSWORD)
    row = session.scalars(sa.select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert row and row.action == "unknown name" and row.actor_id is None
    assert "nobody" not in f"{row.subject_id}{row.detail}"


def test_no_cookie_remembers(app: Flask, session: Session) -> None:
    client = app.test_client()
    give_password(client, make_member(session).email, remember="y")
    assert client.get_cookie("remember_token", domain="localhost") is None


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask, session: Session) -> None:
    sent = give_password(app.test_client(), make_member(session).email).headers["Set-Cookie"]
    assert "HttpOnly" in sent and "SameSite=Lax" in sent


def test_a_copied_cookie_ends_with_signing_out(app: Flask, session: Session, signed_in: SignIn) -> None:
    client = signed_in()
    thief = with_cookie(app, cookie_of(client))
    assert thief.get("/me").status_code == 200
    assert post(client, "/staff/sign-out").status_code == 302
    assert thief.get("/me").status_code == 302
    assert client.get("/me").status_code == 302
    assert acts(session)[-1] == "signed out"


def test_another_site_cannot_sign_anybody_out(signed_in: SignIn) -> None:
    client = signed_in()
    client.post("/staff/sign-out")
    client.get("/staff/sign-out")
    assert client.get("/me").status_code == 200


def test_another_site_cannot_sign_anybody_in(app: Flask, session: Session) -> None:
    client = app.test_client()
    fields = {"email": make_member(session).email, "password": PASSWORD, "submit": "Login"}
    assert client.post("/staff/sign-in", data=fields).status_code == 400
    assert client.post("/staff/sign-in", json=fields).status_code == 400
    assert client.get("/me").status_code == 302


def test_a_new_password_ends_the_sessions_elsewhere(app: Flask, session: Session) -> None:
    member = make_member(session)
    here, elsewhere = (sign_in(app.test_client(), member.email) for _ in range(2))
    new = "another river, by day"
    fields = {"password": PASSWORD, "new_password": new, "new_password_confirm": new, "submit": "Change"}
    assert post(here, "/staff/password", page="/staff/password", **fields).status_code == 302
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 302
    assert "password changed" in acts(session)
    assert WRONG in give_password(app.test_client(), member.email).text
    sign_in(app.test_client(), member.email, new)


def test_a_weak_new_password_is_refused_with_the_reason(signed_in: SignIn) -> None:
    fields = {
        "password": PASSWORD,
        "new_password": "short",
        "new_password_confirm": "short",
        "submit": "Change",
    }
    page = post(signed_in(), "/staff/password", page="/staff/password", **fields)
    assert "at least 12 characters" in page.text


def test_whoever_is_let_go_is_out_at_once(app: Flask, session: Session) -> None:
    member = make_member(session)
    client = sign_in(app.test_client(), member.email)
    let_go(session, member, None)
    session.commit()
    assert client.get("/me").status_code == 302


def test_a_password_set_by_others_ends_every_session(app: Flask, session: Session) -> None:
    member = make_member(session)
    client = sign_in(app.test_client(), member.email)
    set_password(session, session.get_one(User, member.id), "a lantern on the water")
    session.commit()
    assert client.get("/me").status_code == 302


def test_one_password_however_the_keyboard_writes_it(app: Flask, session: Session) -> None:
    member = make_member(session)
    set_password(session, member, "dix-huit crêpes brûlées")  # composed
    session.commit()
    sign_in(app.test_client(), member.email, "dix-huit cre\u0302pes bru\u0302le\u0301es")  # decomposed


def test_after_signing_in_one_is_where_one_wanted_to_be(app: Flask, session: Session) -> None:
    client = app.test_client()
    away = client.get("/me?tab=zone").location
    assert away == "/staff/sign-in?next=/me?tab%3Dzone"
    page = client.get(away)
    fields = {"email": make_member(session).email, "password": PASSWORD, "csrf_token": token_of(page.text)}
    action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
    assert action
    assert client.post(action[1], data=fields).location == "/me?tab=zone"


def test_signing_in_leads_to_no_other_site(app: Flask, session: Session) -> None:
    member = make_member(session)
    for there in ("https://evil.example/", "//evil.example/", r"\\evil.example", "/\\evil.example"):
        client = app.test_client()
        token = token_of(client.get("/staff/sign-in").text)
        fields = {"email": member.email, "password": PASSWORD, "csrf_token": token}
        answer = client.post("/staff/sign-in", query_string={"next": there}, data=fields)
        refused = answer.status_code == 200
        assert refused or re.match(r"/(?![/\\\\])|%5C", answer.location), (there, answer.location)


def test_a_fragment_never_shows_the_sign_in_page(client: FlaskClient) -> None:
    for asking in ({"HX-Request": "true"}, {"X-Requested-With": "live"}):
        answer = client.get("/queue/rows", headers=asking)
        assert answer.status_code == 401
        assert answer.headers["HX-Redirect"].startswith("/staff/sign-in")
        assert not answer.data


def test_no_token_stands_in_for_a_session(app: Flask, session: Session) -> None:
    """Neither a token asked for with the sign-in nor name and password in a header opens a page."""
    member = make_member(session)
    client = app.test_client()
    token = token_of(client.get("/staff/sign-in").text)
    answer = client.post(
        "/staff/sign-in?include_auth_token",
        json={"email": member.email, "password": PASSWORD},
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )
    assert answer.status_code == 200
    given = str(answer.json["response"]["user"].get("authentication_token", ""))
    thief = app.test_client()
    assert thief.get("/me", headers={"Authentication-Token": given}).status_code == 302
    assert thief.get("/me", query_string={"auth_token": given}).status_code == 302
    assert thief.get("/me", auth=(member.email, PASSWORD)).status_code == 302


def test_nobody_is_asked_for_help_by_e_mail(app: Flask, session: Session) -> None:
    client = app.test_client()
    give_password(client, make_member(session, "supervisor").email)
    assert client.get("/staff/tf-rescue").status_code == 404
