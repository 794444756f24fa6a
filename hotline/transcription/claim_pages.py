"""Taking a report, giving it back, sending it to another language or another person."""

import uuid
from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import NotFound

from hotline.db import utcnow
from hotline.flow.studio import STUDIO
from hotline.staff.models import User
from hotline.transcription.claim_report import claim_report, give_back, reassign
from hotline.transcription.errors import HeldByAnother, NotHeld, NotOpen, NotYours
from hotline.transcription.pass_to_language import pass_to_language
from hotline.transcription.queue_pages import settings
from hotline.transcription.take_next import take_next
from hotline.web.database import session
from hotline.web.rules import allowed
from hotline.web.shared import language_name

pages = Blueprint("claims", __name__)


@pages.post("/queue/next")
@allowed("claim")
def take_the_next() -> ResponseReturnValue:
    """Take the most pressing one."""
    claim = take_next(session(), current_user, utcnow(), claim_lasts())
    session.commit()
    if claim is None:
        flash("Nothing that you can take waits just now.")
        return redirect(url_for("queue.queue"))
    return redirect(url_for("workbench.workbench", report_id=claim.report_id))


@pages.post("/reports/<uuid:report_id>/claim")
@allowed("claim")
def take(report_id: uuid.UUID) -> ResponseReturnValue:
    claim_report(session(), report_id, current_user, utcnow(), claim_lasts())
    session.commit()
    return redirect(url_for("workbench.workbench", report_id=report_id))


@pages.post("/reports/<uuid:report_id>/give-back")
@allowed("claim")
def release(report_id: uuid.UUID) -> ResponseReturnValue:
    try:
        give_back(session(), report_id, current_user, utcnow())
        session.commit()
        flash("Given back. What you wrote is kept as your draft.")
    except NotHeld:
        flash("You did not hold it any more. What you wrote is kept as your draft.")
    return redirect(url_for("queue.queue"))


@pages.post("/reports/<uuid:report_id>/language")
@allowed("claim")
def other_language(report_id: uuid.UUID) -> ResponseReturnValue:
    language = request.form.get("language", "")
    if language not in spoken_languages():
        flash("Choose the language that is spoken.")
        return redirect(url_for("workbench.workbench", report_id=report_id))
    pass_to_language(session(), report_id, current_user, language, utcnow())
    session.commit()
    flash(f"Sent to those who have {language_name(language)}.")
    return redirect(url_for("queue.queue"))


@pages.post("/reports/<uuid:report_id>/reassign")
@allowed("reassign")
def give_to(report_id: uuid.UUID) -> ResponseReturnValue:
    """To a member, or to nobody: free for all who read it."""
    chosen = request.form.get("member", "")
    to = session.scalar(sa.select(User).where(sa.cast(User.id, sa.Text) == chosen, User.active))
    if chosen and to is None:
        abort(404)
    reassign(session(), report_id, to, current_user, utcnow(), claim_lasts())
    session.commit()
    flash(f"{to.name} has it now." if to else "Free for all who read it.")
    return redirect(url_for("queue.queue"))


@pages.errorhandler(NotYours)
def nothing_here(_error: NotYours) -> ResponseReturnValue:
    return current_app.handle_http_exception(NotFound())  # type: ignore[return-value]


@pages.errorhandler(NotOpen)
def not_open(error: NotOpen) -> ResponseReturnValue:
    flash("It was handed in already." if error.state == "done" else "Its recording is still on its way.")
    return redirect(url_for("queue.queue"))


@pages.errorhandler(HeldByAnother)
def held(error: HeldByAnother) -> ResponseReturnValue:
    flash(f"{error.claim.holder.name} took this a moment ago.")
    return redirect(url_for("queue.queue"))


def claim_lasts() -> timedelta:
    return timedelta(minutes=settings().claim_minutes)


def spoken_languages() -> list[str]:
    """Every language that a member of staff, a line or a report has."""
    found = session.scalars(
        sa.text(
            "SELECT DISTINCT unnest(languages) FROM users WHERE active"
            " UNION SELECT DISTINCT unnest(languages) FROM lines WHERE tree <> :studio"
            " UNION SELECT DISTINCT language FROM reports"
        ),
        {"studio": STUDIO},
    )
    return sorted(found, key=language_name)
