"""Texting the person of a case: what it costs is shown before it goes."""

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.casework.pages import case_page, find_case
from hotline.casework.write_text import (
    TOO_LONG,
    Count,
    NotSent,
    count_text,
    line_of,
    name_or_not,
    take_back,
    write_text,
)
from hotline.db import utcnow
from hotline.intake.models import Message
from hotline.settings import Settings
from hotline.web.database import session
from hotline.web.once import id_of_form
from hotline.web.rules import allowed

pages = Blueprint("texts", __name__)


@pages.post("/cases/<code>/texts")
@allowed("text")
def write(code: str) -> ResponseReturnValue:
    """Shown with its segments and price first; sent once they were seen. What was typed is kept."""
    case, words = find_case(code), request.form.get("words", "").replace("\r\n", "\n")
    settings: Settings = current_app.extensions["hotline.settings"]
    seen: Count = count_text(words, settings.text_price)
    if seen.is_too_long:
        flash(TOO_LONG)
    if seen.is_too_long or request.form.get("seen") != str(seen.segments):
        return case_page(case, text=words, count=seen)
    line = line_of(session(), case)
    try:
        if line is None:
            raise NotSent("No line of ours is known to them.")
        text = write_text(
            session(),
            case,
            line,
            current_user,
            words,
            settings.known_as,
            utcnow(),
            id_of_form(words.encode()),
        )
        waits = text.status == "promised"
        session.commit()
    except NotSent as not_sent:
        session.rollback()
        flash(str(not_sent))
        return case_page(find_case(code), text=words, count=seen), 400
    if not waits:  # an old page, from the browser's memory
        flash("This text was written already; see below what became of it. To send it again, write it again.")
        return redirect(url_for("cases.case", code=code))
    flash("It goes out in ten seconds; until then it can be taken back.")
    return redirect(url_for("cases.case", code=code))


@pages.post("/cases/<code>/texts/<uuid:message_id>/take-back")
@allowed("text")
def undo(code: str, message_id: uuid.UUID) -> ResponseReturnValue:
    case = find_case(code)
    message = session.get(Message, message_id)
    if message is None or message.case_id != case.id:
        abort(404)
    flash("Taken back." if take_back(session(), message, current_user) else "It has gone out already.")
    session.commit()
    return redirect(url_for("cases.case", code=code))


@pages.post("/cases/<code>/naming")
@allowed("text")
def naming(code: str) -> ResponseReturnValue:
    """What the worker asked for."""
    name_or_not(session(), find_case(code), current_user, unnamed="unnamed" in request.form)
    session.commit()
    return redirect(url_for("cases.case", code=code))
