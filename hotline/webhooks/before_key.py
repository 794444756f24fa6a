"""A call that we placed is nobody's until its key was pressed: so long not a word is said of the hotline."""

from sqlalchemy.exc import OperationalError

from hotline.callbacks.note_outcome import is_reached
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import Switchboard


def says_nothing_yet(board: Switchboard, form: Form) -> bool:
    """Whether whoever is on the line must not hear who calls; so it is, too, while nobody can know."""
    if not form.is_outgoing:
        return False
    try:
        with board.sessions() as session:
            return not is_reached(session, form.text("CallSid", 80))
    except OperationalError:
        return True
