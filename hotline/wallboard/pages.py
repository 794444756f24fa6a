"""The supervisors' board: what happens now, and what waits. Live within two seconds."""

import hashlib
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from hotline.db import utcnow
from hotline.intake.alarms import raise_alarms
from hotline.settings import Settings
from hotline.transcription.queue import targets
from hotline.wallboard.measures import (
    calls_by_hour,
    calls_now,
    heard_within_target,
    ledger_today,
    on_duty,
    pressing,
    stopped_since,
    waiting_by_language,
)
from hotline.wallboard.recent import Recent
from hotline.web.database import session
from hotline.web.rules import allowed
from hotline.web.shared import local, zone

pages = Blueprint("board", __name__, template_folder="templates")

_drawings: Recent[tuple[str, str]] = Recent(1.0)


@pages.get("/board")
@allowed("see_board")
def board() -> ResponseReturnValue:
    html, version = _drawn()
    theme = current_user.theme or "dark"
    return render_template(
        "wallboard/board.html", now=html, version=version, theme=theme, today=local(utcnow()), zone=zone().key
    )


@pages.get("/board/now")
@allowed("see_board")
def now() -> ResponseReturnValue:
    """What changed since the version shown, or 204."""
    html, version = _drawn()
    if request.args.get("version") == version:
        return Response(status=204)
    return Response(html, headers={"X-Version": version})


def _drawn() -> tuple[str, str]:
    """The board, at most a second old, and its version: one drawing serves everybody of a zone."""
    settings: Settings = current_app.extensions["hotline.settings"]

    def draw() -> tuple[str, str]:
        html = render_template("wallboard/_now.html", **_figures(settings))
        return html, hashlib.sha256(html.encode()).hexdigest()[:16]

    return _drawings.get((settings.database_url, zone().key), draw)


def _figures(settings: Settings) -> dict[str, Any]:
    at, here, wait = utcnow(), zone(), targets(settings)
    hours = calls_by_hour(session(), here, at)
    waiting = waiting_by_language(session())
    return {
        "at": at,
        "calls": calls_now(session()),
        "pressing": pressing(session(), at),
        "waiting": waiting,
        "total": sum(one.count for one in waiting),
        "targets": wait,
        "hours": hours,
        "per_hour": [sum(hours.get(hour, {}).values()) for hour in range(24)],
        "languages": sorted({language for counts in hours.values() for language in counts}),
        "ledger": ledger_today(session(), here, at),
        "within": heard_within_target(session(), here, at, wait),
        "duty": on_duty(session(), at),
        "stopped": stopped_since(session(), at),
        "alarms": raise_alarms(session(), settings, at),
    }
