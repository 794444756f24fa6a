"""A ring on a line that calls back: rejected as busy, which costs its caller nothing, and called back."""

import logging

from sqlalchemy.exc import OperationalError

from hotline.callbacks.ring_back import ring_back
from hotline.carrier.numbers import caller_number, may_be_called
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import Switchboard

log = logging.getLogger(__name__)


def calls_back(board: Switchboard, form: Form) -> bool:
    """Owe the call. Who cannot be called (a number withheld, of elsewhere, or dear) is answered instead.

    So is who would not be called any more today, for whom there were no way in else; and everybody while the
    database is away: nobody would remember whom to call.
    """
    number = caller_number(form.text("From", 80))
    if form.unwritten or number is None or not may_be_called(number, board.settings.callback_countries):
        return False
    try:
        with board.sessions.begin() as session:
            owed = ring_back(session, form.text("CallSid", 80), board.settings, form.at)
    except OperationalError as away:
        log.error("a ring is answered instead of called back: %s", type(away).__name__)
        return False
    board.bell.press()
    return owed
