"""Wrong passwords and codes make sign-in rest: for who guesses, not for whom they guess.

Passwords are counted by account and address together. Guesses from everywhere make the account rest
only at addresses from which its owner never signed in, so knowing an e-mail locks nobody out. Codes
are counted by account alone: who gets to them knows the password.

The counts lie in Redis, under keyed marks instead of addresses. Without Redis the limits of the pages
(hotline.staff.guessing) still hold.
"""

import hmac
import logging
from typing import Any

import redis
from flask import current_app, request

from hotline.db import make_sessions
from hotline.doorbell import connect
from hotline.staff.models import User
from hotline.vault.audit import record
from hotline.vault.keys import derive

TRIES = 6  # from one address, or at the second factor
TRIES_ANYWHERE = 60
REST = 15 * 60  # seconds
KNOWN = 30 * 24 * 3600  # seconds that an address stays known after a sign-in
STORE = "hotline.failures"

log = logging.getLogger(__name__)


def count_wrong_password(member: User) -> None:
    """One more from this address; those of an address that rests already count no further."""
    here, anywhere = _here(member), _anywhere(member)
    if not is_resting(member):
        _count(here, anywhere)
        _write_down(member, "wrong password")


def note_unknown_name() -> None:
    """Somebody tried a name that nobody has. Written down as a wrong password is, and so takes as long."""
    _write_down(None, "unknown name")


def count_wrong_code(member: User) -> None:
    """One more at the second factor."""
    _count(_codes(member))
    _write_down(member, "wrong second factor")


def is_resting(member: User) -> bool:
    """Whether this address may not sign in as this member just now."""
    try:
        here, anywhere, known = _store().mget([_here(member), _anywhere(member), _known(member)])
    except redis.RedisError:
        return False
    return int(here or 0) >= TRIES or (int(anywhere or 0) >= TRIES_ANYWHERE and not known)


def rests_at_second_factor(member: User | None) -> bool:
    """Whether no code of this member is taken just now."""
    try:
        return member is not None and int(_store().get(_codes(member)) or 0) >= TRIES
    except redis.RedisError:
        return False


def remember_address(_app: Any, user: User, **_: Any) -> None:
    """Signed in from here: nobody elsewhere can make this address rest."""
    try:
        with _store().pipeline() as pipe:
            pipe.set(_known(user), 1, ex=KNOWN)
            pipe.delete(_here(user), _codes(user))
            pipe.execute()
    except redis.RedisError as away:
        log.warning("address not remembered: %s", type(away).__name__)


def _count(*names: str) -> None:
    try:
        with _store().pipeline() as pipe:
            for name in names:
                pipe.incr(name)
                pipe.expire(name, REST)
            pipe.execute()
    except redis.RedisError as away:
        log.warning("failures not counted: %s", type(away).__name__)


def _write_down(member: User | None, what: str) -> None:
    """In a transaction of its own: nothing else commits after a failure."""
    who = member.id if member else None
    with make_sessions(current_app.extensions["hotline.engine"]).begin() as own:
        record(own, who, what, "users", who or "")


def _here(member: User) -> str:
    return f"failures:{member.id}:{_mark()}"


def _anywhere(member: User) -> str:
    return f"failures:{member.id}"


def _known(member: User) -> str:
    return f"known:{member.id}:{_mark()}"


def _codes(member: User) -> str:
    return f"codes:{member.id}"


def _mark() -> str:
    """This address, as only this installation can tell it."""
    settings = current_app.extensions["hotline.settings"]
    key = derive(settings.secret_key.encode(), "addresses")
    return hmac.digest(key, (request.remote_addr or "").encode(), "sha256").hex()[:16]


def _store() -> redis.Redis:
    settings = current_app.extensions["hotline.settings"]
    if STORE not in current_app.extensions:
        current_app.extensions[STORE] = connect(settings.redis_url)
    store: redis.Redis = current_app.extensions[STORE]
    return store
