"""Let in who has code and PIN; whoever guesses learns nothing, and soon is not asked any more."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.flow.nodes.mailbox import CLOSED, HEARD, WAITING
from hotline.intake.models import Call, Report
from hotline.mailbox.codes import WRONG_ANYWHERE, WRONG_OF_ONE, seal_of
from hotline.mailbox.models import Mailbox, MailboxTry

HOUR = timedelta(hours=1)
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
    reply: str  # the id of the newest answer, if any
    answers: int


def open_mailbox(session: Session, made: Try) -> Inside | None:
    """What waits there, or nothing. Told twice, a try is one and ends the same.

    From then on the call is that of the mailbox's person, whosever phone it is.
    """
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(COUNTING)))
    call = session.get(Call, made.call_sid)
    box = session.scalars(sa.select(Mailbox).where(Mailbox.mark == made.mark)).first()
    caller = call.contact_id if call else None
    fits = hmac.compare_digest(seal_of(made.mark, made.pin), box.pin if box else NOBODY)
    admitted = fits and not _is_guessing(session, made, caller)
    row = insert(MailboxTry).values(
        call_sid=made.call_sid,
        turn=made.turn,
        at=made.at,
        mark=made.mark,
        contact_id=caller,
        admitted=admitted,
    )
    if session.scalar(row.on_conflict_do_nothing().returning(MailboxTry.turn)) is None:
        admitted = session.get_one(MailboxTry, (made.call_sid, made.turn)).admitted
    if not admitted or box is None or call is None:
        return None
    call.contact_id = box.contact_id
    stands, left_at = _how_things_stand(session, box)
    return Inside(stands, left_at, *_newest_reply(session, box, made.at))


def _is_guessing(session: Session, made: Try, caller: object) -> bool:
    """Too many wrong ones within an hour: of this code, of this caller, or of everybody."""
    wrong = sa.select(
        sa.func.count(),
        sa.func.count().filter(MailboxTry.mark == made.mark),
        sa.func.count().filter(MailboxTry.contact_id == caller),
    ).where(MailboxTry.at > made.at - HOUR, ~MailboxTry.admitted)
    everybody, code, one = session.execute(wrong).one()
    return everybody >= WRONG_ANYWHERE or code >= WRONG_OF_ONE or (caller is not None and one >= WRONG_OF_ONE)


def _how_things_stand(session: Session, box: Mailbox) -> tuple[str, datetime | None]:
    """In plain words, of the newest report: waiting, heard, or its case closed; and when it came."""
    last = session.scalars(
        sa.select(Report)
        .where(Report.contact_id == box.contact_id)
        .order_by(Report.received_at.desc())
        .limit(1)
    ).first()
    if last is None:
        return WAITING, None
    if last.state in ("arriving", "waiting"):
        return WAITING, last.received_at
    closed = session.scalar(
        sa.text("SELECT state = 'closed' FROM cases WHERE id = :id"), {"id": last.case_id}
    )
    return (CLOSED if closed else HEARD), last.received_at


def _newest_reply(session: Session, box: Mailbox, now: datetime) -> tuple[str, int]:
    """Marked as heard, as it is played next; and how many there are."""
    newest = sa.text(
        "SELECT id, count(*) OVER () FROM voice_replies WHERE contact_id = :id ORDER BY at DESC LIMIT 1"
    )
    found = session.execute(newest, {"id": box.contact_id}).first()
    if found is None:
        return "", 0
    reply, answers = found
    mark = sa.text("UPDATE voice_replies SET heard_at = coalesce(heard_at, :now) WHERE id = :id")
    session.execute(mark, {"id": reply, "now": now})
    return str(reply), int(answers)
