"""How much one person may ask for: nobody opens every number in an afternoon, nor keeps the console busy.

Callers are never limited here: the carrier's requests are signed, come from few addresses, and an address
that is refused would be a caller who is. Repeated calls of one number: hotline.intake.start_call.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from hotline.settings import Settings
from hotline.web.rules import CARRIER, PUBLIC, TOKEN, rule_here, rules_of

# What takes people's data out of the console, by member, on whichever page.
ACTS = {"unmask": "30 per hour", "open_original": "30 per hour", "export": "20 per hour"}
# Everything of one member or, signed out, of one address, at each process. A page that is live asks 40
# times a minute; this lets ten of them be open. Counted in memory: it waits for nothing.
ANYTHING = parse("600 per minute")


def limit_requests(app: Flask, settings: Settings) -> None:
    """Wrap the acts, and count every request of the console."""
    limiter = make_limiter(app, settings)
    views: dict[str, Callable[..., Any]] = app.view_functions
    for endpoint, action in rules_of(app):
        if action in ACTS:
            limit = limiter.shared_limit(ACTS[action], scope=action, key_func=_who)
            views[endpoint] = limit(views[endpoint])
    seen = FixedWindowRateLimiter(MemoryStorage())

    @app.before_request
    def _count() -> None:
        if rule_here() not in (CARRIER, PUBLIC, TOKEN) and not seen.hit(ANYTHING, _who()):
            abort(429)


def make_limiter(app: Flask, settings: Settings) -> Limiter:
    """One that counts by address, in Redis; without Redis each process counts for itself."""
    return Limiter(
        get_remote_address,
        app=app,
        storage_uri=_storage(settings.redis_url),
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix="hotline",
    )


def _who() -> str:
    """By the cookie, without the database: what asks for health may find it away."""
    return str(session.get("_user_id") or get_remote_address())


def _storage(redis_url: str) -> str:
    return redis_url.replace("unix://", "redis+unix://", 1) if redis_url.startswith("unix:") else redis_url
