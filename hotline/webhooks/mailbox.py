"""What digits mean at a mailbox: looked up before the flow goes on, and written down nowhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hotline.flow.nodes import Mailbox, NewMailbox, Node
from hotline.flow.nodes.mailbox import CODE
from hotline.flow.nodes.new_mailbox import is_easy
from hotline.flow.position import Position
from hotline.flow.prompts import Catalogue
from hotline.flow.spoken_numbers import ANSWERS, LEFT, MOST_ANSWERS, number_of
from hotline.flow.turn import Admitted, Clip, Heard, MailboxMade, NotNow, Pressed, Turn
from hotline.intake.read_answers import is_text_safe, read_answers
from hotline.mailbox.codes import mark_of
from hotline.mailbox.make_mailbox import make_mailbox
from hotline.mailbox.open_mailbox import Inside, Try, open_mailbox
from hotline.mailbox.text_code import text_code
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import Switchboard

T = TypeVar("T")


def is_secret(node: Node | None) -> bool:
    """Whether what is pressed here must not be kept."""
    return isinstance(node, Mailbox | NewMailbox)


def look_up(
    board: Switchboard, form: Form, position: Position, node: Node | None, heard: Heard, zone: str
) -> Heard:
    """What the digits open or make; anything else is what was heard. `zone` says which days are the caller's."""
    if not isinstance(heard, Pressed):
        return heard
    call_sid, spoken = (
        form.text("CallSid", 80),
        position.language or board.tree_at(position).languages[0],
    )
    if isinstance(node, NewMailbox) and not is_easy(heard.digits):
        words, tree = board.catalogue.written("mailbox_code", spoken), board.tree_at(position)

        def make(session: Session) -> str | None:
            code = make_mailbox(session, call_sid, heard.digits, form.at)
            safe = is_text_safe(read_answers(session, call_sid, tree))
            text_code(session, call_sid, words, safe, form.at)
            return code

        code = _in_session(board, make)
        board.bell.press()
        return MailboxMade(code) if code else NotNow()
    if isinstance(node, Mailbox) and position.page and position.mailbox and heard.digits.isdecimal():
        made = Try(call_sid, position.turn, bytes.fromhex(position.mailbox), heard.digits, form.at)
        inside = _in_session(board, lambda session: open_mailbox(session, made))
        if not isinstance(inside, Inside):
            return inside or NotNow()
        return Admitted(_told(board.catalogue, inside, spoken, form.at, ZoneInfo(zone)), inside.replies)
    return heard


def _told(words: Catalogue, inside: Inside, language: str, now: datetime, zone: ZoneInfo) -> tuple[Clip, ...]:
    """When they left their message, how things stand with it, and how many answers follow if there are several."""
    left: tuple[Clip, ...] = ()
    if inside.left_at:
        day = number_of(inside.left_at.astimezone(zone).date(), now.astimezone(zone).date())
        left = words.spoken(LEFT, day, language)
    answers = len(inside.replies)
    several = 1 < answers <= MOST_ANSWERS
    return (
        *left,
        Clip(inside.stands, language),
        *(words.spoken(ANSWERS, answers, language) if several else ()),
    )


def carry_mark(turn: Turn, node: Node | None, heard: Heard) -> Turn:
    """The position that asks for the PIN bears what stands for the code."""
    if (
        isinstance(node, Mailbox)
        and isinstance(heard, Pressed)
        and len(heard.digits) == CODE
        and turn.position.page
    ):
        return replace(turn, position=replace(turn.position, mailbox=mark_of(heard.digits).hex()))
    return turn


def _in_session(board: Switchboard, verb: Callable[[Session], T]) -> T | None:
    """Nothing, with the database away: the way to the microphone is open all the same."""
    try:
        with board.sessions.begin() as session:
            return verb(session)
    except OperationalError:
        return None
