"""Members of staff: added, given a password, listed, led to a new second factor; from the command line, too."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from hotline.cli import main
from hotline.settings import Settings
from hotline.staff.add_member import WrongMember, add_member, check_languages
from hotline.staff.models import User
from hotline.staff.passwords import SHORTEST, WeakPassword, check_password, make_password
from hotline.vault.audit import AuditRow
from tests.signing_in import PASSWORD, SignIn, give_password, make_member, post, set_up_codes, sign_in

Command = Callable[..., Result]


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`hotline staff …`, on this test's database."""
    monkeypatch.setattr("hotline.cli._settings.known_settings", lambda: settings)

    def run(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(main, ["staff", *words], input=given)

    return run


def add(command: Command, *more: str, password: str = PASSWORD) -> Result:
    words = (
        "add",
        "thiri@hotline.example",
        "--role",
        "transcriber",
        "--languages",
        "my,th",
        "--name",
        "Thiri",
    )
    return command(*words, *more, "--password-stdin", given=f"{password}\n")


def test_who_is_added_can_sign_in(app: Flask, session: Session, command: Command) -> None:
    assert add(command).exit_code == 0
    member = session.scalars(sa.select(User)).one()
    assert (member.name, member.role, member.languages) == ("Thiri", "transcriber", ["my", "th"])
    assert "Thiri" in sign_in(app.test_client(), member.email).get("/me").text
    assert session.scalars(sa.select(AuditRow.action)).first() == "added"


def test_without_a_password_one_is_made_and_shown_once(app: Flask, command: Command) -> None:
    shown = command("add", "thiri@hotline.example", "--role", "transcriber").output
    sign_in(app.test_client(), "thiri@hotline.example", shown.split()[-1])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--languages", "burmese"], "burmese is no language tag"),
        (["--role", "boss"], "boss"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(command: Command, given: list[str], says: str) -> None:
    result = add(command, *given)
    assert result.exit_code != 0 and says in result.output and "Traceback" not in result.output


def test_nobody_is_added_twice(command: Command) -> None:
    add(command)
    assert "is a member already" in add(command).output


def test_a_weak_password_is_refused(command: Command) -> None:
    assert "at least 12 characters" in add(command, password="short").output


def test_a_new_password_replaces_the_old(app: Flask, session: Session, command: Command) -> None:
    email = make_member(session).email
    shown = command("password", email).output
    assert give_password(app.test_client(), email).status_code == 200
    sign_in(app.test_client(), email, shown.split()[-1])


def test_nobody_has_that_address(command: Command) -> None:
    result = command("password", "nobody@hotline.example")
    assert result.exit_code == 1 and "nobody here has the address" in result.output


def test_everybody_is_listed(session: Session, command: Command) -> None:
    make_member(session, "caseworker", ("ne",), "Bishnu Rai")
    assert "bishnu.rai@hotline.example" in command("list").output


def test_whose_phone_is_lost_sets_up_a_new_one(app: Flask, session: Session, command: Command) -> None:
    member = make_member(session, "supervisor")
    client = sign_in(app.test_client(), member.email)
    assert command("forget-second-factor", member.email).exit_code == 0
    assert client.get("/me").status_code == 302
    again = app.test_client()
    assert give_password(again, member.email).location == "/staff/second-factor"
    set_up_codes(again)
    assert again.get("/me").status_code == 200


def test_a_wrong_address_is_none(session: Session) -> None:
    for email in ("", "thiri", "@hotline.example", "thiri@", "a@b@c"):
        with pytest.raises(WrongMember):
            add_member(session, email, name="", role="transcriber", languages=[], password=PASSWORD)


@given(st.text(max_size=SHORTEST - 1))
def test_what_is_short_is_weak(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password)


@pytest.mark.parametrize(
    "password", ["Password1234", "password 1234!", "aaaaaaaaaaaaaa", "Hotline123456", "QWERTYUIOP123"]
)
def test_what_is_tried_first_is_weak(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password)


@pytest.mark.parametrize("password", ["a quiet river at night", "မိုးရွာတဲ့ညတစ်ည", "correct horse battery"])
def test_a_short_sentence_does_well(password: str) -> None:
    check_password(password)


def test_made_passwords_are_good_and_differ() -> None:
    made = {make_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_password(password)


def test_a_person_changes_name_and_zone(signed_in: SignIn, session: Session) -> None:
    client = signed_in(name="Thiri")
    page = client.get("/me").text
    token = page.split('data-csrf="')[1].split('"')[0]
    client.post("/me", data={"csrf_token": token, "name": "Thiri Aung", "zone": "Asia/Yangon"})
    client.post("/me", data={"csrf_token": token, "name": "", "zone": "Moon/Tranquility"})
    member = session.scalars(sa.select(User)).one()
    assert (member.name, member.zone) == ("Thiri Aung", "Asia/Yangon")


def test_the_theme_goes_round_and_is_drawn_by_the_server(signed_in: SignIn) -> None:
    client = signed_in()
    token = client.get("/me").text.split('data-csrf="')[1].split('"')[0]
    seen = []
    for _ in range(3):
        answer = client.post("/me/theme", data={"csrf_token": token, "back": "/me"})
        assert answer.location == "/me"
        page = client.get("/me").text
        seen.append(
            "light" if 'data-theme="light"' in page else "dark" if 'data-theme="dark"' in page else None
        )
    assert seen == ["light", "dark", None]
    for elsewhere in ("//evil.example", "/\\evil.example", "https://evil.example"):
        assert client.post("/me/theme", data={"csrf_token": token, "back": elsewhere}).location == "/"


def test_a_page_left_open_goes_on_after_signing_in_again(app: Flask, session: Session) -> None:
    """What is typed in it is saved with the token of the new session."""
    email = make_member(session).email
    client = sign_in(app.test_client(), email)
    old = client.get("/me").text.split('data-csrf="')[1].split('"')[0]
    client.post("/staff/sign-out", data={"csrf_token": old})
    sign_in(client, email)
    assert client.post("/me", data={"name": "Thiri"}, headers={"X-CSRFToken": old}).status_code == 400
    fresh = client.get("/me/token").text
    assert client.post("/me", data={"name": "Thiri"}, headers={"X-CSRFToken": fresh}).status_code == 302


def test_an_administrator_lets_somebody_set_up_a_new_phone(
    app: Flask, session: Session, signed_in: SignIn
) -> None:
    member = make_member(session, "caseworker")
    set_up_codes(sign_in(app.test_client(), member.email))
    admin = signed_in("administrator", ())
    assert "Phone lost" in admin.get("/members").text
    post(admin, f"/members/{member.id}", page="/members", act="second factor")
    assert give_password(app.test_client(), member.email).location == "/"


def test_a_language_that_has_a_folder_is_given_to_staff_though_cldr_has_no_name_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.staff.add_member.PROMPTS", tmp_path)
    with pytest.raises(WrongMember):
        check_languages(["ksw"])
    (tmp_path / "ksw").mkdir()
    (tmp_path / "ksw" / "script.yaml").write_text("")
    check_languages(["ksw", "my"])
    with pytest.raises(WrongMember):
        check_languages(["../ksw"])
