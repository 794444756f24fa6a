"""A text that comes in, by what it is heard, and how it is kept."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hotline.db import new_id
from hotline.flow.prompts import Catalogue
from hotline.flow.texts import command
from hotline.flow.tree import Tree
from hotline.flow.turn import Facts
from hotline.flow.zawgyi import to_unicode
from hotline.intake.announce_attachments import NewAttachment
from hotline.intake.line_book import KnownLine
from hotline.intake.models import Contact, Message
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
    found: bool = False  # in the carrier's list: nobody answered it when it came

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

    carrier_replies: bool = True  # to STOP, START and HELP, by itself

    @property
    def languages(self) -> tuple[str, ...]:
        return self.facts.languages


@dataclass(frozen=True)
class Kept:
    """A text that is kept: what came, read as Unicode, and who sent it."""

    id: uuid.UUID
    contact: Contact
    text: NewText

    @property
    def may_be_answered(self) -> bool:
        """Whether a text of ours may follow by itself."""
        text = self.text
        answers = text.line is not None and text.line.answers_texts
        return (
            answers
            and text.answerable
            and text.sender is not None
            and self.contact.refuses_texts_since is None
        )

    def replace_body(self, session: Session, words: str) -> None:
        """A number says nothing to who reads it later; as it came it stands in the event."""
        message = session.get_one(Message, self.id)
        message.body = self.contact.seal(words.encode(), f"messages.body:{self.id}")


def keep_text(session: Session, contact: Contact, text: NewText) -> Kept | None:
    """Write it down; nothing, where it is here already."""
    read = replace(text, body=to_unicode(text.body))
    kept = Kept(new_id(), contact, read)
    typed = contact.seal(text.body.encode(), f"messages.as_typed:{kept.id}") if read != text else None
    row = insert(Message).values(
        id=kept.id,
        sid=text.sid,
        direction="in",
        line_id=text.line.id if text.line else None,
        dialled=text.dialled,
        contact_id=contact.id,
        at=text.at,
        kind=command(read.body) or "words",
        body=contact.seal(read.body.encode(), f"messages.body:{kept.id}"),
        as_typed=typed,
        status="received",
        event=vault().seal(text.event, f"messages.event:{text.sid}"),
        rehearsal=text.rehearsal,
    )
    new = session.scalar(row.on_conflict_do_nothing(index_elements=["sid"]).returning(Message.id))
    return kept if new else None
