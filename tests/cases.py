"""A case whose person can be texted, and who of staff looks after it."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.casework.models import Case
from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.intake.models import Report
from tests.carrier_says import CallFrom
from tests.signing_in import SignIn, make_member


@pytest.fixture
def case(call: CallFrom, session: Session) -> Case:
    """Of a voicemail in Thai."""
    call.record(call.to_the_microphone("2", "1"), sid="RE1")
    report = session.scalars(sa.select(Report)).one()
    opener = make_member(session, "caseworker", ("th",), "Opener")
    made = open_case(session, report, opener, urgency="standard", category="wages", now=utcnow())
    session.commit()
    return made


@pytest.fixture
def caseworker(signed_in: SignIn) -> FlaskClient:
    return signed_in("caseworker", ("th",))
