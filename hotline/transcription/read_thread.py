"""The texts between a contact and the hotline, up to one report and after it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import Attachment, Message, Report
from hotline.transcription.snippet import opened

LATEST = 20


@dataclass(frozen=True)
class Said:
    """One text, as it came or went."""

    at: datetime
    ours: bool
    status: str  # the carrier's last word
    language: str
    words: str
    this: bool  # the one that the report is about
    converted: bool  # from Zawgyi
    attached: int  # pictures and the like that came with it


def read_thread(session: Session, report: Report, languages: Collection[str] | None) -> list[Said]:
    """The contact's latest texts and our answers, oldest first; those in `languages` alone (None: all)."""
    this = report.came_with
    attached = (
        sa.select(sa.func.count())
        .where(Attachment.message_id == Message.id)
        .correlate(Message)
        .scalar_subquery()
    )
    about = sa.func.coalesce(Message.answers, Message.id)  # an answer is in the language of what it answers
    wanted = (
        sa.select(Message, Report.language, attached)
        .join(Report, Report.message_id == about)
        .where(Message.contact_id == report.contact_id)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(LATEST)
    )
    if languages is not None:
        wanted = wanted.where(Report.language.in_(languages))
    found = [
        Said(
            message.at,
            message.direction == "out",
            message.status,
            language,
            opened(report.contact, message),
            this is not None and message.id == this.id,
            message.as_typed is not None,
            count,
        )
        for message, language, count in session.execute(wanted)
    ]
    return found[::-1]
