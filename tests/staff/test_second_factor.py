"""The code from the phone: who needs it, each good once, and few guesses."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy.orm import Session

from hotline import create_app
from hotline.settings import Settings
from hotline.staff.lock_out import TRIES
from hotline.staff.models import User
from hotline.vault.audit import AuditRow
from tests.signing_in import (
    give_password,
    make_member,
    post,
    set_up_codes,
    sign_in,
    token_of,
)

CODE, RECOVERY = "/staff/second-factor/code", "/staff/recovery"


def half_in(app: Flask, email: str) -> FlaskClient:
    """The password was right; the code is still to come."""
    client = app.test_client()
    answer = give_password(client, email)
    assert answer.location.startswith(CODE)
    return client


def give_code(client: FlaskClient, code: str, page: str = CODE) -> int:
    shown = client.get(page)
    if shown.status_code != 200:
        return shown.status_code
    return client.post(page, data={"code": code, "csrf_token": token_of(shown.text)}).status_code


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def with_codes(app: Flask, session: Session, role: str = "caseworker") -> tuple[User, TOTP, FlaskClient]:
    member = make_member(session, role)
    client = sign_in(app.test_client(), member.email)
    return member, set_up_codes(client), client


def recovery_codes(client: FlaskClient) -> list[str]:
    page = post(client, "/staff/recovery-codes", page="/staff/recovery-codes", generate_new_codes="Generate")
    return re.findall(r'<li class="code">([0-9a-f-]{14})</li>', page.text)


def later(totp: TOTP, seconds: int = 30) -> str:
    """The code of the next half minute: one that was not used yet, and is taken already."""
    return str(totp.generate(time=int(time.time()) + seconds).token)


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_who_sees_most_must_set_one_up_before_anything_opens(app: Flask, session: Session, role: str) -> None:
    client = app.test_client()
    assert give_password(client, make_member(session, role).email).location == "/staff/second-factor"
    assert not is_in(client)
    set_up_codes(client)
    assert is_in(client)


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_who_must_have_one_cannot_give_it_up(app: Flask, session: Session, role: str) -> None:
    member = make_member(session, role)
    client = sign_in(app.test_client(), member.email)
    post(client, "/staff/second-factor", page="/staff/second-factor", setup="disable", submit="Submit")
    session.refresh(member)
    assert member.tf_totp_secret


def test_in_the_demo_nobody_must(settings: Settings, session: Session) -> None:
    demo = create_app(settings.model_copy(update={"env": "demo"}))
    client = demo.test_client()
    give_password(client, make_member(session, "supervisor").email)
    assert is_in(client)


def test_others_may_have_one_and_give_it_up(app: Flask, session: Session) -> None:
    member, _totp, client = with_codes(app, session)
    half_in(app, member.email)
    post(client, "/staff/second-factor", page="/staff/second-factor", setup="disable", submit="Submit")
    assert give_password(app.test_client(), member.email).location == "/"
    done = set(session.scalars(sa.select(AuditRow.action)))
    assert {"second factor set up", "second factor given up"} <= done


def test_the_right_code_opens_and_a_wrong_one_does_not(app: Flask, session: Session) -> None:
    member, totp, _client = with_codes(app, session)
    client = half_in(app, member.email)
    give_code(client, "000000" if later(totp) != "000000" else "111111")
    assert not is_in(client)
    give_code(client, later(totp))
    assert is_in(client)


def test_a_code_that_was_used_is_refused(app: Flask, session: Session) -> None:
    member, totp, _client = with_codes(app, session)
    code = later(totp)
    first, second = half_in(app, member.email), half_in(app, member.email)
    give_code(first, code)
    give_code(second, code)
    assert is_in(first) and not is_in(second)


def test_a_code_sent_twice_at_once_opens_once(app: Flask, session: Session) -> None:
    member, totp, _client = with_codes(app, session)
    code = later(totp)
    doors = [half_in(app, member.email) for _ in range(4)]
    with ThreadPoolExecutor(4) as at_once:
        list(at_once.map(lambda client: give_code(client, code), doors))
    assert sum(is_in(client) for client in doors) == 1


def test_the_code_that_set_it_up_does_not_sign_in(app: Flask, session: Session) -> None:
    member, totp, _client = with_codes(app, session)
    client = half_in(app, member.email)
    give_code(client, str(totp.generate().token))
    assert not is_in(client)


def test_guesses_at_the_code_end_soon_from_wherever(app: Flask, session: Session) -> None:
    member, totp, _client = with_codes(app, session)
    for number in range(TRIES):
        guesser = half_in(app, member.email)
        guesser.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        give_code(guesser, f"00000{number}")
    last = half_in(app, member.email)
    give_code(last, later(totp))
    assert not is_in(last)
    assert "rests for 15 minutes" in last.get("/staff/sign-in").text


def test_a_recovery_code_opens_once(app: Flask, session: Session) -> None:
    member, _totp, client = with_codes(app, session)
    code = recovery_codes(client)[0]
    first, second = half_in(app, member.email), half_in(app, member.email)
    give_code(first, code, RECOVERY)
    give_code(second, code, RECOVERY)
    assert is_in(first) and not is_in(second)


def test_a_recovery_code_sent_twice_at_once_opens_once(app: Flask, session: Session) -> None:
    member, _totp, client = with_codes(app, session)
    code = recovery_codes(client)[0]
    doors = [half_in(app, member.email) for _ in range(3)]
    with ThreadPoolExecutor(3) as at_once:
        list(at_once.map(lambda door: give_code(door, code, RECOVERY), doors))
    assert sum(is_in(door) for door in doors) == 1


def test_guesses_at_recovery_codes_are_counted_with_the_others(app: Flask, session: Session) -> None:
    member, _totp, client = with_codes(app, session)
    good = recovery_codes(client)[0]
    for number in range(TRIES):
        guesser = half_in(app, member.email)
        guesser.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        give_code(guesser, f"0000-0000-000{number}", RECOVERY)
    last = half_in(app, member.email)
    give_code(last, good, RECOVERY)
    assert not is_in(last)
    assert session.scalar(sa.select(sa.func.count()).where(AuditRow.action == "wrong second factor")) == TRIES


def test_guesses_at_recovery_codes_are_slowed_by_address(app: Flask, session: Session) -> None:
    member, _totp, client = with_codes(app, session)
    recovery_codes(client)
    guesser = half_in(app, member.email)
    assert 429 in [give_code(guesser, f"0000-0000-000{number}", RECOVERY) for number in range(6)]


def test_neither_secret_nor_recovery_codes_lie_open_in_the_database(app: Flask, session: Session) -> None:
    member, totp, client = with_codes(app, session)
    codes = recovery_codes(client)
    stored = str(session.execute(sa.text("SELECT * FROM users WHERE id = :id"), {"id": member.id}).all())
    assert totp.base32_key not in stored
    assert codes and not any(code in stored for code in codes)


def test_changing_it_asks_for_the_password_again(app: Flask, session: Session) -> None:
    client = sign_in(app.test_client(), make_member(session).email)
    with client.session_transaction() as kept:
        kept["fs_paa"] -= 3600
        kept.pop("fs_gexp", None)
    assert client.get("/staff/second-factor").location.startswith("/staff/again?next=")
    fragment = client.get("/staff/second-factor", headers={"HX-Request": "true"})
    assert fragment.status_code == 401 and fragment.headers["HX-Redirect"].startswith("/staff/again")
