"""How every webhook is met: verified, answered in TwiML whatever happens, told once."""

import logging
import time
from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, abort, request

from hotline.web.meter import Outcome, note_webhook
from hotline.web.rules import signed_by_carrier
from hotline.webhooks.form import Form, read_form
from hotline.webhooks.signature import is_signed
from hotline.webhooks.switchboard import Switchboard, switchboard
from hotline.webhooks.twiml import EMPTY, GOODBYE

MOST_BYTES = 64 * 1024
TELL = "hotline_tell"  # by this a webhook's view is found when its form is told again

log = logging.getLogger(__name__)

Answer = Callable[[Form], str]


def from_carrier(
    otherwise: Answer, *, told_again: bool = False
) -> Callable[[Answer], Callable[[], Response]]:
    """Let in only what the carrier signed; when the view fails, `otherwise` answers in its place.

    With `told_again` nobody listens to the answer, so a failure says 503: a carrier that is asked to
    (README, "Put a number on it") tells it again, and its lists are compared.
    """

    def guard(view: Answer) -> Callable[[], Response]:
        def tell(form: Form) -> tuple[str, int, Outcome]:
            try:
                return view(form), 200, "answered"
            except Exception:
                log.exception("webhook %s failed", form.path)
                return otherwise(form), 503 if told_again else 200, "rescued"

        @signed_by_carrier
        @wraps(view)
        def answered() -> Response:
            began = time.monotonic()
            request.max_content_length = MOST_BYTES
            board = switchboard()
            form = read_form(request)
            tokens, public_url = board.settings.twilio_auth_tokens, board.settings.public_url
            if not is_signed(tokens, public_url, request, form.pairs):
                note_webhook("refused", time.monotonic() - began)
                abort(403)
            document, code, outcome = tell(form)
            if form.unwritten:
                outcome = "kept" if _kept(board, form) else "lost"
                if outcome == "lost" and told_again:
                    code = 503
            note_webhook(outcome, time.monotonic() - began)
            return Response(document, code, mimetype="text/xml")

        setattr(answered, TELL, tell)
        return answered

    return guard


def nothing_more(_form: Form) -> str:
    """For callbacks that nobody listens to."""
    return EMPTY


def hang_up(_form: Form) -> str:
    """For legs that reach no caller of ours."""
    return GOODBYE


def tell_again(app: Flask, form: Form) -> bool:
    """A kept webhook, once more and to nobody's ear; whether it is written now."""
    endpoint, _ = app.url_map.bind("kept").match(form.path, method="POST")
    with app.app_context():
        getattr(app.view_functions[endpoint], TELL)(form)
    return not form.unwritten


def _kept(board: Switchboard, form: Form) -> bool:
    try:
        board.spool.put(form)
    except OSError as full:
        log.error("webhook %s neither written nor kept: %s", form.path, type(full).__name__)
        return False
    return True
