"""Words and figures that every page shows in one way: languages, times, ages, numbers, codes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Flask, current_app
from flask_security import current_user
from markupsafe import Markup

from hotline.db import utcnow
from hotline.flow.reference import printed
from hotline.settings import Settings
from hotline.web.assets import static
from hotline.web.once import new_once
from hotline.web.rules import i_may

ENGLISH = Locale("en")
NOTCH = 70  # where the target stands on an age bar of 100
STEP = 15  # seconds: a list that is drawn anew must not change with every look
SOON = 0.75  # of the target: from here on an age is said to be pressing


def share_parts(app: Flask, settings: Settings) -> None:
    """Give templates these words."""
    app.jinja_env.globals.update(
        static=static,
        new_once=new_once,
        i_may=i_may,
        office=settings.office,
        working_language=settings.working_language,
    )
    app.jinja_env.globals["phone_url"] = settings.twilio_api_url if settings.rehearsal else None
    app.jinja_env.filters.update(
        language=language_name,
        country=country_name,
        local=local,
        clock=clock,
        offset=_offset,
        day_clock=day_clock,
        span=span,
        length_of=length,
        masked=masked,
        code=code,
    )
    app.jinja_env.globals["age_of"] = age_of
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def language_name(tag: str) -> str:
    """`my` -> Burmese, in the language of the interface."""
    return str(ENGLISH.languages.get(tag, tag))


def country_name(code: str) -> str:
    """`TH` -> Thailand, likewise."""
    return str(ENGLISH.territories.get(code, code))


def zone() -> ZoneInfo:
    """Whose time the reader sees: their own where they chose one, else the office's."""
    chosen = getattr(current_user, "zone", None)
    settings: Settings = current_app.extensions["hotline.settings"]
    return ZoneInfo(chosen or settings.zone)


def local(at: datetime) -> datetime:
    return at.astimezone(zone())


def clock(at: datetime, seconds: bool = False) -> Markup:
    """`14:23 +07`, the zone's name behind the offset."""
    here = local(at)
    text = here.strftime("%H:%M:%S" if seconds else "%H:%M")
    return Markup('<time datetime="{}">{} <abbr title="{}">{}</abbr></time>').format(
        at.astimezone(UTC).isoformat(timespec="seconds"), text, here.tzinfo, _offset(here)
    )


def day_clock(at: datetime) -> Markup:
    """`14:23`, `Yesterday 14:23` or `3 Nov 14:23`, with the offset."""
    here, today = local(at).date(), local(utcnow()).date()
    if here == today:
        return clock(at)
    day = "Yesterday" if here == today - timedelta(days=1) else f"{here.day} {here:%b}"
    return Markup("{} {}").format(day if here.year == today.year else f"{day} {here.year}", clock(at))


def span(seconds: float) -> str:
    """`42 s`, `4 min`, `3 h 18`, `2 d 4 h`: an age, as people say it."""
    minutes = int(seconds // 60)
    if seconds < 60:
        return f"{int(max(seconds, 0))} s"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


def length(seconds: float | None) -> str:
    """`1:42`: how long a recording is."""
    whole = round(seconds or 0)
    return f"{whole // 60}:{whole % 60:02d}"


def age_of(received_at: datetime, target: timedelta) -> dict[str, Any]:
    """How old something is beside its target: words, share of the bar, and whether it is soon or late."""
    seconds = (utcnow() - received_at).total_seconds() // STEP * STEP
    share = seconds / target.total_seconds()
    return {
        "said": span(seconds),
        "of": span(target.total_seconds()).removesuffix(" 00"),
        "width": round(min(100.0, share * NOTCH), 1),
        "state": "late" if share >= 1 else "soon" if share >= SOON else "",
    }


def masked(number: str | None) -> Markup:
    """A number of which only the country and the last two digits show."""
    if not number:
        return Markup('<span class="mute">number withheld</span>')
    country, last = (number[:3], number[-2:]) if number.startswith("+") else ("", number[-1:])
    return Markup(
        '<span class="masked"><span aria-hidden="true">{} •• ••• ••{}</span>'
        '<span class="vh">{}, number hidden, ends in {}</span></span>'
    ).format(country, last, country, " ".join(last))


def code(reference: str) -> Markup:
    """A report's or case's number, its check digit lighter."""
    shown = printed(reference)
    return Markup('<span class="code">{}<i>{}</i></span>').format(shown[:-2], shown[-2:])


def _offset(at: datetime) -> str:
    offset = at.strftime("%z")
    return offset[:3] + (f":{offset[3:]}" if offset[3:] != "00" else "")
