"""The second factor: codes from a phone app, each good once, required of those with the widest view."""

from flask import current_app
from flask_security import Totp, UserMixin
from passlib.totp import TotpMatch

from hotline.settings import Settings
from hotline.staff.models import User

REQUIRED_OF = ("supervisor", "administrator")


def requires_second_factor(member: User) -> bool:
    """Outside the demo, supervisors and administrators need one."""
    settings: Settings = current_app.extensions["hotline.settings"]
    return settings.env != "demo" and member.role in REQUIRED_OF


class OnceOnly(Totp):
    """A code that signed in does not sign in again (Flask-Security leaves this to us)."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        assert isinstance(user, User)
        return user.last_totp_counter

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        assert isinstance(user, User)
        user.last_totp_counter = tmatch.counter
