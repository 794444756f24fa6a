"""Guesses are slowed page by page, and at the second factor taken one after the other."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, flash, redirect, request, session, url_for
from flask_security import MfRecoveryForm

from hotline.settings import Settings
from hotline.staff.lock_out import count_wrong_code, rests_at_second_factor
from hotline.staff.models import User
from hotline.web.database import session as database
from hotline.web.limits import make_limiter

# By page and address, whoever is guessed at.
LIMITS = {
    "security.login": "30 per minute",
    "security.verify": "10 per minute",
    "security.change_password": "10 per minute",
    "security.two_factor_token_validation": "10 per minute",
    "security.two_factor_setup_validate": "10 per minute",
    "security.mf_recovery": "5 per minute; 20 per hour",
}
SECOND_FACTOR = ("security.two_factor_token_validation", "security.mf_recovery")


class RecoveryForm(MfRecoveryForm):
    """Flask-Security does not tell of wrong recovery codes; this does."""

    def validate(self, **kwargs: Any) -> bool:
        good = bool(super().validate(**kwargs))
        if not good and self.code.data and isinstance(self.user, User):
            count_wrong_code(self.user)
        return good


def limit_guesses(app: Flask, settings: Settings) -> None:
    """Wrap Flask-Security's views."""
    limiter = make_limiter(app, settings)
    views: dict[str, Callable[..., Any]] = app.view_functions
    for endpoint in SECOND_FACTOR:
        views[endpoint] = _one_after_the_other(views[endpoint])
    for endpoint, limit in LIMITS.items():
        views[endpoint] = limiter.limit(limit, methods=["POST"])(views[endpoint])
    views["security.two_factor_rescue"] = _closed


def _one_after_the_other(view: Callable[..., Any]) -> Callable[..., Any]:
    """Hold the member's row until the answer: the same code sent twice at once is good once."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        guesses = request.method == "POST" and "tf_user_id" in session
        if guesses and rests_at_second_factor(_held(session["tf_user_id"])):
            session.clear()
            flash("Too many codes were wrong. Sign-in rests for 15 minutes.")
            return redirect(url_for("security.login"))
        return view(*args, **kwargs)

    return guarded


def _held(mark: str) -> User | None:
    """The member whose password was right, as the last one left them."""
    who = sa.select(User).where(User.fs_uniquifier == mark).with_for_update()
    return database.scalars(who.execution_options(populate_existing=True)).first()


def _closed(*_args: Any, **_kwargs: Any) -> Any:
    """Flask-Security's page for help by e-mail: we send none."""
    abort(404)
