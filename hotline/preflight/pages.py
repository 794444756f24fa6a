"""The same questions as a page, for administrators."""

from flask import Blueprint, current_app, render_template

from hotline.db import utcnow
from hotline.preflight.ask_all import ask_all
from hotline.web.rules import allowed

pages = Blueprint("preflight", __name__, template_folder="templates", url_prefix="/admin")


@pages.get("/check")
@allowed("manage_lines")
def check() -> str:
    answers = ask_all(current_app.extensions["hotline.settings"])
    return render_template("preflight/check.html", page="check", answers=answers, at=utcnow())
