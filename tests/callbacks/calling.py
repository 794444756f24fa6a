"""Rings, and the calls that they are answered with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.db import utcnow
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CALLER
from tests.carriers import RunningCarrier

ALWAYS = {"callback_hours": ""}
Ring = Callable[..., list[str]]


def placed(carrier: RunningCarrier) -> list[str]:
    return [one.to for one in carrier.exchange.calls.values() if one.direction == "outbound-api"]


def owed_call(session: Session) -> Callback:
    session.rollback()
    session.expire_all()
    return session.scalars(sa.select(Callback)).one()


def outgoing(owed: Callback, line: str) -> dict[str, str]:
    """What the carrier says of the call that we placed."""
    return {"CallSid": owed.outgoing_sid or "", "From": line, "To": CALLER, "Direction": "outbound-api"}


def hours_of_another_day() -> str:
    """Hours in which it is not, whatever time it is."""
    here = utcnow() + timedelta(hours=7)  # the line's zone is Bangkok
    another_day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(here.weekday() + 3) % 7]
    return f"{another_day} 08:00-09:00"


def let_call_at(app: Flask, hours: str) -> None:
    """The hours in which the hotline calls back, for whom it answers."""
    board = app.extensions[KEY]
    app.extensions[KEY] = replace(board, settings=board.settings.model_copy(update={"callback_hours": hours}))
