"""Take a recording of a prompt; a second person approves it; an earlier one comes back."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.prompts import seconds_of
from hotline.media.make_prompt import Made, make_prompt
from hotline.media.placeholders import pause_after
from hotline.staff.models import User
from hotline.studio.models import How, Take
from hotline.vault.audit import record


class NotYours(Exception):
    """Who asks may not do that here; the text is one sentence that says why."""


def add_take(
    session: Session,
    language: str,
    prompt: str,
    words: str,
    recorded: bytes,
    how: How,
    by: User,
    now: datetime,
) -> Take:
    """Keep a recording, trimmed and evenly loud; it waits for a second person.

    Raises:
        CannotDecode: it cannot be used; the text says why.
        NotYours: the member does not speak the language.
    """
    require_speaker(by, language)
    return lay_take(
        session, language, prompt, words, make_prompt(recorded, pause_after(prompt)), how, by, now
    )


def require_speaker(member: User, language: str) -> None:
    """Raises: NotYours: the member does not speak the language."""
    if language not in member.languages:
        raise NotYours("You record the languages that you speak (under your name).")


def lay_take(
    session: Session, language: str, prompt: str, words: str, made: Made, how: How, by: User, now: datetime
) -> Take:
    """Lay it beside the earlier ones; it waits for a second person."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"take:{language}:{prompt}"))))
    last = sa.select(sa.func.max(Take.number)).where(Take.language == language, Take.prompt == prompt)
    take = Take(
        language=language, prompt=prompt, number=(session.scalar(last) or 0) + 1, words=words, audio=made.audio,
        seconds=seconds_of(made.audio), loudness=made.loudness, how=how, made_at=now, by_id=by.id,
    )  # fmt: skip
    session.add(take)
    session.flush()
    record(session, by.id, "recorded", "takes", take.id, language=language, prompt=prompt, number=take.number)
    return take


def decide(session: Session, take_id: uuid.UUID, verdict: str, member: User, now: datetime) -> Take:
    """Approve or refuse a take that waits, or put an approved one live again ("back").

    Raises:
        NoResultFound: there is none.
        NotYours: one's own, one in a language that one does not speak, or one that is past deciding.
    """
    take = session.scalars(sa.select(Take).where(Take.id == take_id).with_for_update()).one()
    if take.language not in member.languages:
        raise NotYours("Who approves must speak the language.")
    if verdict == "back":
        if take.state != "approved":
            raise NotYours("Only a recording that was approved can go on the line.")
    else:
        if take.by_id == member.id:
            raise NotYours("A second person must listen to it: you recorded it yourself.")
        if take.state != "waiting":
            raise NotYours("Somebody has decided about it already.")
        take.state = "approved" if verdict == "approve" else "refused"
        take.decided_at, take.decided_by_id = now, member.id
    if take.state == "approved":
        take.live_since = now
    acts = {"approve": "approved", "refuse": "refused", "back": "put back"}
    record(session, member.id, acts[verdict], "takes", take.id, language=take.language, prompt=take.prompt)
    return take


def takes_of(session: Session, language: str, prompt: str) -> list[Take]:
    """Newest first."""
    wanted = sa.select(Take).where(Take.language == language, Take.prompt == prompt)
    return list(session.scalars(wanted.order_by(Take.number.desc())))
