"""A reference for a report that came without one."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.reference import new_reference
from hotline.intake.models import Report


def free_reference(session: Session) -> str:
    """A reference that no report bears, where a few tries find one."""
    reference = new_reference()
    for _ in range(8):
        if not session.scalar(sa.select(sa.exists().where(Report.reference == reference))):
            break
        reference = new_reference()
    return reference
