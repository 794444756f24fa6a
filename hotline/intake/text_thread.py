"""What a text may be an answer to: to staff, who wrote last, or to what the tree asked."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hotline.flow.nodes import Microphone
from hotline.flow.position import Position
from hotline.flow.tree import Tree
from hotline.intake.models import Urgency
from hotline.intake.text_fate import LOST
from hotline.intake.text_place import find_place

TALK_LASTS = timedelta(days=7)  # people answer when they have credit again
# The open case whose staff wrote the last text that this person had from us.
LAST_WORD = """
    SELECT cases.id FROM (
        SELECT case_id, at FROM messages
        WHERE contact_id = %(contact_id)s AND direction = 'out' AND at <= %(at)s AND NOT status = ANY(%(unsent)s)
        ORDER BY at DESC, id DESC LIMIT 1
    ) AS last JOIN cases ON cases.id = last.case_id
    WHERE last.at > %(since)s AND cases.state <> 'closed'
    """


@dataclass(frozen=True)
class Thread:
    """Where a text belongs."""

    asked: Position | None  # by the tree
    case_id: uuid.UUID | None  # of the staff who wrote last
    tree: Tree

    @property
    def writes(self) -> Position | None:
        """Where the tree asked for their words."""
        return (
            self.asked
            if self.asked and isinstance(self.tree.nodes.get(self.asked.node), Microphone)
            else None
        )

    @property
    def urgency(self) -> Urgency:
        return self.writes.urgency if self.writes else "standard"

    @property
    def language(self) -> str | None:
        """The one that they were asked in, where they speak it."""
        return self.asked.language if self.asked and self.asked.chosen else None

    @property
    def guess(self) -> str | None:
        """The one that they were asked in."""
        return self.asked.language if self.asked else None


def find_thread(session: Session, contact_id: uuid.UUID, tree: Tree, at: datetime) -> Thread:
    """The thread of this person's texts."""
    asks = {
        "contact_id": contact_id, "at": at, "since": at - TALK_LASTS, "unsent": ["promised", "taken back", *LOST],
    }  # fmt: skip
    session.flush()
    case_id = session.connection().exec_driver_sql(LAST_WORD, asks).scalar()
    return Thread(find_place(session, contact_id, tree, at), case_id, tree)
