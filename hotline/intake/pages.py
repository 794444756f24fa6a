"""Lines, and the numbers that were called and are none of ours: for administrators."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.db import utcnow
from hotline.flow.studio import STUDIO
from hotline.intake.add_line import HOURS_UNASKED, NotALine, Opening, add_line, are_hours_unasked
from hotline.intake.line_voices import voices_wanted
from hotline.intake.models import Call, Line, Message
from hotline.web.database import session
from hotline.web.parts import catalogue, known_languages, known_trees
from hotline.web.rules import allowed

pages = Blueprint("lines", __name__, template_folder="templates")


@pages.get("/lines")
@allowed("manage_lines")
def lines() -> ResponseReturnValue:
    """What is in service; of the line that is asked for, what it is like, to be changed."""
    known = session.scalar(sa.select(Line).where(Line.number == request.args.get("number", "")))
    return _page(typed=_typed(known) if known else None)


@pages.post("/lines")
@allowed("manage_lines")
def add() -> ResponseReturnValue:
    """Add a line, or change the one of this number; what was typed stays in the page when it cannot be."""
    form = request.form
    spoken = [tag.strip() for tag in form.get("languages", "").replace(" ", ",").split(",") if tag.strip()]
    try:
        line = add_line(
            session(),
            form.get("number", ""),
            tree=form.get("tree", ""),
            languages=spoken,
            trees=known_trees(),
            spoken=known_languages(),
            name=form.get("name", "").strip()[:60],
            answers_texts="answers_texts" in form,
            opening=Opening(
                form.get("zone", "").strip(),
                form.get("hours", "").strip(),
                tuple(form.get("holidays", "").replace(",", " ").split()),
                form.get("answer_mode", "answer"),
                _seconds(form.get("recording_seconds", "")),
                form.get("country", "").strip().upper(),
            ),
            longest=current_app.extensions["hotline.settings"].voicemail_seconds,
            rehearsal="rehearsal" in form,
            unspoken=voices_wanted(
                session(),
                current_app.extensions["hotline.settings"],
                known_trees(),
                catalogue(),
            ),
            member_id=current_user.id,
            now=utcnow(),
        )
    except NotALine as wrong:
        session.rollback()
        return _page(str(wrong), form), 400
    session.commit()
    flash(f"{line.number} is in service.")
    if are_hours_unasked(line, known_trees()):
        flash(HOURS_UNASKED)
    return redirect(url_for(".lines"))


def _page(wrong: str = "", typed: Mapping[str, str] | None = None) -> str:
    return render_template(
        "intake/lines.html",
        page="lines",
        lines=session.scalars(sa.select(Line).order_by(Line.number)).all(),
        unknown=_unknown(),
        trees=[*sorted(known_trees()), STUDIO],
        spoken=sorted(known_languages()),
        longest=current_app.extensions["hotline.settings"].voicemail_seconds,
        wrong=wrong,
        typed=typed or {},
    )


def _typed(line: Line) -> dict[str, str]:
    """As somebody would type it into the form; what a box that is not ticked would send is nothing."""
    typed = {
        "number": line.number,
        "name": line.name,
        "tree": line.tree,
        "languages": ", ".join(line.languages),
        "answer_mode": line.answer_mode,
        "country": line.country,
        "zone": line.zone,
        "hours": line.hours,
        "holidays": ", ".join(line.holidays),
        "recording_seconds": str(line.recording_seconds or ""),
    }
    return typed | {box: "1" for box in ("answers_texts", "rehearsal") if getattr(line, box)}


def _unknown() -> list[tuple[str, int, object]]:
    """(number, how many calls and texts, the last one) for each number that is no line of ours."""
    heard = sa.union_all(
        sa.select(Call.dialled, Call.started_at.label("at")).where(Call.line_id.is_(None)),
        sa.select(Message.dialled, Message.at).where(Message.line_id.is_(None), Message.direction == "in"),
    ).subquery()
    known = sa.select(Line.number)
    rows = session.execute(
        sa.select(heard.c.dialled, sa.func.count(), sa.func.max(heard.c.at))
        .where(heard.c.dialled.not_in(known))
        .group_by(heard.c.dialled)
        .order_by(sa.func.max(heard.c.at).desc())
        .limit(50)
    )
    return [(number, count, last) for number, count, last in rows]


def _seconds(typed: str) -> int:
    """Nothing is as long as anywhere. Raises: NotALine."""
    try:
        return int(typed.strip() or 0)
    except ValueError:
        raise NotALine("How long a message may be is a number of seconds, such as 120.") from None
