"""A text comes in: kept, threaded to its contact, heard as an answer or queued for staff, and answered."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.flow.by_text import TextTurn, ask_language, begin_by_text, hear_text, key_of
from hotline.flow.languages import likely_language
from hotline.flow.nodes import Microphone
from hotline.flow.position import Position
from hotline.flow.prompts import Catalogue
from hotline.flow.reference import printed
from hotline.flow.texts import command
from hotline.flow.tree import Tree
from hotline.flow.turn import Facts
from hotline.flow.zawgyi import to_unicode
from hotline.intake.announce_attachments import NewAttachment, announce_attachments
from hotline.intake.answer_text import put_into_words, send_what_was_asked, takes_turn
from hotline.intake.find_contact import find_contact
from hotline.intake.free_reference import free_reference
from hotline.intake.line_book import KnownLine
from hotline.intake.models import Contact, Message, Report, Urgency
from hotline.intake.promise_text import promise_text
from hotline.intake.text_place import find_place, keep_place
from hotline.vault.keys import vault


@dataclass(frozen=True)
class NewText:
    """What the carrier says of a text that comes in."""

    sid: str
    line: KnownLine | None
    dialled: str
    sender: str | None  # E.164, short code or name as the carrier wrote it; nothing where withheld
    answerable: bool  # whether the sender is somebody's phone (no short code, name or line of ours)
    body: str
    at: datetime
    event: bytes
    rehearsal: bool
    media: tuple[NewAttachment, ...] = ()  # pictures and the like that came with it

    @property
    def is_wordless(self) -> bool:
        """Whether what came with it is all there is."""
        return bool(self.media) and not self.body.strip()


@dataclass(frozen=True)
class TextRules:
    """The tree and the words of the line, and how often a contact is told by itself that a text has come."""

    tree: Tree
    catalogue: Catalogue
    facts: Facts
    answer_every: timedelta

    @property
    def languages(self) -> tuple[str, ...]:
        return self.facts.languages


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
    typed, text = text.body, replace(text, body=to_unicode(text.body))
    message_id = _keep(session, contact, text, typed)
    if message_id is None:
        return TakenIn()
    taken = _hear(session, contact, message_id, text, rules)
    urgency = taken.report.urgency if taken.report else "standard"
    announce_attachments(session, message_id, contact.id, text.media, urgency=urgency, at=text.at)
    return replace(taken, promised=taken.promised or bool(text.media))


def _hear(
    session: Session, contact: Contact, message_id: uuid.UUID, text: NewText, rules: TextRules
) -> TakenIn:
    """What its words ask for, or whose they are to read."""
    what, speaks = _asked_for(contact, text, rules)
    kind = command(text.body) or (what if what in ("stop", "start") else None)
    if kind == "stop":
        contact.refuses_texts_since = contact.refuses_texts_since or text.at
    elif kind == "start":
        contact.refuses_texts_since = None
    if contact.turned_away_until and contact.turned_away_until > text.at:
        return TakenIn(contact)
    if kind is not None:
        report, _ = _queue(session, contact, message_id, text, rules, "standard")
        return TakenIn(contact, report=report)
    place = find_place(session, contact.id, rules.tree, text.at)
    turn = _walk(contact, rules, what, speaks) if what else _heard(contact, text, rules, place)
    if turn is None:
        return _take_words(session, contact, message_id, text, rules, _urgency_at(rules.tree, place))
    return _answer(session, contact, message_id, text, rules, turn)


def _asked_for(contact: Contact, text: NewText, rules: TextRules) -> tuple[str, str]:
    """(what, language): of a word that several languages share, their own or the line's first."""
    what, spoken = rules.catalogue.asked_for(text.body) or ("", ())
    if what not in ("stop", "start") and what not in rules.tree.keywords:
        return "", ""
    likely = [language for language in (contact.language, *rules.languages) if language in spoken]
    return what, next(iter((*likely, *spoken)))


def _walk(contact: Contact, rules: TextRules, what: str, speaks: str) -> TextTurn:
    chosen = contact.language == speaks
    return begin_by_text(rules.tree, rules.tree.keywords[what], speaks, chosen=chosen, facts=rules.facts)


def _heard(contact: Contact, text: NewText, rules: TextRules, place: Position | None) -> TextTurn | None:
    if place is not None and (turn := hear_text(rules.tree, place, text.body, rules.facts)):
        return turn
    if key_of(text.body) is None or rules.tree.texts is None:
        return None
    speaks = contact.language if contact.language in rules.languages else rules.languages[0]
    known = contact.language is not None
    return begin_by_text(rules.tree, rules.tree.texts, speaks, chosen=known, facts=rules.facts)


def _urgency_at(tree: Tree, place: Position | None) -> Urgency:
    node = tree.nodes.get(place.node) if place else None
    return place.urgency if place and isinstance(node, Microphone) else "standard"


def _take_words(
    session: Session,
    contact: Contact,
    message_id: uuid.UUID,
    text: NewText,
    rules: TextRules,
    urgency: Urgency,
) -> TakenIn:
    """Words for people: queued, and answered once in a while; in which language, is asked where nothing says it."""
    keep_place(session, contact.id, None, text.at)
    report, sure = _queue(session, contact, message_id, text, rules, urgency)
    if not _may_answer(contact, text) or not takes_turn(session, contact, text.at, rules.answer_every):
        return TakenIn(contact, report=report)
    asked = None if sure else ask_language(rules.tree, rules.facts)
    if asked:
        keep_place(session, contact.id, asked.position, text.at)
    words = put_into_words(asked, rules.catalogue, report.language) if asked else _received(rules, report)
    _promise(session, contact, text, message_id, words)
    return TakenIn(contact, promised=True, report=report)


def _answer(
    session: Session, contact: Contact, message_id: uuid.UUID, text: NewText, rules: TextRules, turn: TextTurn
) -> TakenIn:
    """An answer, or something asked for: what follows is sent. Danger is queued before they write another word, and
    so is what came with it."""
    speaks = turn.language or contact.language or rules.languages[0]
    queued, told = None, None
    danger = turn.position is not None and turn.position.urgency == "danger"
    if danger or text.media:
        queued, _ = _queue(
            session, contact, message_id, text, rules, "danger" if danger else "standard", speaks
        )
    if turn.chose_language:
        contact.language = speaks
        told = _now_in(session, contact, speaks)
    if danger and key_of(text.body):
        _explain(session, contact, message_id, f"{text.body} (chosen from the menu of texts: danger)")
    keep_place(session, contact.id, None if told else turn.position, text.at)
    words = _received(rules, told) if told else put_into_words(turn, rules.catalogue, speaks)
    promised = _may_answer(contact, text) and send_what_was_asked(
        session, contact, words, line_id=text.line.id if text.line else None, from_=text.dialled, at=text.at,
        answers=message_id, rehearsal=text.rehearsal,
    )  # fmt: skip
    return TakenIn(contact, promised, turn, queued)


def _explain(session: Session, contact: Contact, message_id: uuid.UUID, words: str) -> None:
    """A number says nothing to who reads it later; as it came it stands in the event."""
    message = session.get_one(Message, message_id)
    message.body = contact.seal(words.encode(), f"messages.body:{message_id}")


def _now_in(session: Session, contact: Contact, language: str) -> Report | None:
    """Their texts that still wait in an assumed language are in this one; the answer is the last of them."""
    waiting = sa.select(Report).where(
        Report.contact_id == contact.id, sa.or_(Report.kind == "text", Report.call_sid.is_(None)),
        Report.state.in_(("arriving", "waiting")),
        ~Report.language_chosen,
    )  # fmt: skip
    found = session.scalars(waiting.order_by(Report.received_at)).all()
    for report in found:
        report.language, report.language_chosen = language, True
    return found[-1] if found else None


def _received(rules: TextRules, report: Report) -> str:
    return rules.catalogue.written("received", report.language).format(reference=printed(report.reference))


def _promise(session: Session, contact: Contact, text: NewText, message_id: uuid.UUID, words: str) -> None:
    promise_text(
        session, contact, words, line_id=text.line.id if text.line else None, from_=text.dialled, at=text.at,
        answers=message_id, rehearsal=text.rehearsal,
    )  # fmt: skip


def _keep(session: Session, contact: Contact, text: NewText, typed: str) -> uuid.UUID | None:
    message_id = new_id()
    as_typed = contact.seal(typed.encode(), f"messages.as_typed:{message_id}") if typed != text.body else None
    row = insert(Message).values(
        id=message_id,
        sid=text.sid,
        direction="in",
        line_id=text.line.id if text.line else None,
        dialled=text.dialled,
        contact_id=contact.id,
        at=text.at,
        kind=command(text.body) or "words",
        body=contact.seal(text.body.encode(), f"messages.body:{message_id}"),
        as_typed=as_typed,
        status="received",
        event=vault().seal(text.event, f"messages.event:{text.sid}"),
        rehearsal=text.rehearsal,
    )
    return session.scalar(row.on_conflict_do_nothing(index_elements=["sid"]).returning(Message.id))


def _queue(
    session: Session, contact: Contact, message_id: uuid.UUID, text: NewText, rules: TextRules, urgency: Urgency,
    speaks: str | None = None,
) -> tuple[Report, bool]:  # fmt: skip
    """The report, and whether its language (`speaks`, where it is known) is more than the line's first."""
    tells = rules.catalogue.tells()
    spoken = (
        speaks or likely_language(text.body, rules.languages, contact.language, tells) or contact.language
    )
    report = Report(
        reference=free_reference(session),
        kind="text",
        contact_id=contact.id,
        line_id=text.line.id if text.line else None,
        message_id=message_id,
        language=spoken or rules.languages[0],
        language_chosen=False,
        urgency=urgency,
        state="arriving" if text.is_wordless else "waiting",
        received_at=text.at,
        rehearsal=text.rehearsal,
    )
    session.add(report)
    session.flush()
    return report, spoken is not None


def _may_answer(contact: Contact, text: NewText) -> bool:
    answers = text.line is not None and text.line.answers_texts
    return answers and text.answerable and text.sender is not None and contact.refuses_texts_since is None
