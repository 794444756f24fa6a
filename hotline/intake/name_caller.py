"""Learn who called: a call whose first webhook was lost began as one of nobody we know."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import Call, Contact
from hotline.vault.keys import vault


def name_caller(session: Session, call_sid: str, number: str) -> bool:
    """Give the number to the call's contact, where it has none and nobody else bears it.

    Two contacts of one person are left apart: what each left is sealed with a key of its own.
    """
    call = session.get_one(Call, call_sid, with_for_update=True)
    contact = call.contact
    index = vault().index(number)
    taken = session.scalar(sa.select(sa.exists().where(Contact.number_index == index)))
    if contact is None or contact.number_index is not None or taken:
        return False
    contact.number, contact.number_index = number, index
    call.anonymous = False
    return True
