"""How every webhook is met: verified, answered in TwiML whatever happens, told once."""

import logging
from collections.abc import Callable
from functools import wraps

from flask import Response, abort, request

from hotline.web.rules import signed_by_carrier
from hotline.webhooks.form import Form, read_form
from hotline.webhooks.signature import is_signed
from hotline.webhooks.switchboard import switchboard

MOST_BYTES = 64 * 1024

log = logging.getLogger(__name__)

Answer = Callable[[Form], str]


def from_carrier(
    otherwise: Answer, *, told_again: bool = False
) -> Callable[[Answer], Callable[[], Response]]:
    """Let in only what the carrier signed; when the view fails, `otherwise` answers in its place.

    With `told_again` nobody listens to the answer, so a failure says 503: the carrier tells it again.
    """

    def guard(view: Answer) -> Callable[[], Response]:
        @signed_by_carrier
        @wraps(view)
        def answered() -> Response:
            request.max_content_length = MOST_BYTES
            board = switchboard()
            form = read_form(request)
            if not is_signed(
                board.settings.twilio_auth_tokens, board.settings.public_url, request, form.pairs
            ):
                abort(403)
            code = 200
            try:
                document = view(form)
            except Exception:
                log.exception("webhook %s failed", request.path)
                document = otherwise(form)
                code = 503 if told_again else 200
            return Response(document, code, mimetype="text/xml")

        return answered

    return guard
