"""The console's door: staff, supervisors and administrators."""

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from hotline.callbacks import pages as callback_pages
from hotline.casework import pages as case_pages
from hotline.casework import text_pages, voice_pages
from hotline.casework.pages import share_cases
from hotline.directory import name_pages
from hotline.directory import pages as place_pages
from hotline.flow.load_tree import load_trees
from hotline.flow.prompts import PROMPTS, Catalogue
from hotline.intake import caller_pages, notice_pages
from hotline.intake import pages as line_pages
from hotline.menus import pages as menu_pages
from hotline.menus.tree_book import TreeBook
from hotline.preflight import pages as check_pages
from hotline.settings import Settings
from hotline.staff import admin_pages
from hotline.staff import pages as me_pages
from hotline.staff.sign_in import open_sign_in
from hotline.studio import pages as studio_pages
from hotline.studio import phone_pages as studio_phone_pages
from hotline.studio.sound_book import SoundBook
from hotline.transcription import attachment_pages, claim_pages, queue_pages, workbench_pages
from hotline.wallboard import ledger_pages
from hotline.wallboard import pages as board_pages
from hotline.web.limits import limit_requests
from hotline.web.parts import tell_flow
from hotline.web.plain_text import refuse_nul
from hotline.web.rules import allowed, i_may
from hotline.web.shared import share_parts
from hotline.writer import Writer


def open_console(app: Flask, settings: Settings, shipped: Catalogue) -> None:
    """Sign-in, and the pages of each room, on the shipped prompts."""
    if settings.proxies:  # else everybody would guess passwords from one address
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    open_sign_in(app, settings)
    share_parts(app, settings)
    share_cases(app)
    writer = Writer(settings)
    trees = TreeBook(writer, load_trees(PROMPTS), settings.data / "trees.json")
    voices = SoundBook(writer, shipped, settings.data / "takes")
    tell_flow(app, trees.all_live, voices.now)
    for room in (
        me_pages,
        queue_pages,
        claim_pages,
        workbench_pages,
        attachment_pages,
        case_pages,
        text_pages,
        voice_pages,
        callback_pages,
        board_pages,
        ledger_pages,
        line_pages,
        caller_pages,
        notice_pages,
        place_pages,
        name_pages,
        menu_pages,
        studio_pages,
        studio_phone_pages,
        admin_pages,
        check_pages,
    ):
        app.register_blueprint(room.pages)
    app.add_url_rule("/", "home", home)
    limit_requests(app, settings)
    refuse_nul(app)


@allowed("manage_oneself")
def home() -> ResponseReturnValue:
    """Where each role's day begins."""
    for action, endpoint in (("see_queue", "queue.queue"), ("manage_lines", "lines.lines")):
        if i_may(action):
            return redirect(url_for(endpoint))
    return redirect(url_for("me.me"))
