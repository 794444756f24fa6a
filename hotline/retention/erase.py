"""Erase a person: their key, number and words go; that somebody called stays, to be counted.

The list of erasures lies outside the database and its backups. It is written first, so that an erasure
that was interrupted, or undone by restoring an older backup, is done again.
"""

import json
import os
import uuid
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.db import utcnow
from hotline.intake.models import Attachment, Contact, Recording
from hotline.intake.take_in_attachment import all_file_names
from hotline.intake.take_in_recording import file_names
from hotline.media.store import MediaStore
from hotline.outbox import RANKS, promise
from hotline.settings import Settings
from hotline.vault.audit import record

REPORTS = "(SELECT id FROM reports WHERE contact_id = :id)"
CASES = "(SELECT id FROM cases WHERE contact_id = :id)"
CALLS = "(SELECT sid FROM calls WHERE contact_id = :id)"
# In this order: what points at a row goes before the row.
STATEMENTS = (
    f"DELETE FROM transcripts WHERE report_id IN {REPORTS}",
    f"DELETE FROM claims WHERE report_id IN {REPORTS}",
    "DELETE FROM outbox WHERE state = 'due' AND kind = 'take_in_recording' AND payload->>'recording_sid' IN"
    " (SELECT sid FROM recordings WHERE contact_id = :id)",
    "DELETE FROM outbox WHERE state = 'due' AND kind = 'take_in_attachment' AND payload->>'attachment_id' IN"
    " (SELECT id::text FROM attachments WHERE contact_id = :id)",
    "DELETE FROM text_places WHERE contact_id = :id",
    "DELETE FROM mailboxes WHERE contact_id = :id",
    "DELETE FROM mailbox_tries WHERE contact_id = :id",
    "DELETE FROM studio_tries WHERE caller = (SELECT number_index FROM contacts WHERE id = :id)",
    "UPDATE callbacks SET language = NULL, wished = NULL, text_safe = NULL, ended_at = coalesce(ended_at, :now),"
    " state = CASE WHEN state IN ('due', 'calling') THEN 'given_up' ELSE state END WHERE contact_id = :id",
    "DELETE FROM reports WHERE contact_id = :id",
    f"DELETE FROM case_changes WHERE case_id IN {CASES}",
    f"DELETE FROM case_notes WHERE case_id IN {CASES}",
    "UPDATE messages SET case_id = NULL WHERE contact_id = :id",
    "DELETE FROM voice_replies WHERE contact_id = :id",
    "DELETE FROM cases WHERE contact_id = :id",
    f"UPDATE carrier_events SET event = NULL WHERE sid IN {CALLS} OR call_sid IN {CALLS}"
    " OR sid IN (SELECT sid FROM messages WHERE contact_id = :id)"
    " OR sid IN (SELECT sid FROM recordings WHERE contact_id = :id)",
    f"UPDATE steps SET event = NULL WHERE call_sid IN {CALLS}",
    "UPDATE calls SET event = NULL WHERE contact_id = :id",
    "UPDATE messages SET body = '', as_typed = NULL, event = NULL, status ="
    " CASE status WHEN 'promised' THEN 'taken back' ELSE status END WHERE contact_id = :id",
    # After the messages, in the order in which who sends takes both.
    "DELETE FROM outbox WHERE state = 'due' AND kind = 'send_text' AND payload->>'message_id' IN"
    " (SELECT id::text FROM messages WHERE contact_id = :id)",
    "UPDATE recordings SET original = NULL, playback = NULL, peaks = NULL, sha256 = NULL WHERE contact_id = :id",
    "UPDATE attachments SET original = NULL, shown = NULL, sha256 = NULL, format = NULL, announced_as = '',"
    " holds_place = false WHERE contact_id = :id",
    "UPDATE contacts SET key = '', number = NULL, number_index = NULL, language = NULL, erased_at = :now"
    " WHERE id = :id",
)


class OnHold(Exception):
    """The person's words are held for a legal reason: released first, erased then."""


def erasures(settings: Settings) -> Path:
    """The list of erasures."""
    return settings.data / "erasures.jsonl"


def erase_contact(
    sessions: sessionmaker[Session], media: MediaStore, settings: Settings, contact_id: uuid.UUID
) -> None:
    """Erase, and let the carrier forget what it still holds; done before, it is done again without harm.

    Raises:
        OnHold: see there.
        LookupError: there is no such contact.
    """
    with sessions() as session:
        contact = session.get(Contact, contact_id)
        if contact is None:
            raise LookupError(contact_id)
        if contact.held_since is not None:
            raise OnHold(contact.code)
        _note(erasures(settings), contact_id)
        recordings = session.scalars(sa.select(Recording).where(Recording.contact_id == contact_id)).all()
        attached = session.scalars(sa.select(Attachment).where(Attachment.contact_id == contact_id)).all()
        names = [name for one in recordings for name in file_names(one.sid)]
        names += [name for one in attached for name in all_file_names(one.id)]
        for one in recordings:
            if one.at_carrier != "deleted" and one.call_sid is not None:
                key, what = f"delete:{one.sid}", {"recording_sid": one.sid}
                promise(session, "delete_at_carrier", key, what, rank=RANKS["background"])
        for each in attached:
            if each.at_carrier != "deleted":
                key, what = f"delete-attachment:{each.id}", {"attachment_id": str(each.id)}
                promise(session, "delete_attachment", key, what, rank=RANKS["background"])
        session.flush()
        for statement in STATEMENTS:
            session.execute(sa.text(statement), {"id": contact_id, "now": utcnow()})
        record(session, None, "erased", "contacts", contact_id)
        session.commit()
    for name in names:
        media.delete(name)


def repeat_erasures(sessions: sessionmaker[Session], media: MediaStore, settings: Settings) -> int:
    """Erase again whoever is on the list and is here with a key: after a restore. The answer is how many."""
    try:
        lines = erasures(settings).read_text().splitlines()
    except FileNotFoundError:
        return 0
    listed = {uuid.UUID(json.loads(line)["contact"]) for line in lines if line.strip()}
    with sessions() as session:
        here = sa.select(Contact.id).where(Contact.id.in_(listed), Contact.erased_at.is_(None))
        again = session.scalars(here).all()
    for contact_id in again:
        erase_contact(sessions, media, settings, contact_id)
    return len(again)


def _note(path: Path, contact_id: uuid.UUID) -> None:
    line = json.dumps({"contact": str(contact_id), "at": utcnow().isoformat()}) + "\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
