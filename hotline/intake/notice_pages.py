"""Announcements and closures, line by line: one click, and they end by themselves."""

import uuid

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.db import utcnow
from hotline.flow.studio import STUDIO
from hotline.intake.models import Line
from hotline.intake.put_notice import NOTICES, NotANotice, end_notice, put_notice
from hotline.web.database import session
from hotline.web.rules import allowed, my_id

pages = Blueprint("notices", __name__, template_folder="templates")

HOURS = (1, 4, 12, 24, 72)


@pages.get("/notices")
@allowed("announce")
def notices() -> ResponseReturnValue:
    lines = session.scalars(sa.select(Line).where(Line.tree != STUDIO).order_by(Line.number)).all()
    return render_template(
        "intake/notices.html", page="notices", lines=lines, notices=NOTICES, hours=HOURS, now=utcnow()
    )


@pages.post("/notices/<uuid:line_id>")
@allowed("announce")
def change(line_id: uuid.UUID) -> ResponseReturnValue:
    line = session.get(Line, line_id, with_for_update=True) or abort(404)
    if request.form.get("do") == "end":
        end_notice(session(), line, member_id=my_id())
    else:
        hours = int(said) if (said := request.form.get("hours", "")).isascii() and said.isdigit() else 0
        try:
            put_notice(
                session(), line, request.form.get("notice", ""), hours,
                straight="straight" in request.form, member_id=my_id(), now=utcnow(),
            )  # fmt: skip
        except NotANotice:
            session.rollback()
            flash("Choose what is said, or that callers go straight to the microphone, and for how long.")
            return redirect(url_for(".notices"))
    session.commit()
    return redirect(url_for(".notices"))
