"""How long a session lives, and how it ends: after rest, after a shift, and everywhere at sign-out."""

import time
from datetime import timedelta
from typing import Any

from flask import Flask, Response, flash, redirect, request, session, url_for
from flask.typing import ResponseValue
from flask_security import current_user, logout_user

from hotline.db import utcnow
from hotline.staff.models import User
from hotline.staff.set_password import sign_out_everywhere
from hotline.vault.audit import record
from hotline.web.assets import is_static
from hotline.web.database import session as database
from hotline.web.errors import is_fragment, keep_what_was_typed

LASTS = timedelta(hours=12)  # from the password
RESTS = timedelta(hours=1)  # without an act; a page that keeps itself up to date is none
WRITTEN_EVERY = timedelta(minutes=1)
KEPT_ON_THE_WALL = "board"  # nobody presses anything there for a whole shift


def begin_session(_app: Flask, user: User, **_: Any) -> None:
    """Signed in: from now on it counts."""
    session["began"] = session["acted"] = int(time.time())
    record(database(), user.id, "signed in", "users", user.id)
    database.commit()


def end_old_session() -> None:
    """Before each request: what rested for too long, or lasted for a shift, is over."""
    if "_user_id" not in session or is_static():
        return
    now = int(time.time())
    if now - session.get("began", 0) > LASTS.total_seconds():
        _end("You were signed out at the end of the day. Sign in to go on.")
    elif now - session.get("acted", 0) > RESTS.total_seconds():
        _end("You were signed out after an hour of rest. Sign in to go on.")
    elif _is_act() and now - session["acted"] > WRITTEN_EVERY.total_seconds():
        session["acted"] = now


def note_presence() -> None:
    """Who is on duty is who was here a moment ago; written at most once a minute."""
    if "_user_id" not in session or is_static() or not current_user.is_authenticated:
        return
    now = utcnow()
    if current_user.last_seen_at is None or now - current_user.last_seen_at > WRITTEN_EVERY:
        current_user.last_seen_at = now
        database.commit()


def ask_to_sign_in(_mechanisms: list[str], headers: dict[str, str] | None = None) -> ResponseValue:
    """Whoever is not signed in goes to the sign-in page, and from there where they wanted."""
    if request.method == "POST" and not is_fragment():
        return keep_what_was_typed()
    return _send(url_for("security.login", next=_wanted()))


def ask_again(_within: timedelta, _grace: timedelta) -> ResponseValue:
    """What changes how one signs in asks for the password again."""
    return _send(url_for("security.verify", next=_wanted()))


def ending_every_copy(view: Any) -> Any:
    """Signing out ends every copy of the cookie, too: by itself it would stay good."""

    def signed_out(*args: Any, **kwargs: Any) -> Any:
        known = current_user.id if current_user.is_authenticated else None
        answer = view(*args, **kwargs)
        if known and not current_user.is_authenticated:  # without a token the view only asks
            member = database.get_one(User, known)
            sign_out_everywhere(member)
            record(database(), member.id, "signed out", "users", member.id)
            database.commit()
            session.clear()
        return answer

    return signed_out


def _end(says: str) -> None:
    logout_user()
    session.clear()
    flash(says)


def _is_act() -> bool:
    return not (request.method == "GET" and is_fragment()) or request.blueprint == KEPT_ON_THE_WALL


def _wanted() -> str | None:
    return request.full_path.removesuffix("?") if request.method == "GET" and not is_fragment() else None


def _send(there: str) -> ResponseValue:
    """A fragment must not show another page inside itself: the whole page goes there."""
    if is_fragment():
        return Response(status=401, headers={"HX-Redirect": there})
    return redirect(there)
