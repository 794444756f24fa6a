"""Let in who has code and PIN; whoever guesses learns nothing, and soon is not asked any more."""

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.flow.nodes.mailbox import CLOSED, EMPTY, HEARD, NOT_RECEIVED, WAITING
from hotline.flow.turn import NotAdmitted, NotNow
from hotline.intake.models import Call, Report
from hotline.mailbox.codes import seal_of
from hotline.mailbox.limits import is_over_limit
from hotline.mailbox.models import Mailbox, MailboxTry

NOBODY = bytes(32)  # compared with where there is no such code: it takes as long
COUNTING = 0x4D41494C  # advisory lock: tries are counted one after the other


@dataclass(frozen=True)
class Try:
    """One PIN after one code, in a call."""

    call_sid: str
    turn: int
    mark: bytes
    pin: str
    at: datetime


@dataclass(frozen=True)
class Inside:
    """The prompt that tells how things stand, when their newest message came, and staff's answers by voice."""

    stands: str
    left_at: datetime | None
    replies: tuple[str, ...]  # ids, in the order in which they are heard


def open_mailbox(session: Session, made: Try) -> Inside | NotAdmitted | NotNow:
    """What waits there. Told twice, a try is one and ends the same.

    From then on what is left in the call belongs to the mailbox (hotline.intake.whose_matter); the phone does not.
    Whatever is pressed, the same is asked of the database.
    """
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(COUNTING)))
    call = session.get(Call, made.call_sid)
    box = session.scalars(sa.select(Mailbox).where(Mailbox.mark == made.mark)).first()
    fits = hmac.compare_digest(seal_of(made.mark, made.pin), box.pin if box else NOBODY)
    tried = _write_down(session, made, call, fits)
    if tried.limited:
        return NotNow()
    if not tried.admitted or box is None:
        return NotAdmitted()
    box.opened_at = made.at
    return Inside(*_how_things_stand(session, box), _replies(session, box))


def _write_down(session: Session, made: Try, call: Call | None, fits: bool) -> MailboxTry:
    """How it ended, now or when it was told first."""
    caller = call.contact_id if call and not call.anonymous else None
    tried = MailboxTry(call_sid=made.call_sid, turn=made.turn, at=made.at, mark=made.mark, contact_id=caller)
    tried.limited = is_over_limit(session, tried)
    tried.admitted = fits and call is not None and not tried.limited
    columns = {column.name: getattr(tried, column.name) for column in MailboxTry.__table__.columns}
    session.execute(insert(MailboxTry).values(columns).on_conflict_do_nothing())
    return session.get_one(MailboxTry, (made.call_sid, made.turn))


def _how_things_stand(session: Session, box: Mailbox) -> tuple[str, datetime | None]:
    """In plain words, of the newest report: lost, waiting, heard, or its case closed; and when it came."""
    last = session.scalars(
        sa.select(Report)
        .where(Report.matter_id == box.matter_id)
        .order_by(Report.received_at.desc())
        .limit(1)
    ).first()
    if last is None:
        return EMPTY, None
    if last.state == "not_received":
        return NOT_RECEIVED, last.received_at
    if last.state != "done":
        return WAITING, last.received_at
    closed = session.scalar(
        sa.text("SELECT state = 'closed' FROM cases WHERE id = :id"), {"id": last.case_id}
    )
    return (CLOSED if closed else HEARD), last.received_at


def _replies(session: Session, box: Mailbox) -> tuple[str, ...]:
    """Those that nobody has heard; where there is none, all again. Oldest first."""
    wanted = sa.text(
        "SELECT id, heard_at IS NULL AS new FROM voice_replies"
        " WHERE case_id IN (SELECT case_id FROM reports WHERE matter_id = :id) ORDER BY at, id"
    )
    found: list[tuple[uuid.UUID, bool]] = [
        (row.id, row.new) for row in session.execute(wanted, {"id": box.matter_id})
    ]
    anything_new = any(new for _, new in found)
    return tuple(str(reply) for reply, new in found if new or not anything_new)
