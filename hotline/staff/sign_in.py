"""Sign-in by Flask-Security, with the holes of its defaults closed.

Closed here: the remember cookie, log-out that leaves copied cookies good, log-out without a token,
codes that sign in twice (second_factor.py), guesses at recovery codes, the sign-in page inside a
fragment, addresses kept. tests/staff/test_sign_in.py attacks each.
"""

import base64
from datetime import timedelta
from typing import Any

from flask import Flask, Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import (
    LoginForm,
    Security,
    SQLAlchemySessionUserDatastore,
    current_user,
    user_authenticated,
)
from flask_security.signals import password_changed
from flask_wtf import CSRFProtect

from hotline.db import utcnow
from hotline.settings import Settings
from hotline.staff.models import Role, User
from hotline.staff.passwords import SHORTEST, WeakPassword, check_password
from hotline.staff.second_factor import OnceOnly
from hotline.staff.set_password import sign_out_everywhere
from hotline.vault.audit import record
from hotline.vault.keys import derive
from hotline.web.database import session as database
from hotline.web.rules import CARRIER, RULE

SESSION_LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
# Guesses are limited by page and address, whoever is guessed at.
GUESSES = {
    "security.login": "30 per minute",
    "security.verify": "10 per minute",
    "security.two_factor_token_validation": "10 per minute",
    "security.mf_recovery": "5 per minute; 20 per hour",
}


class SignInForm(LoginForm):  # type: ignore[misc]
    """Without the remember cookie: whoever finds the computer would be signed in for a year."""

    remember = None


def open_sign_in(app: Flask, settings: Settings) -> None:
    """Accounts, sessions and their pages under /staff."""
    app.config.update(_config(settings))
    csrf = CSRFProtect(app)
    for view in app.view_functions.values():
        if getattr(view, RULE, None) == CARRIER:  # the carrier has no page to take a token from; it signs
            csrf.exempt(view)
    datastore = SQLAlchemySessionUserDatastore(database, User, Role)
    security = Security(
        app, datastore, login_form=SignInForm, totp_cls=OnceOnly, password_util_cls=_password_util()
    )
    security.unauthn_handler(_ask_to_sign_in)
    _limit_guesses(app, settings)
    user_authenticated.connect(_note_sign_in, app)
    password_changed.connect(_note_password, app)
    app.before_request(_note_presence)
    app.view_functions["security.logout"] = _sign_out(app.view_functions["security.logout"])


def _config(settings: Settings) -> dict[str, Any]:
    secret = settings.secret_key.encode()
    safe = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": derive(secret, "session cookies").hex(),
        "SESSION_COOKIE_NAME": "hotline",
        "SESSION_COOKIE_SECURE": safe,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": SESSION_LASTS,
        "REMEMBER_COOKIE_DURATION": timedelta(0),
        "WTF_CSRF_TIME_LIMIT": None,  # an hour by default: who wrote for longer would lose the words
        "WTF_CSRF_SSL_STRICT": False,  # pages send no referrer
        "SECURITY_URL_PREFIX": "/staff",
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/staff/sign-in",
        "SECURITY_PASSWORD_SALT": derive(secret, "passwords").hex(),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # as hotline.staff.passwords hashes
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/password",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},  # else it asks the DNS
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_SETUP_URL": "/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-factor/code",
        "SECURITY_TOTP_SECRETS": {"1": derive(secret, "codes").hex()},
        "SECURITY_TOTP_ISSUER": "Hotline",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            base64.urlsafe_b64encode(derive(secret, "recovery codes")).decode()
        ],
        "SECURITY_FRESHNESS": timedelta(minutes=15),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
        "SECURITY_DATETIME_FACTORY": utcnow,
    }


def _password_util() -> type:
    from flask_security import PasswordUtil

    class OurRules(PasswordUtil):  # type: ignore[misc]
        """The same rules on the page as on the command line."""

        def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
            normal = self.normalize(password)
            try:
                check_password(normal)
            except WeakPassword as weak:
                return [str(weak)], normal
            return None, normal

    return OurRules


def _limit_guesses(app: Flask, settings: Settings) -> None:
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=settings.redis_url if settings.redis_url.startswith("redis") else "memory://",
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix="hotline",
    )
    for endpoint, limit in GUESSES.items():
        limited = limiter.limit(limit, methods=["POST"])(app.view_functions[endpoint])
        app.view_functions[endpoint] = limited


def _ask_to_sign_in(_mechanisms: Any, _headers: Any = None) -> ResponseReturnValue:
    """A fragment must not show the sign-in page inside itself: the whole page goes there."""
    there = url_for("security.login", next=request.full_path if request.method == "GET" else None)
    if "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "live":
        whole = request.headers.get("HX-Current-URL") or request.referrer or "/"
        return Response(
            status=401, headers={"HX-Redirect": url_for("security.login"), "X-Sign-In": whole and "1"}
        )
    return redirect(there)


def _sign_out(view: Any) -> Any:
    """Signing out ends every copy of the cookie, too."""

    def signed_out(*args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and current_user.is_authenticated:
            member = database.get_one(User, current_user.id)
            answer = view(*args, **kwargs)
            sign_out_everywhere(member)
            record(database(), member.id, "signed out", "users", member.id)
            database.commit()
            session.clear()
            return answer
        return view(*args, **kwargs)

    return signed_out


def _note_sign_in(_app: Flask, user: User, **_: Any) -> None:
    record(database(), user.id, "signed in", "users", user.id)
    session.permanent = True
    database.commit()


def _note_password(_app: Flask, user: User, **_: Any) -> None:
    record(database(), user.id, "password changed", "users", user.id)
    database.commit()


def _note_presence() -> None:
    """Who is on duty is who was here a moment ago; written at most once a minute."""
    if request.endpoint in (None, "static") or not current_user.is_authenticated:
        return
    now = utcnow()
    if current_user.last_seen_at is None or now - current_user.last_seen_at > SEEN_EVERY:
        current_user.last_seen_at = now
        database.commit()
