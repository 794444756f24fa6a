"""Sign-in rests for who guesses, and for nobody else."""

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline import create_app
from hotline.settings import Settings
from hotline.staff import lock_out
from hotline.staff.lock_out import TRIES
from tests.signing_in import fresh_address, give_password, make_member


def at(app: Flask, address: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def guess(app: Flask, email: str, address: str, times: int = TRIES) -> None:
    client = at(app, address)
    for _ in range(times):
        give_password(client, email, "this is not the password")


def gets_in(app: Flask, email: str, address: str) -> bool:
    return give_password(at(app, address), email).status_code == 302


def test_after_some_guesses_the_right_password_does_not_open(app: Flask, session: Session) -> None:
    email, guesser = make_member(session).email, fresh_address()
    guess(app, email, guesser, TRIES - 1)
    assert gets_in(app, email, guesser)
    guess(app, email, guesser)
    assert not gets_in(app, email, guesser)


def test_the_owner_elsewhere_is_not_locked_out(app: Flask, session: Session) -> None:
    email = make_member(session).email
    guess(app, email, fresh_address(), 2 * TRIES)
    assert gets_in(app, email, fresh_address())


def test_one_stranger_cannot_make_an_account_rest_everywhere(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an address rests already, its guesses no longer count against the account."""
    monkeypatch.setattr(lock_out, "TRIES_ANYWHERE", TRIES + 1)
    email = make_member(session).email
    guess(app, email, fresh_address(), 3 * TRIES)
    assert gets_in(app, email, fresh_address())


def test_a_wide_attack_rests_strangers_and_not_the_office(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that never signed in as this member rests; that of the last sign-in does not."""
    monkeypatch.setattr(lock_out, "TRIES_ANYWHERE", 3 * TRIES)
    email, office = make_member(session).email, fresh_address()
    assert gets_in(app, email, office)
    for _ in range(3):
        guess(app, email, fresh_address())
    assert not gets_in(app, email, fresh_address())
    assert gets_in(app, email, office)


def test_one_address_cannot_try_many_accounts_fast(app: Flask, settings: Settings) -> None:
    client = at(app, fresh_address())
    names = (f"nobody{number}@hotline.example" for number in range(31))
    codes = [give_password(client, name, "x" * 12).status_code for name in names]
    assert codes[0] == 200 and codes[-1] == 429
    with redis.Redis.from_url(settings.redis_url) as shared:  # by all processes, not each for itself
        assert any(
            client.environ_base["REMOTE_ADDR"].encode() in key for key in shared.scan_iter("*LIMITER*")
        )


def test_without_redis_people_still_sign_in(settings: Settings, session: Session) -> None:
    app = create_app(settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"}))
    email, here = make_member(session).email, fresh_address()
    guess(app, email, here, 2)
    assert gets_in(app, email, here)


def test_behind_a_proxy_the_address_is_the_one_it_saw(settings: Settings, session: Session) -> None:
    """Else one guesser would make sign-in rest for everybody."""
    app = create_app(settings.model_copy(update={"proxies": 1}))
    email = make_member(session).email

    def tries(seen: str, password: str) -> int:
        client = at(app, "127.0.0.1")
        client.environ_base["HTTP_X_FORWARDED_FOR"] = (
            f"203.0.113.9, {seen}"  # the first part is the caller's own
        )
        return give_password(client, email, password).status_code

    guesser, owner = fresh_address(), fresh_address()
    for _ in range(TRIES):
        tries(guesser, "this is not the password")
    assert tries(guesser, "a quiet river at night") == 200
    assert tries(owner, "a quiet river at night") == 302
