"""A text, and what becomes of those that we sent."""

from datetime import timedelta

from flask import Blueprint
from twilio.twiml.messaging_response import MessagingResponse

from hotline.carrier.numbers import caller_number, is_phone
from hotline.db import utcnow
from hotline.flow.reference import printed
from hotline.intake.note_text_status import note_text_status
from hotline.intake.take_in_text import NewText, TextRules, take_in_text
from hotline.webhooks.door import from_carrier
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import Switchboard, switchboard

pages = Blueprint("sms", __name__, url_prefix="/sms")

EMPTY = str(MessagingResponse())


def _nothing_more(_form: Form) -> str:
    return EMPTY


@pages.route("/incoming", methods=["GET", "POST"], strict_slashes=False)
@from_carrier(otherwise=_nothing_more, told_again=True)
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
        at=utcnow(),
        event=form.kept(),
        rehearsal=board.settings.rehearsal,
    )
    with board.sessions.begin() as session:
        answers = take_in_text(session, text, _rules(board, text))
    if answers:
        board.bell.press()
    return EMPTY


@pages.post("/status")
@from_carrier(otherwise=_nothing_more, told_again=True)
def status(form: Form) -> str:
    """What became of a text that we sent."""
    sid, said = form.text("MessageSid", 80), form.text("MessageStatus", 40)
    error = form.text("ErrorCode", 10) or None
    switchboard().writer.write(
        lambda connection: note_text_status(connection, sid, said, error, utcnow(), form.kept())
    )
    return EMPTY


def _rules(board: Switchboard, text: NewText) -> TextRules:
    return TextRules(
        languages=board.facts(text.line).languages,
        answer_every=timedelta(minutes=board.settings.text_reply_minutes),
        answer=lambda language, reference: board.catalogue.written("received", language).format(
            reference=printed(reference)
        ),
    )
