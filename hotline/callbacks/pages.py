"""Whom we owe a call, and when it is safe."""

import uuid

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import joinedload

from hotline.callbacks.about_cases import cases_about
from hotline.callbacks.call_now import NotNow, call_now, settle
from hotline.callbacks.models import OPEN, Callback
from hotline.callbacks.safe_time import next_safe
from hotline.carrier.profiles import profile_for
from hotline.db import utcnow
from hotline.settings import Settings
from hotline.web.database import session
from hotline.web.rules import allowed

pages = Blueprint("callbacks", __name__, template_folder="templates")

SHOWN = 100


@pages.get("/callbacks")
@allowed("call_back")
def callbacks() -> ResponseReturnValue:
    """Those owed first, who asked above who rang, the earliest on top; then how the last ones went."""
    owed = sa.select(Callback).options(
        joinedload(Callback.contact), joinedload(Callback.by), joinedload(Callback.line)
    )
    is_open = Callback.state.in_(OPEN)
    waiting = session.scalars(
        owed.where(is_open).order_by(Callback.why == "ring", Callback.not_before).limit(SHOWN)
    )
    now = utcnow()
    return render_template(
        "callbacks/callbacks.html",
        page="callbacks",
        now=now,
        owed=[(one, next_safe(one, _settings(), now), cases_about(session(), one)) for one in waiting],
        over=session.scalars(owed.where(~is_open).order_by(Callback.asked_at.desc()).limit(20)).all(),
    )


@pages.post("/callbacks/<uuid:callback_id>/call")
@allowed("call_back")
def call(callback_id: uuid.UUID) -> ResponseReturnValue:
    try:
        call_now(session(), callback_id, current_user, _settings(), utcnow())
        session.commit()
        if profile_for(_settings()).whispers:
            flash("They are called now; your phone rings when they have pressed the key.")
        else:
            flash("They are called now, and can leave a message: this carrier cannot put you through safely.")
    except NotNow as not_now:
        session.rollback()
        flash(str(not_now))
    except sa.exc.NoResultFound:
        abort(404)
    return redirect(url_for(".callbacks"))


@pages.post("/callbacks/<uuid:callback_id>/settle")
@allowed("call_back")
def give_up(callback_id: uuid.UUID) -> ResponseReturnValue:
    try:
        settle(session(), callback_id, current_user, utcnow())
    except sa.exc.NoResultFound:
        abort(404)
    session.commit()
    return redirect(url_for(".callbacks"))


def _settings() -> Settings:
    known: Settings = current_app.extensions["hotline.settings"]
    return known
