"""Write a note into a case."""

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.casework.models import Case, CaseNote
from hotline.db import new_id
from hotline.staff.models import User
from hotline.vault.audit import record

LONGEST = 10_000  # characters


class NotANote(Exception):
    """A note has words, and no more than LONGEST characters."""


def add_note(session: Session, case: Case, member: User, words: str, now: datetime) -> CaseNote:
    """Keep the words, sealed with the key of the case's contact.

    Raises:
        NotANote: see there.
    """
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise NotANote
    note_id = new_id()
    sealed = case.contact.seal(words.encode(), f"case_notes.words:{note_id}")
    note = CaseNote(id=note_id, case_id=case.id, by_id=member.id, at=now, words=sealed)
    session.add(note)
    record(session, member.id, "noted", "cases", case.id, note=str(note_id))
    return note
