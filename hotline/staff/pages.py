"""A person's own page: how they are named, which time they see, how they sign in."""

import re
from zoneinfo import ZoneInfo, available_timezones

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf.csrf import generate_csrf

from hotline.staff.set_duty import set_duty
from hotline.web.database import session
from hotline.web.rules import allowed

pages = Blueprint("me", __name__, template_folder="templates")

THEMES = {None: "light", "light": "dark", "dark": None}  # what the button leads to
ZONES = ("Asia/Bangkok", "Asia/Yangon", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Kuala_Lumpur", "Asia/Jakarta",
         "Asia/Phnom_Penh", "Asia/Vientiane", "Asia/Ho_Chi_Minh", "Asia/Kolkata", "Asia/Manila", "UTC")  # fmt: skip


@pages.get("/me")
@allowed("manage_oneself")
def me() -> ResponseReturnValue:
    return render_template("staff/me.html", zones=ZONES, page="me")


@pages.post("/me")
@allowed("manage_oneself")
def change() -> ResponseReturnValue:
    """The name that others see, and the zone of the times on pages."""
    name, zone = request.form.get("name", "").strip()[:60], request.form.get("zone", "")
    if name:
        current_user.name = name
    if zone == "" or zone in available_timezones():
        current_user.zone = ZoneInfo(zone).key if zone else None
    session.commit()
    flash("Saved.")
    return redirect(url_for(".me"))


@pages.post("/me/calls")
@allowed("manage_oneself")
def take_calls() -> ResponseReturnValue:
    """Where callers are put through to this member, and when."""
    try:
        set_duty(
            current_user,
            phone=request.form.get("phone", ""),
            takes_calls="takes_calls" in request.form,
            duty=request.form.get("duty", ""),
        )
    except ValueError as wrong:
        session.rollback()
        flash(str(wrong))
        return render_template("staff/me.html", zones=ZONES, page="me", typed=request.form), 400
    session.commit()
    flash("Saved. The switch holds at once, on every call.")
    return redirect(url_for(".me"))


@pages.get("/me/token")
@allowed("manage_oneself")
def token() -> ResponseReturnValue:
    """For a page that was open while one signed in again elsewhere: it goes on with what is typed in it."""
    return Response(generate_csrf(), mimetype="text/plain")


@pages.post("/me/theme")
@allowed("manage_oneself")
def theme() -> ResponseReturnValue:
    """Light, dark, or as the system, in turn."""
    current_user.theme = THEMES.get(current_user.theme)
    session.commit()
    back = request.form.get("back", "")
    return redirect(back if re.match(r"/(?![/\\\\])", back) else "/")
