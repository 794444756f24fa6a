"""What every answer tells the browser."""

import gzip
import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hotline import create_app
from hotline.settings import Settings
from hotline.web.assets import FOLDER, static
from tests.signing_in import SignIn, give_password, make_member, post

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(answer: TestResponse) -> dict[str, str]:
    said = answer.headers["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in said.split(";"))


def test_pages_run_nothing_of_others_and_show_inside_none(client: FlaskClient) -> None:
    for address in ("/staff/sign-in", "/nothing", static("js/console.js")):
        answer = client.get(address)
        assert policy(answer) == POLICY, address
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_only_the_page_with_the_key_may_draw_it(signed_in: SignIn) -> None:
    client = signed_in()
    assert policy(client.get("/me")) == POLICY
    page = post(
        client, "/staff/second-factor", page="/staff/second-factor", setup="authenticator", submit="Submit"
    )
    assert 'src="data:image/svg+xml' in page.text
    assert policy(page) == POLICY | {"img-src": "'self' data:"}


def test_no_page_with_people_is_kept(signed_in: SignIn) -> None:
    client = signed_in()
    for address in ("/me", "/queue", "/queue/rows", "/staff/password", "/nothing"):
        assert client.get(address).headers["Cache-Control"] == "no-store", address


def test_no_page_carries_inline_script_or_style(signed_in: SignIn) -> None:
    client = signed_in("caseworker")
    for address in (
        "/me",
        "/queue",
        "/staff/password",
        "/staff/second-factor",
        "/staff/recovery-codes",
        "/nothing",
    ):
        page = client.get(address).text
        assert not re.search(r"<style|style=|\son[a-z]+=|<script(?![^>]* src=)", page), address


def test_browsers_come_back_encrypted_only_where_the_address_says_so(
    settings: Settings, client: FlaskClient
) -> None:
    assert "Strict-Transport-Security" not in client.get("/staff/sign-in").headers
    safe = create_app(settings.model_copy(update={"public_url": "https://hotline.example"})).test_client()
    assert "max-age" in safe.get("/staff/sign-in").headers["Strict-Transport-Security"]


def test_behind_https_the_cookie_is_secure(settings: Settings, session: Session) -> None:
    safe = create_app(settings.model_copy(update={"public_url": "https://hotline.example"}))
    answer = give_password(safe.test_client(), make_member(session).email)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-hotline=") and "Secure" in cookie and "Path=/" in cookie


def test_static_files_are_kept_for_good_under_the_hash_of_their_tree(client: FlaskClient) -> None:
    today = client.get(static("css/console.css"))
    assert "immutable" in today.headers["Cache-Control"]
    assert today.data == (FOLDER / "css/console.css").read_bytes()
    old = client.get("/static/0123456789ab/css/console.css")
    assert old.headers["Cache-Control"] == "no-cache" and old.data == today.data


def test_style_and_scripts_come_compressed(client: FlaskClient) -> None:
    answer = client.get(static("css/console.css"), headers={"Accept-Encoding": "gzip"})
    plain = (FOLDER / "css/console.css").read_bytes()
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.data) == plain and len(answer.data) < len(plain) / 3


def test_nothing_outside_the_tree_is_served(client: FlaskClient) -> None:
    mark = static("").split("/")[2]
    for path in ("../rules.py", "..%2frules.py", "%2e%2e/rules.py", "css/../../rules.py", "/etc/passwd"):
        assert client.get(f"/static/{mark}/{path}").status_code in (404, 308), path


def test_a_page_asks_for_its_files_under_one_mark(app: Flask, signed_in: SignIn) -> None:
    page = signed_in().get("/queue").text
    asked = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert asked
    for address in asked:
        assert app.test_client().get(address).headers["Cache-Control"].endswith("immutable"), address
