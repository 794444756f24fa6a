"""Change a case: how urgent it is, what it is about, where it stands. Each change is kept."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from hotline.casework.models import CATEGORIES, STATES, Case, CaseChange, CaseState
from hotline.intake.models import URGENCIES
from hotline.staff.models import User
from hotline.vault.audit import record

Field = Literal["urgency", "category", "state"]
WORDS: dict[Field, tuple[str, ...]] = {"urgency": URGENCIES, "category": CATEGORIES, "state": STATES}
NEXT: dict[CaseState, CaseState] = {"new": "in_progress", "in_progress": "closed", "closed": "in_progress"}


class NoSuchWord(Exception):
    """The field knows no such value."""


class NotTheNextState(Exception):
    """A case goes from new to in progress to closed, and from closed back to in progress."""


def change_case(session: Session, case: Case, member: User, changes: dict[Field, str], now: datetime) -> None:
    """Set these fields of the case; what stands already is no change.

    Raises:
        NoSuchWord, NotTheNextState: see there; nothing was changed.
    """
    session.refresh(case, with_for_update=True)
    wanted = {field: value for field, value in changes.items() if getattr(case, field) != value}
    for field, value in wanted.items():
        if value not in WORDS[field]:
            raise NoSuchWord(field)
        if field == "state" and value != NEXT[case.state]:
            raise NotTheNextState(case.state)
    for field, value in wanted.items():
        set_field(session, case, member, field, value, now)


def set_field(session: Session, case: Case, member: User, field: Field, value: str, now: datetime) -> None:
    """One change, kept and audited, without a question."""
    before = getattr(case, field)
    setattr(case, field, value)
    if field == "state":
        case.closed_at = now if value == "closed" else None
    session.add(CaseChange(case_id=case.id, by_id=member.id, at=now, field=field, before=before, after=value))
    record(session, member.id, "changed", "cases", case.id, field=field, before=before, after=value)
