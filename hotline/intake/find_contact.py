"""The contact behind a number, made where there is none yet."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.intake.models import Contact
from hotline.vault.keys import vault


def find_contact(session: Session, number: str | None, now: datetime, *, rehearsal: bool) -> Contact:
    """The contact of this number (E.164, or as the carrier wrote it); without a number always a new one."""
    index = vault().index(number) if number else None
    contact_id = new_id()
    made = insert(Contact).values(
        id=contact_id,
        number=number,
        number_index=index,
        key=Contact.sealed_key(contact_id),
        first_at=now,
        rehearsal=rehearsal,
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["number_index"]))
    found = sa.select(Contact).where(Contact.number_index == index if index else Contact.id == contact_id)
    return session.scalars(found).one()
