"""Where somebody's texts are in the tree: kept for a day, then a number alone begins anew."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.flow.position import BadPosition, Position
from hotline.flow.tree import Tree
from hotline.intake.models import TextPlace

LASTS = timedelta(days=1)


def find_place(session: Session, contact_id: uuid.UUID, tree: Tree, now: datetime) -> Position | None:
    """Where their next text is heard in this tree; a tree that was changed begins anew."""
    place = session.get(TextPlace, contact_id, populate_existing=True)
    if place is None or not now - LASTS <= place.at <= now:
        return None
    try:
        position = Position.from_address(place.position)
    except BadPosition:  # of an older release of ours
        return None
    return position if (position.tree, position.version) == (tree.name, tree.version) else None


def keep_place(session: Session, contact_id: uuid.UUID, position: Position | None, now: datetime) -> None:
    """From now on it is heard there; at no position, nowhere in particular. What they were asked later stands."""
    place = session.get(TextPlace, contact_id)
    if place is not None and place.at > now:
        return
    if position is None:
        if place is not None:
            session.delete(place)
            session.flush()
        return
    row = insert(TextPlace).values(contact_id=contact_id, position=position.to_query(), at=now)
    kept = {"position": row.excluded.position, "at": row.excluded.at}
    session.execute(row.on_conflict_do_update(index_elements=["contact_id"], set_=kept))
