"""Remove what rehearsal made: calls, texts, reports, cases and their audio. Nothing real is touched."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.reconcile import forget_before
from hotline.media.store import MediaStore

PEOPLE = "(SELECT id FROM contacts WHERE rehearsal)"
# In this order: what points at a row goes before the row.
DELETES = (
    "DELETE FROM outbox WHERE payload->>'callback_id' IN (SELECT id::text FROM callbacks WHERE rehearsal)"
    " OR payload->>'report_id' IN (SELECT id::text FROM reports WHERE rehearsal)",
    "DELETE FROM callbacks WHERE rehearsal",
    f"DELETE FROM mailbox_tries WHERE contact_id IN {PEOPLE} OR call_sid IN (SELECT sid FROM calls WHERE rehearsal)",
    f"DELETE FROM text_places WHERE contact_id IN {PEOPLE}",
    f"DELETE FROM mailboxes WHERE contact_id IN {PEOPLE}",
    "DELETE FROM transcripts WHERE report_id IN (SELECT id FROM reports WHERE rehearsal)",
    "DELETE FROM claims WHERE report_id IN (SELECT id FROM reports WHERE rehearsal)",
    "DELETE FROM reports WHERE rehearsal",
    "UPDATE messages SET answers = NULL, case_id = NULL WHERE rehearsal",
    "DELETE FROM case_changes WHERE case_id IN (SELECT id FROM cases WHERE rehearsal)",
    "DELETE FROM case_notes WHERE case_id IN (SELECT id FROM cases WHERE rehearsal)",
    "DELETE FROM voice_replies WHERE case_id IN (SELECT id FROM cases WHERE rehearsal)",
    "DELETE FROM cases WHERE rehearsal",
    "DELETE FROM outbox WHERE payload->>'recording_sid' IN"
    f" (SELECT sid FROM recordings WHERE contact_id IN {PEOPLE})",
    "DELETE FROM outbox WHERE payload->>'message_id' IN (SELECT id::text FROM messages WHERE rehearsal)",
    "DELETE FROM carrier_events WHERE sid IN (SELECT sid FROM calls WHERE rehearsal"
    " UNION SELECT sid FROM messages WHERE rehearsal"
    f" UNION SELECT sid FROM recordings WHERE contact_id IN {PEOPLE})",
    "DELETE FROM outbox WHERE payload->>'attachment_id' IN"
    f" (SELECT id::text FROM attachments WHERE contact_id IN {PEOPLE})",
    f"DELETE FROM attachments WHERE contact_id IN {PEOPLE}",
    f"DELETE FROM recordings WHERE contact_id IN {PEOPLE}",
    "DELETE FROM messages WHERE rehearsal",
    "DELETE FROM steps WHERE call_sid IN (SELECT sid FROM calls WHERE rehearsal)",
    "DELETE FROM calls WHERE rehearsal",
    "DELETE FROM contacts WHERE rehearsal",
)


def clear_rehearsal(session: Session, media: MediaStore) -> int:
    """Delete it all; commits the rows, then deletes the audio. Returns the number of reports removed."""
    audio = sa.text(
        f"SELECT unnest(ARRAY[original, playback]) FROM recordings WHERE contact_id IN {PEOPLE}"
        f" UNION SELECT unnest(ARRAY[original, shown]) FROM attachments WHERE contact_id IN {PEOPLE}"
    )
    names = [name for name in session.scalars(audio) if name]
    removed = session.scalar(sa.text("SELECT count(*) FROM reports WHERE rehearsal")) or 0
    for statement in DELETES:
        session.execute(sa.text(statement))
    session.add(forget_before(utcnow()))  # the carrier still lists what we have removed
    session.commit()
    for name in names:
        media.delete(name)
    return int(removed)
