"""Let the carrier forget what came with a text, once it is stored and verified here."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.errors import RefusedByCarrier
from hotline.carrier.try_again import trying_again
from hotline.intake.models import Attachment, Message, Recording
from hotline.outbox import Promised, keep


def delete_attachment(sessions: sessionmaker[Session], carrier: Carrier, held: Promised) -> None:
    """Delete the carrier's copy; a carrier that will not keeps it, and that is written down.

    Raises:
        TryAgain: not now.
        LeaseLost: another worker has it.
    """
    attachment_id = uuid.UUID(held.payload["attachment_id"])
    with sessions() as session:
        attachment = session.get_one(Attachment, attachment_id)
        sids = session.get_one(Message, attachment.message_id).sid or "", attachment.sid
    try:
        with trying_again():
            carrier.delete_media(*sids)
        left = "deleted"
    except RefusedByCarrier:
        left = "kept"
    with sessions.begin() as session:
        attachment = session.get_one(Attachment, attachment_id)
        attachment.at_carrier = left
        its_sound = Recording.sid == attachment.recording_sid
        session.execute(sa.update(Recording).where(its_sound).values(at_carrier=left))
        keep(session, held)
