"""Two supervisors, a place, and what they say."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.directory.models import HelpPlace
from hotline.flow.turn import Clip
from hotline.webhooks.switchboard import KEY
from tests.directory.naming import NAMED
from tests.places import make_place
from tests.signing_in import SignIn, make_member, sign_in


@pytest.fixture
def somchai(signed_in: SignIn, line: str) -> FlaskClient:
    return signed_in("supervisor", ("my", "th"), "Somchai")


@pytest.fixture
def dao(app: Flask, session: Session) -> FlaskClient:
    return sign_in(app.test_client(), make_member(session, "supervisor", ("th",), "Dao").email)


@pytest.fixture
def place(session: Session) -> HelpPlace:
    made = make_place()
    session.add(made)
    session.commit()
    return made


@pytest.fixture
def sounds(app: Flask) -> tuple[bytes, bytes]:
    catalogue = app.extensions[KEY].catalogue
    return catalogue.sound(Clip("help.shelter", "th")).audio, catalogue.sound(Clip("help.clinic", "th")).audio


@pytest.fixture(params=sorted(NAMED))
def named(request: pytest.FixtureRequest) -> str:
    """A place, and an area: both keep the same promises."""
    return str(request.param)
