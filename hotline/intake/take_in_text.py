"""A text comes in: kept, threaded to its contact, heard as an answer or queued for staff, and answered."""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.by_text import TextTurn, ask_language, begin_by_text, hear_text, key_of
from hotline.flow.position import Position
from hotline.flow.prompts import LAST_RESORT
from hotline.flow.reference import printed
from hotline.flow.texts import command
from hotline.intake.announce_attachments import announce_attachments
from hotline.intake.answer_text import put_into_words, send_what_was_asked, takes_turn
from hotline.intake.find_contact import find_contact
from hotline.intake.models import Contact, Message, Report
from hotline.intake.new_text import Kept, NewText, TextRules, keep_text
from hotline.intake.promise_text import promise_text
from hotline.intake.queue_text import queue_text, settle_language
from hotline.intake.text_place import keep_place
from hotline.intake.text_thread import Thread, find_thread


@dataclass(frozen=True)
class TakenIn:
    """What came of it: whether an answer was promised, and what else is to be done for whom."""

    contact: Contact | None = None  # nobody: the text was here already
    promised: bool = False
    turn: TextTurn | None = None
    report: Report | None = None  # where it queues


def take_in_text(session: Session, text: NewText, rules: TextRules) -> TakenIn:
    """Keep the text, once however often the carrier tells of it (ring the doorbell after commit)."""
    contact = find_contact(session, text.sender, text.at, rehearsal=text.rehearsal)
    kept = keep_text(session, contact, text)
    if kept is None:
        return TakenIn()
    taken = _hear(session, kept, rules)
    urgency = taken.report.urgency if taken.report else "standard"
    announce_attachments(session, kept.id, contact.id, text.media, urgency=urgency, at=text.at)
    return replace(taken, promised=taken.promised or bool(text.media))


def _hear(session: Session, kept: Kept, rules: TextRules) -> TakenIn:
    """What its words ask for, or whose they are to read. Staff who wrote last are who is answered."""
    contact, text = kept.contact, kept.text
    thread = find_thread(session, contact.id, rules.tree, text.at)
    what, speaks, tells = _asked_for(contact, text, rules)
    kind = command(text.body) or (what if what in ("stop", "start") else None)
    if kind == "start" and thread.case_id and not contact.refuses_texts_since:
        kind = None  # a yes to staff
    if kind in ("stop", "start"):
        _mind(session, kept, kind)
    if contact.turned_away_until and contact.turned_away_until > text.at:
        return TakenIn(contact)
    if kind is not None:
        return _obey(session, kept, rules, thread, kind)
    if what in rules.tree.keywords:
        node = rules.tree.keywords[what]
        turn: TextTurn | None = begin_by_text(rules.tree, node, speaks, chosen=tells, facts=rules.facts)
    else:
        turn = None if thread.case_id else _heard(kept, rules, thread)
    if turn is None:
        return _take_words(session, kept, rules, thread, thread.writes)
    if text.found and not (turn.chose_language or turn.does):  # the moment for it has passed: people read it
        _note_key(session, kept, turn)
        return _take_words(session, kept, rules, thread, turn.position if _is_danger(turn) else thread.writes)
    plea = queue_text(session, kept, rules, thread, thread.urgency, speaks)[0] if what == "help" else None
    return _answer(session, kept, rules, thread, turn, plea)


def _is_danger(turn: TextTurn) -> bool:
    return turn.position is not None and turn.position.urgency == "danger"


def _note_key(session: Session, kept: Kept, turn: TextTurn) -> None:
    """A number alone says nothing to who reads it."""
    if key_of(kept.text.body):
        chosen = "danger" if _is_danger(turn) else turn.position.node if turn.position else turn.says
        kept.replace_body(session, f"{kept.text.body} (chosen from the menu of texts: {chosen})")


def _mind(session: Session, kept: Kept, kind: str) -> None:
    """They want texts, or none. What they said last counts, whenever we hear of it."""
    contact, at = kept.contact, kept.text.at
    session.get_one(Message, kept.id).kind = kind
    refused = contact.refuses_texts_since
    if kind == "start":
        contact.refuses_texts_since = refused if refused and refused > at else None
        return
    later = sa.exists().where(Message.contact_id == contact.id, Message.kind == "start", Message.at > at)
    if not session.scalar(sa.select(later)):
        contact.refuses_texts_since = max(refused or at, at)


def _asked_for(contact: Contact, text: NewText, rules: TextRules) -> tuple[str, str, bool]:
    """(what, language, whether the word tells that they speak it): of a word that several languages share, their own
    or the line's first. Who cannot type their own writes it in the last resort, which tells nothing."""
    what, spoken = rules.catalogue.asked_for(text.body) or ("", ())
    if what not in ("stop", "start") and what not in rules.tree.keywords:
        return "", "", False
    likely = [language for language in (contact.language, *rules.languages) if language in spoken]
    speaks = next(iter((*likely, *spoken)))
    return what, speaks, speaks == contact.language or (len(spoken) == 1 and speaks != LAST_RESORT)


def _menu(rules: TextRules, contact: Contact, thread: Thread) -> TextTurn | None:
    """The menu of texts, in the language that they were asked in before, or speak."""
    if rules.tree.texts is None:
        return None
    likely = (thread.guess, contact.language, *rules.languages)
    speaks = next(language for language in likely if language in rules.languages)
    known = speaks in (thread.language, contact.language)
    return begin_by_text(rules.tree, rules.tree.texts, speaks, chosen=known, facts=rules.facts)


def _heard(kept: Kept, rules: TextRules, thread: Thread) -> TextTurn | None:
    """An answer to what the tree asked, or a number alone; where it asked for their words, whatever comes are words."""
    if thread.writes:
        return None
    if thread.asked and (turn := hear_text(rules.tree, thread.asked, kept.text.body, rules.facts)):
        return turn
    return _menu(rules, kept.contact, thread) if key_of(kept.text.body) else None


def _obey(session: Session, kept: Kept, rules: TextRules, thread: Thread, kind: str) -> TakenIn:
    """A command of the carrier's. People read it, too: it may be a cry for help, or an answer to staff."""
    report, _ = queue_text(session, kept, rules, thread, thread.urgency)
    menu = (
        None
        if rules.carrier_replies or kind == "stop" or thread.case_id or kept.text.found
        else _menu(rules, kept.contact, thread)
    )
    return (
        _answer(session, kept, rules, thread, menu, report) if menu else TakenIn(kept.contact, report=report)
    )


def _take_words(
    session: Session, kept: Kept, rules: TextRules, thread: Thread, writes: Position | None
) -> TakenIn:
    """Words for people: queued, and answered once in a while; in which language, is asked where nothing says it.

    Where they were asked for (`writes`) in danger, everything that they write on is danger, and no question keeps
    them from it. Who talks with staff hears from staff.
    """
    contact, at = kept.contact, kept.text.at
    urgency = writes.urgency if writes else "standard"
    in_danger = urgency == "danger"
    keep_place(session, contact.id, writes if in_danger else None, at)
    report, sure = queue_text(session, kept, rules, thread, urgency)
    if thread.case_id or not kept.may_be_answered or not takes_turn(session, contact, at, rules.answer_every):
        return TakenIn(contact, report=report)
    asked = None if sure or in_danger else ask_language(rules.tree, rules.facts)
    if asked:
        keep_place(session, contact.id, asked.position, at)
    words = put_into_words(asked, rules.catalogue, report.language) if asked else _received(rules, report)
    _promise(session, kept, words)
    return TakenIn(contact, promised=True, report=report)


def _answer(
    session: Session,
    kept: Kept,
    rules: TextRules,
    thread: Thread,
    turn: TextTurn,
    queued: Report | None = None,
) -> TakenIn:
    """An answer, or something asked for: what follows is sent. Danger is queued before they write another word, and
    so is what came with it, and what staff may have asked."""
    contact, text = kept.contact, kept.text
    speaks = turn.language or contact.language or rules.languages[0]
    danger = _is_danger(turn)
    if queued is None and (danger or text.media or thread.case_id):
        queued, _ = queue_text(session, kept, rules, thread, "danger" if danger else "standard", speaks)
    told = settle_language(session, contact, speaks) if turn.chose_language else None
    if danger:
        _note_key(session, kept, turn)
    keep_place(session, contact.id, None if told else turn.position, text.at)
    words = _received(rules, told) if told else put_into_words(turn, rules.catalogue, speaks)
    promised = kept.may_be_answered and send_what_was_asked(
        session, contact, words, line_id=text.line.id if text.line else None, from_=text.dialled, at=text.at,
        answers=kept.id, rehearsal=text.rehearsal, in_danger=danger,
    )  # fmt: skip
    return TakenIn(contact, promised, turn, queued)


def _received(rules: TextRules, report: Report) -> str:
    return rules.catalogue.written("received", report.language).format(reference=printed(report.reference))


def _promise(session: Session, kept: Kept, words: str) -> None:
    text = kept.text
    promise_text(
        session, kept.contact, words, line_id=text.line.id if text.line else None, from_=text.dialled, at=text.at,
        answers=kept.id, rehearsal=text.rehearsal,
    )  # fmt: skip
