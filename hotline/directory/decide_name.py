"""A second person listens to a spoken name: callers hear it from then on, or never."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.directory.models import SpokenName
from hotline.staff.models import User
from hotline.vault.audit import record

Verdict = Literal["approve", "refuse"]


class NotYours(Exception):
    """Who asks may not decide about it; the text is one sentence that says why."""


def decide_name(session: Session, name: SpokenName, verdict: Verdict, member: User, now: datetime) -> None:
    """Approve it in place of the one that was heard before, or refuse it. The row is locked. Raises: NotYours."""
    if name.language not in member.languages:
        raise NotYours("Who approves must speak the language.")
    if name.by_id == member.id:
        raise NotYours("A second person must listen to it: you recorded it yourself.")
    if name.state != "waiting":
        raise NotYours("Somebody has decided about it already.")
    if verdict == "approve":
        session.execute(sa.delete(type(name)).where(name.alike(), type(name).state == "approved"))
    name.state = "approved" if verdict == "approve" else "refused"
    name.decided_at, name.decided_by_id = now, member.id
    session.flush()
    table, subject, detail = name.told_as()
    act = f"{name.state} the name"
    record(session, member.id, act, table, subject, language=name.language, **detail)
