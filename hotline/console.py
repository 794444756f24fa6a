"""The console's door: staff, supervisors and administrators."""

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue

from hotline.settings import Settings
from hotline.staff import pages as me_pages
from hotline.staff.sign_in import open_sign_in
from hotline.transcription import queue_pages, workbench_pages
from hotline.web.rules import allowed, i_may
from hotline.web.shared import share_parts


def open_console(app: Flask, settings: Settings) -> None:
    """Sign-in, and the pages of each room."""
    open_sign_in(app, settings)
    share_parts(app, settings)
    for room in (me_pages, queue_pages, workbench_pages):
        app.register_blueprint(room.pages)
    app.add_url_rule("/", "home", home)


@allowed("manage_oneself")
def home() -> ResponseReturnValue:
    """Where each role's day begins."""
    for action, endpoint in (("see_queue", "queue.queue"), ("manage_lines", "lines.lines")):
        if i_may(action):
            return redirect(url_for(endpoint))
    return redirect(url_for("me.me"))
