"""How webhooks end and how long they take, counted in this process; off unless somebody may read it.

With several gunicorn workers each writes into files of its own (hotline.web.gunicorn_config says
where, before this is imported), and whichever is asked adds them up.
"""

import os
from typing import Any, Literal

from flask import Flask, current_app, request

from hotline.settings import Settings

Outcome = Literal["answered", "kept", "rescued", "refused", "lost"]
KEY = "hotline.meter"
FILES = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)  # the carrier gives up at 15 s


class Meter:
    """One a process. Labels are routes and outcomes: a dozen series, and nobody's data."""

    def __init__(self) -> None:
        from prometheus_client import (  # chooses files or memory as it is imported
            CollectorRegistry,
            Histogram,
        )

        self._registry = CollectorRegistry()
        self._webhooks = Histogram(
            "hotline_webhook_seconds",
            "Webhooks by route and outcome, and how long the carrier waited",
            ("route", "outcome"),
            buckets=BUCKETS,
            registry=self._registry,
        )

    def note(self, route: str, outcome: Outcome, seconds: float) -> None:
        self._webhooks.labels(route, outcome).observe(seconds)

    def counted(self) -> Any:
        """What has been counted: by this process, or by all that share its files."""
        if FILES not in os.environ:
            return self._registry
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return registry


def start_meter(app: Flask, settings: Settings) -> None:
    if settings.metrics_token:
        app.extensions[KEY] = Meter()


def note_webhook(outcome: Outcome, seconds: float) -> None:
    """Count the webhook of this request."""
    meter: Meter | None = current_app.extensions.get(KEY)
    if meter is not None:
        meter.note(request.endpoint or "", outcome, seconds)
