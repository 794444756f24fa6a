"""A studio line, a member with a PIN for it, and what does the work."""

import pytest
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.flow.studio import STUDIO
from hotline.intake.models import Line
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.studio.take_pin import take_pin
from tests.carriers import RunningCarrier
from tests.signing_in import make_member
from tests.studio.telephone import NUMBER
from workers.tools import Tools


@pytest.fixture
def studio_line(session: Session) -> str:
    session.add(Line(number=NUMBER, tree=STUDIO, languages=["en"], answers_texts=False, added_at=utcnow()))
    session.commit()
    return NUMBER


@pytest.fixture
def thiri(session: Session) -> User:
    return make_member(session, "transcriber", ("th",), "Thiri")


@pytest.fixture
def pin(session: Session, thiri: User) -> str:
    made = take_pin(session, thiri, "th", utcnow())
    session.commit()
    return made


@pytest.fixture
def tools(settings: Settings, carrier: RunningCarrier) -> Tools:
    return Tools(settings.model_copy(update={"twilio_api_url": carrier.url}))
