"""When something is refused or breaks: one calm sentence, and what is safe."""

import logging

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from hotline.settings import Settings
from hotline.web.logs import request_mark
from hotline.web.rules import CARRIER, rule_here

SAYS = {
    400: ("ask", "We could not read that", "Go back and try again; what you typed is still in the page."),
    403: ("lock", "This is not open to you", "If you need it for your work, ask your supervisor."),
    404: ("place", "There is no page here", "The address may be old. Cases and reports keep their number for ever."),
    405: ("place", "This address is used in another way", "Go back and use the button or the link."),
    413: ("s-late", "That is too large", "Send less at a time."),
    429: ("clock", "Too many tries", "Wait a few minutes, then try again. Nothing is lost."),
    503: ("offline", "The hotline is not all there", "Calls and texts are still taken in. Try again in a minute."),
}  # fmt: skip
BROKEN = (
    "refresh",
    "We could not do that",
    "The fault is ours and is written down. Callers still reach the microphone.",
)
TOO_OLD = (
    "clock",
    "This page is from before you signed in",
    "Nothing was changed. Copy what you typed, open the page again, and put it in there.",
)
SIGNED_OUT = (
    "clock",
    "You were signed out meanwhile",
    "Nothing was changed. Copy what you typed, sign in, and put it in again.",
)
NOT_TYPED = ("csrf_token", "submit", "password", "new_password", "new_password_confirm", "code")
SOUNDS = ("prompts", "replay")  # blueprints that the carrier fetches from, unsigned
LOGGER = "hotline.errors"  # every answer of 500 is written here, and nothing else

log = logging.getLogger(LOGGER)


def handle_errors(app: Flask) -> None:
    """Pages for errors; they reveal nothing about what exists."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error.response
        code = error.code or 500
        answer = _page(code, SAYS.get(code, BROKEN))
        if isinstance(answer, Response):
            answer.headers.extend(
                (name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")
            )
        return answer

    @app.errorhandler(CSRFError)
    def too_old(_error: CSRFError) -> ResponseReturnValue:
        return keep_what_was_typed(TOO_OLD, 400)

    @app.errorhandler(Exception)
    def broken(_error: Exception) -> ResponseReturnValue:
        log.exception("%s %s failed", request.method, request.endpoint)
        return _page(500, BROKEN, mark=request_mark())


def is_fragment() -> bool:
    """Whether a script asked, to put the answer into a page or to read it."""
    return "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "live"


def keep_what_was_typed(says: tuple[str, str, str] = SIGNED_OUT, code: int = 401) -> Response:
    """Show it, to be copied. There is no button to send it again: any site could have sent this."""
    fields = request.form.items(multi=True)
    return _page(
        code, says, typed=[text for name, text in fields if name not in NOT_TYPED and len(text) > 20]
    )


def _page(code: int, says: tuple[str, str, str], **more: object) -> Response:
    sign, title, words = says
    settings: Settings = current_app.extensions["hotline.settings"]
    if settings.door == "carrier" or rule_here() == CARRIER or request.blueprint in SOUNDS or is_fragment():
        return Response(f"{title}. {words}", code, mimetype="text/plain")
    given = {"code": code, "sign": sign, "title": title, "says": words, **more}
    if code < 500 and current_user.is_authenticated:
        return Response(render_template("error.html", inside=True, **given), code)
    # Perhaps the database is away: nothing here may ask it who is signed in.
    return Response(current_app.jinja_env.get_template("error.html").render(given), code)
