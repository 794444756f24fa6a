"""The carrier as a web application: its REST API, and the telephone's page. For loopback only."""

from pathlib import Path

from flask import Flask, Response, send_from_directory
from flask.typing import ResponseReturnValue

from hotline.rehearsal import elsewhere, handset, phone, rest, table
from hotline.rehearsal.config import Config
from hotline.rehearsal.exchange import Exchange

LOOK = Path(__file__).parents[1] / "web" / "static"  # the console's style and icons, as files
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(config: Config | None = None) -> Flask:
    """The carrier; without a config, as the environment says."""
    app = Flask(__name__, static_folder=None)
    app.extensions["exchange"] = Exchange(config or Config.read())
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024 * 1024
    app.register_blueprint(rest.account)
    app.register_blueprint(rest.api)
    app.register_blueprint(elsewhere.bucket)
    app.register_blueprint(phone.pages)
    app.register_blueprint(handset.calls)
    app.register_blueprint(table.table)

    @app.get("/look/<path:path>")
    def look(path: str) -> ResponseReturnValue:
        return send_from_directory(LOOK, path)

    @app.get("/own/<path:path>")
    def own(path: str) -> ResponseReturnValue:
        return send_from_directory(Path(__file__).parent / "static", path)

    @app.after_request
    def guard(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return app
