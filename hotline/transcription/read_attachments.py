"""What came with a text, as pages show it: in its order, each with what is known of it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import Attachment, Report


@dataclass(frozen=True)
class Shown:
    """One of them. `number` of `of`: among the pictures, if it is one, else among all that came with the text."""

    attachment: Attachment
    number: int
    of: int
    report: Report | None  # of a voice note: where it is heard


def read_attachments(session: Session, message_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Shown]]:
    """By text; of one with which nothing came there is no entry."""
    wanted = (
        sa.select(Attachment, Report)
        .outerjoin(Report, Report.recording_sid == Attachment.recording_sid)
        .where(Attachment.message_id.in_(message_ids))
        .order_by(Attachment.number, Attachment.id)
    )
    found: dict[uuid.UUID, list[tuple[Attachment, Report | None]]] = {}
    for attachment, report in session.execute(wanted):
        found.setdefault(attachment.message_id, []).append((attachment, report))
    return {message_id: _numbered(rows) for message_id, rows in found.items()}


def _numbered(rows: list[tuple[Attachment, Report | None]]) -> list[Shown]:
    pictures = [attachment.id for attachment, _ in rows if attachment.kind == "picture"]
    return [
        Shown(attachment, pictures.index(attachment.id) + 1, len(pictures), report)
        if attachment.kind == "picture"
        else Shown(attachment, place, len(rows), report)
        for place, (attachment, report) in enumerate(rows, 1)
    ]
