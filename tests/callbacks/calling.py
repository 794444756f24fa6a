"""Rings, and the calls that they are answered with."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
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
