"""The texts between a contact and the hotline, up to one report and after it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import Message, Report
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


def read_thread(session: Session, report: Report, languages: Collection[str] | None) -> list[Said]:
    """The contact's latest texts and our answers, oldest first; those in `languages` alone (None: all)."""
    about = sa.func.coalesce(Message.answers, Message.id)  # an answer is in the language of what it answers
    wanted = (
        sa.select(Message, Report.language)
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
            message.id == report.message_id,
            message.as_typed is not None,
        )
        for message, language in session.execute(wanted)
    ]
    return found[::-1]
