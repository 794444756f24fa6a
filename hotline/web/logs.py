"""What processes write about their work: one line an event, never a person's words or number."""

import logging
import secrets
import sys
import traceback
from typing import Any

import structlog
from flask import g, has_request_context

from hotline.settings import Settings


def write_logs(settings: Settings) -> None:
    """Every logger of this process to standard error: JSON in production, for people else."""
    lasting = settings.env == "production"
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
        _without_words if lasting else structlog.processors.format_exc_info,
    ]
    end = structlog.processors.JSONRenderer() if lasting else structlog.dev.ConsoleRenderer(colors=False)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, end],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def request_mark() -> str:
    """A short name for this request, that people can say and the log bears."""
    if "mark" not in g:
        g.mark = secrets.token_hex(3).upper()
    return str(g.mark)


def _add_request(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    if has_request_context():
        event["request"] = request_mark()
    return event


def _without_words(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Where an error arose and its kind; its text may quote what a person said."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return event
