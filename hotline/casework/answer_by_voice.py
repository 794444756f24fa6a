"""Staff answer a worker by voice: it waits in their mailbox, and is heard by nobody else."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.casework.models import Case, VoiceReply
from hotline.db import new_id
from hotline.media.listen import listen
from hotline.staff.models import User
from hotline.vault.audit import record

LONGEST = 180.0  # seconds


class NotAnAnswer(Exception):
    """It cannot be kept; the text is one sentence that says why."""


def has_mailbox(session: Session, case: Case) -> bool:
    """Whether there is a way back to this case; a mailbox that others made on the same phone is none."""
    found = sa.text(
        "SELECT EXISTS (SELECT FROM reports JOIN mailboxes USING (matter_id) WHERE reports.case_id = :id)"
    )
    return bool(session.scalar(found, {"id": case.id}))


def answer_by_voice(
    session: Session,
    case: Case,
    recorded: bytes,
    member: User,
    now: datetime,
    reply_id: uuid.UUID | None = None,
) -> VoiceReply:
    """Keep the answer, evenly loud, sealed with the person's key. What has this id already is the answer.

    Raises:
        NotAnAnswer: there is no mailbox for this case, or nothing is heard in it, or it is too long.
    """
    if not has_mailbox(session, case):
        raise NotAnAnswer("They have no mailbox: nobody could hear it.")
    heard = listen(recorded, LONGEST + 1)
    if heard.verdict != "speech":
        raise NotAnAnswer("Nothing is heard in it.")
    if heard.seconds > LONGEST:
        raise NotAnAnswer(f"It is longer than {LONGEST:.0f} seconds.")
    session.refresh(case, with_for_update=True)  # two presses at once come one after the other
    if reply_id and (before := session.get(VoiceReply, reply_id)) and before.case_id == case.id:
        return before
    reply_id = reply_id or new_id()
    reply = VoiceReply(
        id=reply_id, case_id=case.id, contact_id=case.contact_id, by_id=member.id, at=now, seconds=heard.seconds,
        audio=case.contact.seal(heard.playback, place_of(reply_id)),
    )  # fmt: skip
    session.add(reply)
    session.flush()
    record(session, member.id, "answered by voice", "cases", case.id)
    return reply


def open_reply(reply: VoiceReply) -> bytes:
    """The sound (hotline.media.listen.PLAYBACK_TYPE)."""
    return reply.contact.open(reply.audio, place_of(reply.id))


def place_of(reply_id: object) -> str:
    return f"voice_replies.audio:{reply_id}"
