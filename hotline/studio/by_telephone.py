"""What a member sees of recording by telephone: where to call, the PIN they hold, what became of what they spoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.studio import STUDIO
from hotline.staff.models import User
from hotline.studio.models import SpokenPrompt, StudioPin
from hotline.studio.take_pin import pin_of

SHOWN = 20


@dataclass(frozen=True)
class ByTelephone:
    """`mine`: on their way, or of no use. `unknown`: recorded in the studio, and nobody knows which prompt."""

    numbers: Sequence[str]
    pin: StudioPin | None
    mine: Sequence[SpokenPrompt]
    unknown: Sequence[SpokenPrompt]


def look_at_telephone(session: Session, member: User, now: datetime) -> ByTelephone:
    numbers = session.scalars(
        sa.text("SELECT number FROM lines WHERE tree = :tree ORDER BY number"), {"tree": STUDIO}
    )
    newest = sa.select(SpokenPrompt).order_by(SpokenPrompt.at.desc()).limit(SHOWN)
    mine = newest.where(SpokenPrompt.member_id == member.id, SpokenPrompt.state.in_(("spoken", "unusable")))
    return ByTelephone(
        numbers=numbers.all(),
        pin=pin_of(session, member, now),
        mine=session.scalars(mine).all(),
        unknown=session.scalars(newest.where(SpokenPrompt.state == "unknown")).all(),
    )
