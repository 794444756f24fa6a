"""No test leaves a server error behind; one that expects it looks at the list and empties it."""

import logging
from collections.abc import Iterator

import pytest

from hotline.web.errors import LOGGER


class Kept(logging.Handler):
    """Every record of one test."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.said.append(f"{record.getMessage()}: {error!r}")


@pytest.fixture(autouse=True)
def server_errors(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What the application answered 500 to; a test that expects it empties the list."""
    kept = Kept()
    logger = logging.getLogger(LOGGER)
    logger.addHandler(kept)
    yield kept.said
    logger.removeHandler(kept)
    assert not kept.said, "the application answered 500"
