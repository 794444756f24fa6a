"""Let the carrier forget a recording that is stored and verified here."""

from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.errors import RefusedByCarrier, TryLater
from hotline.intake.models import Recording
from hotline.outbox import Promised, TryAgain, keep


def delete_at_carrier(sessions: sessionmaker[Session], carrier: Carrier, held: Promised) -> None:
    """Delete the carrier's copy; a carrier that will not keeps it, and that is written down.

    Raises:
        TryAgain: not now.
        LeaseLost: another worker has it.
    """
    sid = str(held.payload["recording_sid"])
    try:
        carrier.delete_recording(sid)
        left = "deleted"
    except TryLater as later:
        raise TryAgain(type(later).__name__, later.after) from later
    except RefusedByCarrier:
        left = "kept"
    with sessions.begin() as session:
        session.get_one(Recording, sid).at_carrier = left
        keep(session, held)
