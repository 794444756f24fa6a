"""The queue: what waits, in the languages one has; taking it, giving it back."""

import hashlib
import time
import uuid
from collections import Counter
from datetime import timedelta
from threading import Lock
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.claim_report import claim_report, give_back, reassign
from hotline.transcription.errors import HeldByAnother, NotHeld, NotYours
from hotline.transcription.models import Transcript
from hotline.transcription.pass_to_language import pass_to_language
from hotline.transcription.queue import Waiting, count_by_language, next_for, read_queue, targets
from hotline.transcription.snippet import snippet_of
from hotline.web.database import session
from hotline.web.rules import allowed, i_may
from hotline.web.shared import language_name

pages = Blueprint("queue", __name__, template_folder="templates")

ON_SHIFT = timedelta(minutes=5)  # since somebody was last here
_kept: dict[tuple[object, ...], tuple[float, str, str]] = {}  # what was drawn a moment ago, by reader and tab
_drawing = Lock()


@pages.get("/queue")
@allowed("see_queue")
def queue() -> ResponseReturnValue:
    html, version = _drawn()
    return render_template(
        "transcription/queue.html", page="queue", rows=html, version=version, tab=_tab(), on_shift=_on_shift(),
        day=_my_day(),
    )  # fmt: skip


@pages.get("/queue/rows")
@allowed("see_queue")
def rows() -> ResponseReturnValue:
    """What changed since the version shown, or 204."""
    html, version = _drawn()
    if request.args.get("version") == version:
        return Response(status=204)
    return Response(html, headers={"X-Version": version})


@pages.post("/queue/next")
@allowed("claim")
def take_next() -> ResponseReturnValue:
    """Take the most pressing one; somebody a moment faster leaves the next."""
    for _ in range(5):
        found = next_for(session(), current_user, utcnow())
        if found is None:
            flash("Nothing waits in your languages just now.")
            return redirect(url_for(".queue"))
        try:
            claim_report(session(), found.id, current_user, utcnow(), claim_lasts())
        except (HeldByAnother, NotYours):
            session.rollback()
            continue
        session.commit()
        return redirect(url_for("workbench.workbench", report_id=found.id))
    return redirect(url_for(".queue"))


@pages.post("/reports/<uuid:report_id>/claim")
@allowed("claim")
def take(report_id: uuid.UUID) -> ResponseReturnValue:
    try:
        claim_report(session(), report_id, current_user, utcnow(), claim_lasts())
    except HeldByAnother as held:
        flash(f"{held.claim.holder.name} took this a moment ago.")
        return redirect(url_for(".queue"))
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
    return redirect(url_for(".queue"))


@pages.post("/reports/<uuid:report_id>/language")
@allowed("claim")
def other_language(report_id: uuid.UUID) -> ResponseReturnValue:
    language = request.form.get("language", "")
    if language not in spoken_languages():
        flash("Choose the language that is spoken.")
        return redirect(url_for("workbench.workbench", report_id=report_id))
    try:
        pass_to_language(session(), report_id, current_user, language, utcnow())
    except HeldByAnother as held:
        flash(f"{held.claim.holder.name} works on this just now.")
        return redirect(url_for(".queue"))
    session.commit()
    flash(f"Sent to those who have {language_name(language)}.")
    return redirect(url_for(".queue"))


@pages.post("/reports/<uuid:report_id>/reassign")
@allowed("reassign")
def give_to(report_id: uuid.UUID) -> ResponseReturnValue:
    """To a member, or to nobody: free for all who read it."""
    chosen = request.form.get("member", "")
    to = session.scalars(sa.select(User).where(sa.cast(User.id, sa.Text) == chosen, User.active)).first()
    reassign(session(), report_id, to, current_user, utcnow(), claim_lasts())
    session.commit()
    flash(f"{to.name} has it now." if to else "Free for all who read it.")
    return redirect(url_for(".queue"))


@pages.errorhandler(NotYours)
def nothing_here(_error: NotYours) -> ResponseReturnValue:
    return current_app.aborter(404) or ""


def claim_lasts() -> timedelta:
    return timedelta(minutes=_settings().claim_minutes)


def spoken_languages() -> list[str]:
    """Every language that a member of staff, a line or a report has."""
    found = session.scalars(
        sa.text(
            "SELECT DISTINCT unnest(languages) FROM users WHERE active"
            " UNION SELECT DISTINCT unnest(languages) FROM lines UNION SELECT DISTINCT language FROM reports"
        )
    )
    return sorted(found, key=language_name)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["hotline.settings"]
    return settings


def _tab() -> str:
    return request.args.get("tab", "all")


def _drawn() -> tuple[str, str]:
    """The list as the reader sees it, at most a second old, and its version."""
    who = (current_app.extensions["hotline.settings"].database_url, current_user.id, _tab())
    kept = _kept.get(who)
    if kept and time.monotonic() - kept[0] < 1:
        return kept[1], kept[2]
    html = render_template("transcription/_rows.html", tab=_tab(), **_seen())
    version = hashlib.sha256(html.encode()).hexdigest()[:16]
    with _drawing:
        if len(_kept) > 500:
            _kept.clear()
        _kept[who] = (time.monotonic(), html, version)
    return html, version


def _seen() -> dict[str, Any]:
    now = utcnow()
    mine = tuple(current_user.languages)
    everything = i_may("see_all_languages")
    read = read_queue(session(), None if everything else mine, now)
    counts = count_by_language(session())
    others = Counter({tag: count for tag, count in counts.items() if tag not in mine})
    in_tab = {
        "all": lambda one: one.report.language in mine or (everything and not mine),
        "held": lambda one: one.claim is not None and one.claim.holder_id == current_user.id,
        "others": lambda one: one.report.language not in mine,
    }.get(_tab(), lambda one: one.report.language == _tab())
    shown = [one for one in read if in_tab(one)]
    return {
        "groups": _groups(shown),
        "mine": mine,
        "counts": {tag: counts.get(tag, 0) for tag in mine},
        "held": sum(one.claim is not None and one.claim.holder_id == current_user.id for one in read),
        "others": others,
        "targets": targets(_settings()),
        "snippets": {one.report.id: snippet_of(one.report) for one in shown},
        "total": sum(counts.get(tag, 0) for tag in mine) if not everything or mine else sum(counts.values()),
        "everything": everything,
        "late": sum(now - one.report.received_at > targets(_settings())[one.report.urgency] for one in shown),
        "colleagues": _colleagues() if everything else [],
    }


def _groups(shown: list[Waiting]) -> list[tuple[str, list[Waiting]]]:
    by_urgency = {"danger": [], "urgent": [], "standard": []}  # type: dict[str, list[Waiting]]
    for one in shown:
        by_urgency[one.report.urgency].append(one)
    return [(word, ones) for word, ones in by_urgency.items() if ones]


def _colleagues() -> list[User]:
    found = session.scalars(sa.select(User).where(User.active, User.languages != []).order_by(User.name))
    return [member for member in found if member.role != "administrator"]


def _on_shift() -> list[User]:
    since = utcnow() - ON_SHIFT
    seen = session.scalars(sa.select(User).where(User.active, User.last_seen_at > since).order_by(User.name))
    return [member for member in seen if member.languages]


def _my_day() -> dict[str, int]:
    """Only the person sees this."""
    since = sa.func.date_trunc("day", sa.func.now(), _settings().zone)
    mine = (Transcript.author_id == current_user.id, Transcript.handed_in_at >= since)
    handed_in = session.scalar(sa.select(sa.func.count()).select_from(Transcript).where(*mine)) or 0
    heavy = (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Transcript)
            .join(Report, Report.id == Transcript.report_id)
            .where(*mine, Report.urgency != "standard")
        )
        or 0
    )
    return {"handed_in": handed_in, "heavy": heavy}
