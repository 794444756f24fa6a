"""`/metrics`, in Prometheus's words, for who bears the token; there is no such page without one."""

import logging
from collections.abc import Iterator
from hmac import compare_digest

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app, request

from hotline.settings import Settings
from hotline.web.database import session
from hotline.web.meter import KEY, Meter, start_meter
from hotline.web.rules import bears_token

log = logging.getLogger(__name__)


def open_metrics(app: Flask, settings: Settings) -> None:
    """The page and the counting behind it, where a token is set."""
    if not settings.metrics_token:
        return
    start_meter(app, settings)
    pages = Blueprint("metrics", __name__)
    pages.add_url_rule("/metrics", "metrics", metrics)
    app.register_blueprint(pages)


@bears_token
def metrics() -> Response:
    """What this machine counted, and what the database says now."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    settings: Settings = current_app.extensions["hotline.settings"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not compare_digest(given.encode(), settings.metrics_token.encode()):
        return Response("", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    meter: Meter = current_app.extensions[KEY]
    looked_up = CollectorRegistry()
    looked_up.register(_Looked(settings))  # type: ignore[arg-type]
    return Response(
        generate_latest(meter.counted()) + generate_latest(looked_up), content_type=CONTENT_TYPE_LATEST
    )


class _Looked:
    """Figures as Prometheus's client collects them. A database that is away is a figure, too."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def describe(self) -> tuple[()]:
        return ()  # else everything would be looked up to learn its names

    def collect(self) -> Iterator[object]:
        from prometheus_client.core import GaugeMetricFamily

        from hotline.metrics.figures import database_figures, spool_figures

        yield from spool_figures(self._settings)
        try:
            found = list(database_figures(session(), self._settings))
        except sa.exc.SQLAlchemyError as away:
            log.warning("metrics: %s", type(away).__name__)
            found = []
        up = 1 if found else 0
        yield GaugeMetricFamily("hotline_database_up", "Whether the database answered", value=up)
        yield from found
