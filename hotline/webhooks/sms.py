"""A text, and what becomes of those that we sent."""

from datetime import timedelta

from flask import Blueprint
from sqlalchemy.exc import OperationalError

from hotline.carrier.numbers import caller_number, is_phone
from hotline.flow.reference import printed
from hotline.intake.note_text_status import note_text_status
from hotline.intake.take_in_text import NewText, TextRules, take_in_text
from hotline.webhooks.door import from_carrier, nothing_more
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import Switchboard, switchboard, write_or_keep
from hotline.webhooks.twiml import EMPTY
from hotline.writer import is_there

pages = Blueprint("sms", __name__, url_prefix="/sms")


@pages.route("/incoming", methods=["GET", "POST"], strict_slashes=False)
@from_carrier(otherwise=nothing_more, told_again=True)
def incoming(form: Form) -> str:
    """A text comes in. The answer, if any, goes by the outbox: a repeated webhook sends nothing twice."""
    board = switchboard()
    line = board.lines.find(form.text("To", 80))
    sender = caller_number(form.text("From", 80))
    text = NewText(
        sid=form.text("MessageSid", 80) or form.text("SmsSid", 80),
        line=line,
        dialled=form.text("To", 80),
        sender=sender,
        answerable=sender is not None and is_phone(sender) and sender not in board.lines.numbers(),
        body=form.text("Body", 8192),
        at=form.at,
        event=form.kept(),
        rehearsal=board.settings.rehearsal,
    )
    if write_or_keep(form, is_there) and _take_in(board, form, text):
        board.bell.press()
    return EMPTY


def _take_in(board: Switchboard, form: Form, text: NewText) -> bool:
    try:
        with board.sessions.begin() as session:
            return take_in_text(session, text, _rules(board, text))
    except OperationalError:  # gone since we asked
        form.unwritten = True
        return False


@pages.post("/status")
@from_carrier(otherwise=nothing_more, told_again=True)
def status(form: Form) -> str:
    """What became of a text that we sent."""
    sid, said = form.text("MessageSid", 80), form.text("MessageStatus", 40)
    error = form.text("ErrorCode", 10) or None
    write_or_keep(
        form, lambda connection: note_text_status(connection, sid, said, error, form.at, form.kept())
    )
    return EMPTY


def _rules(board: Switchboard, text: NewText) -> TextRules:
    return TextRules(
        languages=board.languages_of(text.line),
        answer_every=timedelta(minutes=board.settings.text_reply_minutes),
        answer=lambda language, reference: board.catalogue.written("received", language).format(
            reference=printed(reference)
        ),
        asked_for=board.catalogue.asked_for,
        information=board.catalogue.written,
        tells=board.catalogue.tells(),
    )
