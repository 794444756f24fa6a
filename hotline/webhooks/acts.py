"""What a Turn does beside answering: once a call, however often its webhook comes."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hotline.callbacks.ask_callback import Asker, Wish, ask_callback
from hotline.callbacks.note_outcome import stop_calling
from hotline.flow.turn import Act, Turn
from hotline.intake.models import Call
from hotline.intake.read_answers import answered_at, is_text_safe, read_answers
from hotline.intake.refuse_texts import refuse_texts
from hotline.intake.report_by_keys import KeyReport, report_by_keys
from hotline.intake.send_information import send_information
from hotline.webhooks.form import Form
from hotline.webhooks.switchboard import Switchboard, write_or_keep
from hotline.writer import is_there


def do_acts(board: Switchboard, form: Form, turn: Turn, zone: str) -> Turn:
    """Do them in one transaction; with the database away the webhook is told again later.

    The answer is the turn as it is played: nobody is told that a text is on its way which is not.
    """
    if not turn.does or not write_or_keep(form, is_there):
        return turn
    sent = True
    try:
        with board.sessions.begin() as session:
            if "send_information" in turn.does:
                sent = _send(board, session, form, turn)
            for act in turn.does:
                _do(board, session, form, turn, act, zone)
    except OperationalError:  # gone since we asked
        form.unwritten = True
    board.bell.press()
    return turn if sent else replace(turn, plays=turn.unsent)


def _send(board: Switchboard, session: Session, form: Form, turn: Turn) -> bool:
    spoken = turn.position.language or board.tree_at(turn.position).languages[0]
    words = turn.words or board.catalogue.written(turn.topic, spoken)
    names = board.settings.known_as
    return send_information(session, form.text("CallSid", 80), turn.topic, words, names)


def _do(board: Switchboard, session: Session, form: Form, turn: Turn, act: Act, zone: str) -> None:
    call_sid, position = form.text("CallSid", 80), turn.position
    tree = board.tree_at(position)
    spoken = position.language or tree.languages[0]
    if act == "report_by_keys":
        made = KeyReport(call_sid, spoken, position.chosen, position.reference, form.at)
        report_by_keys(session, made, tree)
        if read_answers(session, call_sid, tree).get("call_safe") == "no":
            _stop_calling(session, call_sid, form.at)
    elif act == "ask_callback":
        answers = read_answers(session, call_sid, tree)
        safe = is_text_safe(answers)
        if safe is False:
            refuse_texts(session, call_sid, form.at)
        if call := session.get(Call, call_sid):
            asker = Asker(call_sid, call.contact, call.line_id, call.rehearsal)
            said_at = answered_at(session, call_sid, tree, "when") or form.at  # in time, or too late
            ask_callback(
                session, asker, Wish(answers.get("when", "now"), safe), position.language, zone,
                board.settings.callback_countries, said_at,
            )  # fmt: skip


def _stop_calling(session: Session, call_sid: str, now: datetime) -> None:
    call = session.get(Call, call_sid)
    if call is not None and call.contact_id is not None:
        stop_calling(session, call.contact_id, now)
