"""Who says it anew takes back what they said before: the one way in which something spoken is not kept."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.studio.models import SpokenPrompt
from hotline.studio.take_in_spoken import promise_to_forget
from hotline.vault.audit import record


def say_anew(session: Session, call_sid: str, turn: int, now: datetime) -> None:
    """Take back the last that was spoken up to this turn of the call. Told twice, it is once."""
    last = sa.select(SpokenPrompt).where(SpokenPrompt.call_sid == call_sid, SpokenPrompt.turn <= turn)
    spoken = session.scalars(last.order_by(SpokenPrompt.turn.desc()).limit(1).with_for_update()).first()
    if spoken is None or spoken.state not in ("spoken", "taken", "unusable"):
        return
    spoken.state = "replaced"
    if spoken.take is not None and spoken.take.state == "waiting":
        spoken.take.state, spoken.take.decided_at, spoken.take.decided_by_id = (
            "refused",
            now,
            spoken.member_id,
        )
        detail = {"language": spoken.take.language, "prompt": spoken.take.prompt}
        record(session, spoken.member_id, "said anew", "takes", spoken.take.id, **detail)
    if spoken.at_carrier == "held":
        promise_to_forget(session, spoken)
