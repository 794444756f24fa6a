"""Forms that bring a recording: larger than any other, and only of who is signed in."""

from typing import Any

from flask import Blueprint, request, session

MOST_BYTES = 24 * 1024 * 1024  # two minutes, even of WAV from a studio
MICROPHONE = "camera=(), geolocation=(), microphone=(self)"  # Permissions-Policy of a page that records


def let_recordings_in(pages: Blueprint, view: str) -> None:
    """Set the limit of this view's form before anything reads it."""

    @pages.url_value_preprocessor
    def _let_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
        if endpoint == f"{pages.name}.{view}" and session.get("_user_id"):
            request.max_content_length = MOST_BYTES


def recording_sent() -> bytes | None:
    """The recording of this form, from the browser's microphone or a file; nothing where none was chosen."""
    sent = request.files.get("recording")
    return sent.read() if sent else None
