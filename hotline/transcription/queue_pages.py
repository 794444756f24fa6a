"""The queue's pages: what waits in the languages one has, kept up to date."""

import time
from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.models import Transcript
from hotline.transcription.queue import KeptQueue, Snapshot, targets
from hotline.transcription.queue_view import Reader, see_queue
from hotline.web.database import session
from hotline.web.rules import allowed, i_may, my_id
from hotline.web.shared import STEP

pages = Blueprint("queue", __name__, template_folder="templates")

ON_SHIFT = timedelta(minutes=5)  # since somebody was last here
KEPT = "hotline.queue"


@pages.get("/queue")
@allowed("see_queue")
def queue() -> ResponseReturnValue:
    """The whole page, as things are this moment."""
    seen = _kept().look(session(), utcnow(), fresh=True)
    return render_template(
        "transcription/queue.html",
        page="queue",
        tab=_tab(),
        rows=_drawn(seen),
        version=_version(seen),
        on_shift=_on_shift(),
        day=_my_day(),
    )


@pages.get("/queue/rows")
@allowed("see_queue")
def rows() -> ResponseReturnValue:
    """The list where it is not the version shown, or 204; at most a second old."""
    seen = _kept().look(session(), utcnow())
    version = _version(seen)
    if request.args.get("version") == version:
        return Response(status=204)
    return Response(_drawn(seen), headers={"X-Version": version})


def settings() -> Settings:
    given: Settings = current_app.extensions["hotline.settings"]
    return given


def _kept() -> KeptQueue:
    kept: KeptQueue = current_app.extensions.setdefault(KEPT, KeptQueue())
    return kept


def _version(seen: Snapshot) -> str:
    """Ages are drawn anew every so often, even where nothing else changed."""
    return f"{seen.version}-{int(time.time() // STEP)}"


def _tab() -> str:
    return request.args.get("tab", "all")


def _drawn(seen: Snapshot) -> str:
    reader = Reader(my_id(), tuple(current_user.languages), i_may("see_all_languages"))
    aims = targets(settings())
    view = see_queue(seen, reader, _tab(), aims, utcnow())
    return render_template("transcription/_rows.html", view=view, reader=reader, targets=aims)


def _on_shift() -> list[User]:
    since = utcnow() - ON_SHIFT
    seen = session.scalars(sa.select(User).where(User.active, User.last_seen_at > since).order_by(User.name))
    return [member for member in seen if member.languages]


def _my_day() -> dict[str, int]:
    """Only the person sees this."""
    today = sa.func.date_trunc("day", sa.func.now(), current_user.zone or settings().zone)
    counted = (
        sa.select(sa.func.count(), sa.func.count().filter(Report.urgency != "standard"))
        .join(Transcript, Transcript.report_id == Report.id)
        .where(Transcript.author_id == my_id(), Transcript.handed_in_at >= today)
    )
    handed_in, heavy = session.execute(counted).one()
    return {"handed_in": handed_in, "heavy": heavy}
