"""What people see when something is refused or breaks."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline import create_app
from hotline.settings import Settings
from hotline.web.rules import public
from tests.signing_in import SignIn, make_member, sign_in

SECRET = "my employer keeps my passport"


@pytest.fixture
def breaking(app: Flask) -> Flask:
    """The application, with a page that breaks over what somebody said."""

    @public
    def breaks() -> str:
        raise RuntimeError(SECRET)

    app.add_url_rule("/breaks", "breaks", breaks, methods=["GET"])
    return app


def test_a_page_that_is_not_there_says_so_calmly(signed_in: SignIn, client: FlaskClient) -> None:
    for reader in (client, signed_in()):
        answer = reader.get("/nothing/here")
        assert answer.status_code == 404
        assert "There is no page here" in answer.text
    assert "<nav" in answer.text  # who is signed in keeps the way to the other pages


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.put("/healthz")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]


def test_what_is_too_large_is_refused(signed_in: SignIn) -> None:
    assert signed_in().post("/me", data={"name": "x" * 1_100_000}).status_code == 413


def test_a_fault_of_ours_has_a_name_and_tells_no_more(breaking: Flask, server_errors: list[str]) -> None:
    answer = breaking.test_client().get("/breaks")
    assert answer.status_code == 500
    assert "The fault is ours" in answer.text and "If you ask about it" in answer.text
    assert SECRET not in answer.text and "Traceback" not in answer.text
    assert len(server_errors) == 1
    server_errors.clear()


def test_a_fragment_gets_a_sentence_and_no_page(signed_in: SignIn) -> None:
    answer = signed_in().get("/nothing", headers={"HX-Request": "true"})
    assert answer.status_code == 404 and "<html" not in answer.text


def test_with_the_database_away_the_page_still_says_what_is_safe(
    settings: Settings, session: Session, app: Flask, server_errors: list[str]
) -> None:
    client = sign_in(app.test_client(), make_member(session).email)
    kept = client.get_cookie("hotline", domain="localhost")
    assert kept
    away = create_app(settings.model_copy(update={"database_url": "postgresql+psycopg://x@127.0.0.1:9/x"}))
    reader = away.test_client()
    reader.set_cookie("hotline", kept.value, domain="localhost")
    answer = reader.get("/queue")
    assert answer.status_code == 500
    assert "Callers still reach the microphone" in answer.text
    server_errors.clear()


def test_a_page_from_before_loses_no_words_and_no_password(signed_in: SignIn) -> None:
    typed = "She says the dormitory is locked at ten & <b>nobody</b> may leave."
    client = signed_in()
    answer = client.post(
        "/me", data={"csrf_token": "old", "name": typed, "password": "a quiet river at night"}
    )
    assert answer.status_code == 400
    assert "dormitory is locked at ten &amp; &lt;b&gt;nobody&lt;/b&gt; may leave." in answer.text
    assert "a quiet river" not in answer.text
    assert "<button" not in answer.text.split("<main", 1)[1].split("</main>")[0]
