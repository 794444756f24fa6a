"""Keep what a member writes down, as they type: one draft a report and author."""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.intake.models import Report
from hotline.staff.models import User
from hotline.transcription.claim_report import hold_on
from hotline.transcription.errors import TwoVersions
from hotline.transcription.models import Transcript
from hotline.transcription.segments import Segment, read_segments, seal_segments


def save_draft(
    session: Session,
    report_id: uuid.UUID,
    member: User,
    segments: list[Segment],
    version: int,
    now: datetime,
    lasts: timedelta,
) -> Transcript:
    """Save the member's draft over the version that the page has seen (0: none yet).

    The same words again are the same version: a page repeats what it had no answer to.

    Raises:
        NotHeld: the claim has lapsed or another's stands.
        TwoVersions: another window saved meanwhile; nothing is overwritten.
    """
    hold_on(session, report_id, member, now, lasts)
    contact = session.get_one(Report, report_id).contact
    draft = draft_of(session, report_id, member)
    if draft is None:
        draft = Transcript(id=new_id(), report_id=report_id, author_id=member.id, version=0)
        session.add(draft)
    elif draft.version != version:
        if read_segments(contact, draft) == segments:
            return draft
        raise TwoVersions(draft)
    draft.segments = seal_segments(contact, draft, segments)
    draft.version += 1
    draft.saved_at = now
    session.flush()
    return draft


def draft_of(session: Session, report_id: uuid.UUID, member: User) -> Transcript | None:
    """What this member wrote of this report, handed in or not."""
    wanted = sa.select(Transcript).where(Transcript.report_id == report_id, Transcript.author_id == member.id)
    return session.scalars(wanted).one_or_none()
