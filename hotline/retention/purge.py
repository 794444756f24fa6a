"""Remove what is past its keeping (hotline.retention.rules), a person at a time."""

from dataclasses import asdict, dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.db import utcnow
from hotline.directory.areas import names_of_nowhere
from hotline.intake.models import Attachment, Recording
from hotline.intake.take_in_attachment import all_file_names
from hotline.intake.take_in_recording import file_names
from hotline.media.store import MediaStore
from hotline.retention.erase import OnHold, erase_contact
from hotline.retention.rules import (
    DAYS_OF_COMPARISONS,
    DAYS_OF_DONE_WORK,
    DAYS_OF_PLACES,
    DAYS_OF_SPOKEN,
    DAYS_OF_TRIES,
    DAYS_WITHDRAWN,
)
from hotline.settings import Settings
from hotline.vault.close_months import close_months

# People of whom everything is done, closed and past; nobody who is held, and nobody unheard.
PEOPLE = sa.text("""
    SELECT id FROM contacts c
    WHERE erased_at IS NULL AND held_since IS NULL AND first_at <= :limit
      AND NOT EXISTS (SELECT FROM reports r WHERE r.contact_id = c.id AND (r.state IN ('arriving', 'waiting')
                      OR coalesce(r.done_at, r.received_at) > :limit))
      AND NOT EXISTS (SELECT FROM cases k WHERE k.contact_id = c.id AND (k.closed_at IS NULL OR k.closed_at > :limit))
      AND NOT EXISTS (SELECT FROM calls WHERE contact_id = c.id AND started_at > :limit)
      AND NOT EXISTS (SELECT FROM messages WHERE contact_id = c.id AND at > :limit)
      AND NOT EXISTS (SELECT FROM mailboxes WHERE contact_id = c.id AND opened_at > :limit)
    """)
# What goes by its age alone, by the name that it is counted under.
AGED = {
    "done_work": ("FROM outbox WHERE state <> 'due' AND ended_at < :limit", DAYS_OF_DONE_WORK),
    "mailbox_tries": ("FROM mailbox_tries WHERE at < :limit", DAYS_OF_TRIES),
    "studio_pins": ("FROM studio_pins WHERE ends_at < :limit", 0),
    "studio_tries": ("FROM studio_tries WHERE at < :limit", DAYS_OF_TRIES),
    "spoken_prompts": ("FROM spoken_prompts WHERE state <> 'unknown' AND at < :limit", DAYS_OF_SPOKEN),
    "text_places": ("FROM text_places WHERE at < :limit", DAYS_OF_PLACES),
    "help_withdrawn": ("FROM help_places WHERE withdrawn_at < :limit", DAYS_WITHDRAWN),
    "comparisons": ("FROM reconciliations WHERE at < :limit", DAYS_OF_COMPARISONS),
}


@dataclass
class Purged:
    """How much went, or would go."""

    people: int = 0
    done_work: int = 0
    mailbox_tries: int = 0
    studio_pins: int = 0
    studio_tries: int = 0
    spoken_prompts: int = 0
    text_places: int = 0
    help_withdrawn: int = 0
    comparisons: int = 0
    area_names: int = 0
    audit_months: int = 0
    orphan_files: int = 0

    def lines(self) -> list[str]:
        return [f"{name.replace('_', ' '):16} {count:>8}" for name, count in asdict(self).items()]


def purge(sessions: sessionmaker[Session], media: MediaStore, settings: Settings, *, dry_run: bool) -> Purged:
    """Remove it, each person in a transaction of their own; stopped on the way, the next one goes on."""
    now, found = utcnow(), Purged()
    with sessions() as session:
        people = session.scalars(PEOPLE, {"limit": now - timedelta(days=settings.keep_days)}).all()
        for name, (rows, days) in AGED.items():
            limit = {"limit": now - timedelta(days=days)}
            setattr(found, name, session.scalar(sa.text(f"SELECT count(*) {rows}"), limit))
            if not dry_run:
                session.execute(sa.text(f"DELETE {rows}"), limit)
        found.area_names = _forget_areas(session)
        found.audit_months = len(close_months(session, now - timedelta(days=365.25 * settings.audit_years)))
        orphans = _orphans(session, media)
        session.rollback() if dry_run else session.commit()
    found.people, found.orphan_files = len(people), len(orphans)
    if dry_run:
        return found
    for contact_id in people:
        try:
            erase_contact(sessions, media, settings, contact_id)
        except OnHold:  # held since we looked
            found.people -= 1
    for name in orphans:
        media.delete(name)
    media.clear_unfinished()
    return found


def _forget_areas(session: Session) -> int:
    """Names of areas in which no place is any more."""
    names = names_of_nowhere(session)
    for name in names:
        session.delete(name)
    return len(names)


def _orphans(session: Session, media: MediaStore) -> set[str]:
    """Files that no row names, nor will: of what is on its way the files come before the row says so."""
    there = set(media.names())
    recorded = sa.select(Recording.original, Recording.playback)
    named = session.execute(recorded.union_all(sa.select(Attachment.original, Attachment.shown))).all()
    coming = session.scalars(
        sa.select(Recording.sid).where(Recording.stored_at.is_(None), Recording.contact.has(erased_at=None))
    )
    attached = session.scalars(
        sa.select(Attachment.id).where(Attachment.stored_at.is_(None), Attachment.contact.has(erased_at=None))
    )
    awaited = {name for sid in coming for name in file_names(sid)}
    awaited |= {name for one in attached for name in all_file_names(one)}
    return there - {name for row in named for name in row} - awaited
