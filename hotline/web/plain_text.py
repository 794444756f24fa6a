"""PostgreSQL keeps no NUL in a text, and nobody types one: such a request of the console is refused whole.

Webhooks are not refused but cleaned (hotline.webhooks.form): a caller waits for their answer.
"""

from flask import Flask, abort, request

from hotline.web.rules import CARRIER, rule_here

NUL = "\0"


def refuse_nul(app: Flask) -> None:
    @app.before_request
    def _refuse() -> None:
        if rule_here() == CARRIER:
            return
        if NUL in request.path:
            abort(404)
        said = (*request.args.items(multi=True), *request.form.items(multi=True))
        if any(NUL in name or NUL in value for name, value in said):
            abort(400)
