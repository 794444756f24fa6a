"""When something is refused or breaks: one calm sentence, and what is safe."""

import logging
import secrets

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

SAYS = {
    400: ("We could not read that", "Go back and try again; what you typed is still in the page."),
    403: ("This is not yours to open", "If you need it for your work, ask your supervisor."),
    404: ("There is nothing here", "The address may be wrong, or what was here has moved."),
    405: ("This address is used in another way", "Go back and use the button or the link."),
    413: ("That is too large", "Send less at a time."),
    429: ("Too many tries", "Wait a few minutes, then try again."),
    503: ("The hotline is not all there", "Calls and texts are still taken in. Try again in a minute."),
}
CARRIERS_DOOR = ("voice", "sms", "prompts")
BROKEN = ("We could not do that", "The fault is ours and has been noted. Nothing that was saved is lost.")

log = logging.getLogger("hotline.errors")


def handle_errors(app: Flask) -> None:
    """Pages for errors; they reveal nothing about what exists."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        code = error.code or 500
        if error.response is not None:
            return error.response
        return _page(code, *SAYS.get(code, BROKEN))

    @app.errorhandler(CSRFError)
    def stale(_error: CSRFError) -> ResponseReturnValue:
        return _page(
            400, "This page was open too long", "Go back, copy what you typed, and open the page again."
        )

    @app.errorhandler(Exception)
    def broken(_error: Exception) -> ResponseReturnValue:
        mark = secrets.token_hex(4)
        log.exception("%s %s failed (%s)", request.method, request.endpoint, mark)
        return _page(500, *BROKEN, mark=mark)


def _page(code: int, title: str, says: str, mark: str = "") -> ResponseReturnValue:
    if request.blueprint in CARRIERS_DOOR:  # nobody reads pages there, and it tells strangers nothing
        return Response(title, code, mimetype="text/plain")
    return render_template("error.html", code=code, title=title, says=says, mark=mark), code
