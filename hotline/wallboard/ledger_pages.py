"""The ledger: what became of every call and text of a period, and whether it adds up."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from hotline.db import utcnow
from hotline.intake.alarms import last_comparison, raise_alarms
from hotline.intake.ledger import keep_ledger
from hotline.settings import Settings
from hotline.wallboard.recent import Recent
from hotline.web.database import session
from hotline.web.rules import allowed
from hotline.web.shared import local, zone

pages = Blueprint("ledger", __name__, template_folder="templates")

DAYS = 7  # shown where nothing was chosen
_figures: Recent[dict[str, Any]] = Recent(2.0)


@pages.get("/ledger")
@allowed("see_ledger")
def ledger() -> ResponseReturnValue:
    """Counts of whole days, in the reader's zone; the last week where none were chosen."""
    settings: Settings = current_app.extensions["hotline.settings"]
    today = local(utcnow()).date()
    until = _day(request.args.get("until")) or today
    since = _day(request.args.get("since")) or until - timedelta(days=DAYS - 1)
    since, until = min(since, until), max(since, until)
    figures = _figures.get((settings.database_url, zone().key, since, until), lambda: _count(since, until))
    return render_template(
        "wallboard/ledger.html",
        page="ledger",
        since=since,
        until=until,
        today=today,
        **figures,
    )


def _count(since: date, until: date) -> dict[str, Any]:
    settings: Settings = current_app.extensions["hotline.settings"]
    return {
        "ledger": keep_ledger(session(), _midnight(since), _midnight(until + timedelta(days=1))),
        "compared": last_comparison(session()),
        "alarms": raise_alarms(session(), settings, utcnow()),
    }


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said or "")
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone())
