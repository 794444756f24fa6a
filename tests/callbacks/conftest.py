"""A line that calls back, and the workers that do."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.intake.models import Line
from hotline.settings import Settings
from tests.callbacks.calling import ALWAYS, Ring, let_call_at
from tests.carrier_says import CALLER, Document, Say
from tests.carriers import RunningCarrier
from workers.tools import Tools


@pytest.fixture
def known(settings: Settings, carrier: RunningCarrier) -> Settings:
    return settings.model_copy(update={"twilio_api_url": carrier.url, **ALWAYS})


@pytest.fixture
def tools(known: Settings) -> Tools:
    return Tools(known)


@pytest.fixture
def ring(app: Flask, say: Say, line: str, session: Session) -> Ring:
    """`ring("CA1")`: the verbs with which a ring on a line that calls back is answered, at any hour."""
    let_call_at(app, ALWAYS["callback_hours"])
    session.execute(sa.update(Line).values(answer_mode="call_back"))
    session.commit()

    def once(sid: str = "CA1", caller: str = CALLER) -> list[str]:
        return Document(say("/voice/incoming", CallSid=sid, From=caller, To=line, CallStatus="ringing")).verbs

    return once
