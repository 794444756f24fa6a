"""Recording by telephone: a PIN is shown once; what could not be placed finds its prompt."""

import uuid

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.db import utcnow
from hotline.studio.pages import numbered, script_of, studio_page
from hotline.studio.place_spoken import place_spoken
from hotline.studio.take import NotYours
from hotline.studio.take_pin import give_back_pin, take_pin
from hotline.web.database import session
from hotline.web.rules import allowed

pages = Blueprint("studio_phone", __name__, url_prefix="/studio")


@pages.post("/pin")
@allowed("manage_prompts")
def pin() -> ResponseReturnValue:
    """Take one, or give it back."""
    if request.form.get("act") == "give back":
        give_back_pin(session(), current_user)
        session.commit()
        flash("The PIN opens nothing any more.")
        return redirect(url_for("studio.studio"))
    try:
        shown = take_pin(session(), current_user, request.form.get("language", ""), utcnow())
    except NotYours as not_yours:
        session.rollback()
        flash(str(not_yours))
        return redirect(url_for("studio.studio"))
    session.commit()
    return studio_page(pin=shown)


@pages.post("/spoken/<uuid:spoken_id>")
@allowed("manage_prompts")
def place(spoken_id: uuid.UUID) -> ResponseReturnValue:
    """Which prompt it is."""
    language, said = request.form.get("language", ""), request.form.get("number", "").strip()
    prompt = next((one.prompt for one in numbered() if str(one.number) == said), None)
    if prompt is None:
        flash("There is no prompt of that number.")
        return redirect(url_for("studio.studio"))
    try:
        place_spoken(session(), spoken_id, language, prompt, script_of(language, prompt), current_user)
    except sa.exc.NoResultFound:
        abort(404)
    except NotYours as not_yours:
        session.rollback()
        flash(str(not_yours))
    else:
        session.commit()
        flash("It is fetched, and then waits for a second person.")
    return redirect(url_for("studio.studio"))
