"""A text of staff's that did not arrive: a call is owed instead, only to who said that a call is safe."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from hotline.callbacks.models import OPEN, Callback
from hotline.callbacks.owe_call import owe_call
from hotline.callbacks.safe_time import Window, in_our_hours, next_clock
from hotline.intake.models import Contact, Message
from hotline.intake.text_fate import LOST, NAMED
from hotline.outbox import OutboxRow
from hotline.settings import Settings

LOOKED_BACK = timedelta(days=2)  # the carrier's last word on a text comes within hours


def call_instead(session: Session, settings: Settings, now: datetime) -> int:
    """Owe the calls; the answer is how many. A call owed meanwhile, for whatever reason, is enough."""
    texts = session.scalars(
        sa.select(Message)
        .join(Message.contact)
        .where(
            Message.direction == "out",
            Message.case_id.is_not(None),
            Message.line_id.is_not(None),
            Message.status.in_(LOST),
            Message.error.is_distinct_from(NAMED),  # staff write it anew
            sa.or_(Message.at > now - LOOKED_BACK, _ended_since(now - LOOKED_BACK)),
            Contact.call_safe.is_(True),
            Contact.number.is_not(None),
            ~_called_since(),
        )
        .order_by(Message.at)
        .options(joinedload(Message.contact), joinedload(Message.line))
    ).all()
    return sum(_owe(session, text, settings, now) for text in {one.contact_id: one for one in texts}.values())


def _ended_since(since: datetime) -> sa.Exists:
    """It was given up as too old only now: nobody sent anything for days (hotline.intake.promise_text has the key)."""
    key = sa.func.concat("text:", sa.cast(Message.id, sa.Text))
    return sa.exists().where(OutboxRow.key == key, OutboxRow.ended_at > since, Message.sid.is_(None))


def _called_since() -> sa.Exists:
    """A call to them is owed, or one was since the text was written."""
    since = sa.or_(Callback.state.in_(OPEN), Callback.asked_at >= Message.at)
    return sa.exists().where(Callback.contact_id == Message.contact_id, since)


def _owe(session: Session, text: Message, settings: Settings, now: datetime) -> bool:
    assert text.line_id is not None  # asked for
    wished, safe = _safe_time(session, text, settings, now)
    owed = owe_call(
        session, f"text:{text.id}", "text", contact_id=text.contact_id, line_id=text.line_id,
        language=text.contact.language, asked_at=now, wished=wished, not_before=safe.begins, safe_until=safe.ends,
        rehearsal=text.rehearsal,
    )  # fmt: skip
    return owed is not None


def _safe_time(
    session: Session, text: Message, settings: Settings, now: datetime
) -> tuple[str | None, Window]:
    """The time of day that they said last, in their words, too; of who said none, the hours in which we call at all."""
    assert text.line is not None
    here = now.astimezone(ZoneInfo(text.line.zone or settings.zone))
    wish = sa.select(Callback).where(Callback.contact_id == text.contact_id, Callback.why == "asked")
    said = session.scalar(wish.order_by(Callback.asked_at.desc()).limit(1))
    if said is None or said.safe_until is None:
        return None, Window(in_our_hours(here, settings), None)
    begins = next_clock(here, said.not_before.astimezone(here.tzinfo).time())
    return said.wished, Window(begins, begins + (said.safe_until - said.not_before))
