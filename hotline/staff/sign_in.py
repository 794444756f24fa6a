"""Sign-in by Flask-Security, with the holes of its defaults closed.

Closed here and in the files beside: the remember cookie, log-out that leaves copied cookies good,
log-out without a token, codes that sign in twice, guesses at recovery codes, the sign-in page inside
a fragment, addresses kept. tests/staff attacks each.
"""

from typing import Any

from flask import Flask
from flask_security import LoginForm, PasswordUtil, Security, SQLAlchemySessionUserDatastore
from flask_security.signals import password_changed, tf_disabled, tf_profile_changed, user_authenticated
from flask_wtf import CSRFProtect

from hotline.settings import Settings
from hotline.staff import session_life
from hotline.staff.guessing import RecoveryForm, limit_guesses
from hotline.staff.lock_out import note_unknown_name, remember_address
from hotline.staff.models import Role, User
from hotline.staff.passwords import WeakPassword, check_password
from hotline.staff.second_factor import OnceOnly
from hotline.staff.security_settings import security_settings
from hotline.vault.audit import record
from hotline.web.database import session as database
from hotline.web.rules import CARRIER, RULE


class SignInForm(LoginForm):
    """Without the remember cookie: whoever finds the computer would be signed in for a year."""

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        good = bool(super().validate(**kwargs))
        if not good and self.ifield and self.user is None:
            note_unknown_name()
        return good


class OurRules(PasswordUtil):
    """The same rules for passwords on the page as on the command line."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        normal = self.normalize(password)
        try:
            check_password(normal)
        except WeakPassword as weak:
            return [str(weak).capitalize() + "."], normal
        return None, normal


def open_sign_in(app: Flask, settings: Settings) -> None:
    """Accounts, sessions and their pages under /staff."""
    app.config.update(security_settings(settings))
    csrf = CSRFProtect(app)
    for view in app.view_functions.values():
        if getattr(view, RULE, None) == CARRIER:  # the carrier has no page to take a token from; it signs
            csrf.exempt(view)
    security = Security(
        app,
        SQLAlchemySessionUserDatastore(database, User, Role),
        login_form=SignInForm,
        mf_recovery_form=RecoveryForm,
        totp_cls=OnceOnly,
        password_util_cls=OurRules,
    )
    security.unauthn_handler(session_life.ask_to_sign_in)
    security.reauthn_handler(session_life.ask_again)
    limit_guesses(app, settings)
    views = app.view_functions
    views["security.logout"] = session_life.ending_every_copy(views["security.logout"])
    app.before_request(session_life.end_old_session)
    app.before_request(session_life.note_presence)
    user_authenticated.connect(remember_address, app)
    user_authenticated.connect(session_life.begin_session, app)
    password_changed.connect(_note_password, app)
    tf_profile_changed.connect(_note_second_factor, app)
    tf_disabled.connect(_note_no_second_factor, app)


def _note_password(_app: Flask, user: User, **_: Any) -> None:
    _note(user, "password changed")


def _note_second_factor(_app: Flask, user: User, **_: Any) -> None:
    _note(user, "second factor set up")


def _note_no_second_factor(_app: Flask, user: User, **_: Any) -> None:
    _note(user, "second factor given up")


def _note(user: User, what: str) -> None:
    record(database(), user.id, what, "users", user.id)
    database.commit()
