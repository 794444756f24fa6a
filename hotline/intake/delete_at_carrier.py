"""Let the carrier forget a recording that is stored and verified here."""

from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.recordings import forget_recording
from hotline.intake.models import Recording
from hotline.outbox import Promised, keep


def delete_at_carrier(sessions: sessionmaker[Session], carrier: Carrier, held: Promised) -> None:
    """Delete the carrier's copy; a carrier that will not keeps it, and that is written down.

    Raises:
        TryAgain: not now.
        LeaseLost: another worker has it.
    """
    sid = str(held.payload["recording_sid"])
    left = forget_recording(carrier, sid)
    with sessions.begin() as session:
        session.get_one(Recording, sid).at_carrier = left
        keep(session, held)
