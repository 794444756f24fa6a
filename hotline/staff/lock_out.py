"""Wrong passwords and codes make sign-in rest, for who guesses and not for whom they guess.

Counted in Redis by account and address together, so that a stranger cannot lock anybody out; and by
account alone with a bound high enough that only a wide attack meets it. Without Redis the limits of
the pages (hotline.staff.sign_in) still hold.
"""

import hashlib

import redis
from flask import current_app, has_request_context, request

from hotline.db import make_sessions
from hotline.doorbell import connect
from hotline.staff.models import User
from hotline.vault.audit import record

TRIES = 6  # from one address
TRIES_ANYWHERE = 60
REST = 15 * 60  # seconds
KEY = "hotline.failures"


def count_failure(member: User, kind: str, second_factor: bool) -> None:
    """Another failure; in the audit trail, too, in a transaction of its own: nothing else commits after it."""
    try:
        with _store().pipeline() as pipe:
            for name in _names(member):
                pipe.incr(name)
                pipe.expire(name, REST)
            pipe.execute()
    except redis.RedisError as away:
        current_app.logger.warning("failures not counted: %s", type(away).__name__)
    with make_sessions(current_app.extensions["hotline.engine"]).begin() as own:
        what = "wrong second factor" if second_factor else f"wrong {kind}"
        record(own, member.id, what, "users", member.id)


def is_resting(member: User) -> bool:
    """Whether sign-in rests for this account from this address, or from everywhere."""
    try:
        here, anywhere = (int(count or 0) for count in _store().mget(_names(member)))
    except redis.RedisError:
        return False
    return here >= TRIES or anywhere >= TRIES_ANYWHERE


def _names(member: User) -> list[str]:
    address = (request.remote_addr or "") if has_request_context() else ""
    mark = hashlib.sha256(f"{current_app.secret_key!r}{address}".encode()).hexdigest()[:16]
    return [f"failures:{member.id}:{mark}", f"failures:{member.id}"]


def _store() -> "redis.Redis[bytes]":
    if KEY not in current_app.extensions:
        current_app.extensions[KEY] = connect(current_app.extensions["hotline.settings"].redis_url)
    store: redis.Redis[bytes] = current_app.extensions[KEY]
    return store
