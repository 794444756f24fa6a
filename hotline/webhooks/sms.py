"""A text, and what becomes of those that we sent."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint
from sqlalchemy.exc import OperationalError

from hotline.callbacks.ask_by_text import ask_by_text
from hotline.carrier.numbers import caller_number, is_phone
from hotline.flow.nodes.help import ELSEWHERE
from hotline.intake.announce_attachments import MOST, NewAttachment
from hotline.intake.new_text import NewText, TextRules
from hotline.intake.note_text_status import note_text_status
from hotline.intake.take_in_text import take_in_text
from hotline.webhooks.door import from_carrier, nothing_more
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import Switchboard, switchboard, write_or_keep
from hotline.webhooks.twiml import EMPTY
from hotline.writer import is_there

pages = Blueprint("sms", __name__, url_prefix="/sms")

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


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
        rehearsal=board.is_rehearsal(line),
        media=tuple(_media(form)),
    )
    if write_or_keep(form, is_there) and _take_in(board, form, text):
        board.bell.press()
    return EMPTY


def _media(form: Form) -> Iterator[NewAttachment]:
    """What came with it, whatever NumMedia says. Of each address only the id at its end is taken."""
    seen = set()
    for number in range(MOST):
        sid = form.id_at_end_of(f"MediaUrl{number}")
        if ID.fullmatch(sid) and sid not in seen:
            seen.add(sid)
            yield NewAttachment(sid, form.text(f"MediaContentType{number}", 100).lower())


def _take_in(board: Switchboard, form: Form, text: NewText) -> bool:
    """Whether the doorbell is to be rung."""
    try:
        with board.sessions.begin() as session:
            taken = take_in_text(session, text, _rules(board, text))
            ask_by_text(session, text, taken, board.settings)
            return taken.promised
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
    words = board.catalogue
    facts = board.facts(text.line, caller=text.sender, at=text.at)
    return TextRules(
        tree=board.tree_of(text.line),
        catalogue=words,
        facts=replace(facts, elsewhere=words.written_in_each(ELSEWHERE)),
        answer_every=timedelta(minutes=board.settings.text_reply_minutes),
        carrier_replies=board.profile.keywords,
    )
