"""Who calls very often: looked at by a supervisor, who may turn them away for a day."""

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.db import utcnow
from hotline.intake.models import Contact
from hotline.intake.turn_away import find_often_callers, let_in_again, say_shared, turn_away
from hotline.web.database import session
from hotline.web.rules import allowed, my_id

pages = Blueprint("callers", __name__, template_folder="templates")


@pages.get("/callers")
@allowed("turn_away")
def callers() -> ResponseReturnValue:
    now = utcnow()
    return render_template(
        "intake/callers.html", page="callers", callers=find_often_callers(session(), now), now=now
    )


@pages.post("/callers/<uuid:contact_id>")
@allowed("turn_away")
def change(contact_id: uuid.UUID) -> ResponseReturnValue:
    """Turn away, let in again, or say whether the phone is shared."""
    contact = session.get(Contact, contact_id, with_for_update=True) or abort(404)
    match request.form.get("do"):
        case "turn_away":
            turn_away(session(), contact, my_id(), utcnow())
        case "let_in":
            let_in_again(session(), contact, my_id())
        case "shared" | "not_shared" as said:
            say_shared(session(), contact, my_id(), shared=said == "shared")
        case _:
            abort(400)
    session.commit()
    return redirect(url_for(".callers"))
