"""Somebody wishes to be called back, by texts."""

from sqlalchemy.orm import Session

from hotline.callbacks.ask_callback import Asker, Wish, ask_callback
from hotline.intake.new_text import NewText
from hotline.intake.take_in_text import TakenIn
from hotline.settings import Settings


def ask_by_text(session: Session, text: NewText, taken: TakenIn, settings: Settings) -> None:
    """Write the wish down, where this text was one."""
    turn, line = taken.turn, text.line
    if turn is None or turn.does != "ask_callback":
        return
    asker = Asker(text.sid, taken.contact, line.id if line else None, text.rehearsal)
    when = dict([turn.answer] if turn.answer else []).get("when", "now")
    zone = line.zone if line and line.zone else settings.zone
    ask_callback(session, asker, Wish(when, True), turn.language, zone, settings.callback_countries, text.at)
