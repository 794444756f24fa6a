"""The texts that went to and fro with the person of a case since it began, but for those of their other cases."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from hotline.casework.models import Case
from hotline.intake.models import Message, Report


@dataclass(frozen=True)
class Text:
    """One text. `report` is what it, or the text that it answers, queues as."""

    message: Message
    report: Report | None


def read_conversation(session: Session, case: Case) -> Iterator[Text]:
    """What is part of no case, such as a number that answers a menu, is told in each."""
    asked = aliased(Report)
    belongs = (Message.case_id, Report.case_id, asked.case_id)
    texts = (
        sa.select(Message, Report, asked)
        .outerjoin(Report, Report.message_id == Message.id)
        .outerjoin(asked, asked.message_id == Message.answers)
        .where(
            Message.contact_id == case.contact_id,
            Message.kind != "keys",
            *(sa.or_(column.is_(None), column == case.id) for column in belongs),
            sa.or_(Message.at >= _began(case), *(column == case.id for column in belongs)),
        )
    )
    for message, report, answered in session.execute(texts):
        yield Text(message, report or answered)


def _began(case: Case) -> sa.ScalarSelect[object]:
    """When its first report came, which is before it was opened."""
    first = sa.select(sa.func.min(Report.received_at)).where(Report.case_id == case.id)
    return sa.select(sa.func.least(case.opened_at, first.scalar_subquery())).scalar_subquery()
