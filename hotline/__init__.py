"""The hotline: workers with only a phone report and are answered; nothing they say is lost."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from hotline.settings import Settings


def create_app(settings: "Settings") -> "Flask":
    """Wire the rooms, behind the doors that the settings open."""
    from flask import Flask

    from hotline.metrics.pages import open_metrics
    from hotline.vault.keys import unlock
    from hotline.web.assets import serve_assets
    from hotline.web.database import connect_database
    from hotline.web.errors import handle_errors
    from hotline.web.headers import set_headers
    from hotline.web.health import open_health
    from hotline.web.rules import require_rules
    from hotline.webhooks.switchboard import load_catalogue

    unlock(settings)
    app = Flask(__name__, static_folder=None, template_folder="web/templates")
    app.extensions["hotline.settings"] = settings
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    connect_database(app, settings)
    serve_assets(app)
    handle_errors(app)
    set_headers(app, settings)
    open_health(app)
    open_metrics(app, settings)
    shipped = load_catalogue(settings)
    if settings.door in ("carrier", "all"):
        from hotline.webhooks.pages import open_carriers_door

        open_carriers_door(app, settings, shipped)
    if settings.door in ("console", "all"):
        from hotline.console import open_console

        app.secret_key = settings.secret_key  # who has no sessions pays nothing for them
        open_console(app, settings, shipped)
    require_rules(app)
    return app
