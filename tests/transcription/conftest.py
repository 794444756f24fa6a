"""Thiri, who transcribes Burmese, before a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from hotline.staff.models import User
from tests.signing_in import make_member
from tests.transcription.browsing import sign_in


@pytest.fixture
def thiri(session: Session) -> User:
    return make_member(session, name="Thiri Win")


@pytest.fixture
def page_of(watched: Page, served: str, thiri: User) -> Iterator[Page]:
    """Thiri, signed in, before the queue."""
    sign_in(watched, served, thiri)
    yield watched
    watched.close()  # or a live page would go on asking a server that stops
