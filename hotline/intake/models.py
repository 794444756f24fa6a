"""What came in: lines, contacts, calls and their steps, recordings, messages, reports."""

import uuid
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.db import Base, new_id
from hotline.flow.studio import STUDIO
from hotline.vault.columns import SealedText
from hotline.vault.keys import vault
from hotline.vault.sealing import new_key, seal, unseal

Urgency = Literal["danger", "urgent", "standard"]
URGENCIES: tuple[Urgency, ...] = ("danger", "urgent", "standard")  # most pressing first
ReportState = Literal["arriving", "waiting", "done", "not_received"]
Verdict = Literal["speech", "no_speech", "unplayable"]
Direction = Literal["in", "out"]
AttachmentState = Literal["arriving", "stored", "not_received"]
AttachmentKind = Literal["picture", "voice", "file"]


def _one_of(column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Line(Base):
    """A phone number the hotline answers."""

    __tablename__ = "lines"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)  # E.164
    name: Mapped[str] = mapped_column(default="")
    tree: Mapped[str]  # its name, or STUDIO
    languages: Mapped[list[str]]  # in the order of its menu; the first where none was chosen
    answers_texts: Mapped[bool] = mapped_column(default=True)
    country: Mapped[str] = mapped_column(default="", server_default="")  # ISO 3166; empty: its calling code's
    zone: Mapped[str] = mapped_column(default="", server_default="")  # empty: the office's
    hours: Mapped[str] = mapped_column(default="", server_default="")  # hotline.flow.opening; empty: always
    holidays: Mapped[list[str]] = mapped_column(default=list, server_default="{}")  # ISO 8601
    # answer; call_back: a ring is rejected as busy, which is free, and the hotline calls back
    answer_mode: Mapped[str] = mapped_column(default="answer", server_default="answer")
    recording_seconds: Mapped[int | None]  # how long a message may be; empty: as long as anywhere (settings)
    notice: Mapped[str] = mapped_column(default="", server_default="")  # a prompt before the line ...
    notice_until: Mapped[datetime | None]  # ... until then
    straight_until: Mapped[datetime | None]  # until then every caller goes straight to the microphone
    # It may speak with placeholder voices, and what comes in is not real; every other line speaks as people do.
    rehearsal: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    added_at: Mapped[datetime]

    __table_args__ = (_one_of("answer_mode", "answer", "call_back"),)

    @property
    def is_studio(self) -> bool:
        """Whether staff record prompts there, and no worker is heard."""
        return self.tree == STUDIO


class Contact(Base):
    """A pseudonymous person. Their words are sealed with a key of their own: erasing it erases them.

    A caller who withheld the number is a contact without one: two of them are never one person.
    """

    __tablename__ = "contacts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ordinal: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), unique=True)
    number: Mapped[str | None] = mapped_column(SealedText("contacts.number"))
    number_index: Mapped[bytes | None] = mapped_column(unique=True)
    key: Mapped[bytes]  # sealed with the ring
    language: Mapped[str | None]  # the one chosen last
    # They asked not to have the hotline named in a text: others may read it.
    unnamed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    call_safe: Mapped[bool | None]  # whether we may call, by their last word; nothing: not said
    refuses_texts_since: Mapped[datetime | None]  # by STOP, which the carrier heeds, too (21610), or by keys
    answered_at: Mapped[datetime | None]  # when a text was last answered by itself
    first_at: Mapped[datetime]
    held_since: Mapped[datetime | None]  # a legal hold: neither purged nor erased
    erased_at: Mapped[datetime | None]
    turned_away_until: Mapped[datetime | None]  # calls hear the busy tone, texts are kept and not queued
    # A dormitory's, a shop's: calling often from it is no sign of anything.
    shared_phone: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    rehearsal: Mapped[bool] = mapped_column(default=False)

    @property
    def code(self) -> str:
        return f"K-{self.ordinal}"

    @staticmethod
    def sealed_key(contact_id: uuid.UUID) -> bytes:
        """A new key for this contact, sealed with the ring."""
        return vault().seal(new_key(), f"contacts.key:{contact_id}")

    def _key(self) -> bytes:
        return vault().open(self.key, f"contacts.key:{self.id}")

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt what belongs to this person, for one place (`table.column:row id`)."""
        return seal(self._key(), plain, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what `seal` made. Raises: CannotOpen."""
        return unseal(self._key(), sealed, place)


class Call(Base):
    """One call to a line. Where it went stands in its steps."""

    __tablename__ = "calls"

    sid: Mapped[str] = mapped_column(primary_key=True)  # the carrier's, opaque
    line_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("lines.id")
    )  # empty: a number unknown to us
    dialled: Mapped[str]
    contact_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("contacts.id"))
    anonymous: Mapped[bool] = mapped_column(default=False)
    tree: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default="in-progress")  # the carrier's last word
    asked_at: Mapped[datetime | None]  # when the carrier was asked for an end that never came
    event: Mapped[bytes | None]  # the webhook as it came, sealed with the ring
    rehearsal: Mapped[bool] = mapped_column(default=False)

    line: Mapped[Line | None] = relationship()
    contact: Mapped[Contact | None] = relationship()

    __table_args__ = (
        sa.Index("ix_calls_contact_time", "contact_id", "started_at"),
        sa.Index("ix_calls_open", "started_at", postgresql_where=sa.text("ended_at IS NULL")),
    )


class Step(Base):
    """One webhook of a call: where it led. No foreign key: a step may be written before its call."""

    __tablename__ = "steps"

    call_sid: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    at: Mapped[datetime]
    node: Mapped[str]
    waits: Mapped[str]  # gather, record, or end
    pressed: Mapped[str | None]
    language: Mapped[str]
    language_chosen: Mapped[bool]
    urgency: Mapped[Urgency] = mapped_column(sa.Text())
    reference: Mapped[str | None]
    event: Mapped[bytes | None]  # the webhook as it came, sealed with the ring


class Recording(Base):
    """What somebody said, in a call or in a voice note that came by text, and what we made of it."""

    __tablename__ = "recordings"

    sid: Mapped[str] = mapped_column(primary_key=True)  # the carrier's; of a voice note its attachment's id
    call_sid: Mapped[str | None] = mapped_column(index=True)
    message_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("messages.id"), index=True)
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contacts.id"))
    announced_at: Mapped[datetime]
    carrier_seconds: Mapped[int | None]  # as the carrier said
    at_carrier: Mapped[str] = mapped_column(default="held")  # held, deleted, kept
    stored_at: Mapped[datetime | None]
    size: Mapped[int | None]
    sha256: Mapped[bytes | None]  # of the original as fetched
    seconds: Mapped[float | None]  # as decoded
    verdict: Mapped[Verdict | None] = mapped_column(sa.Text())
    # Name in the media store; sealed with the contact's key. A voice note's lies with its attachment.
    original: Mapped[str | None]
    playback: Mapped[str | None]
    peaks: Mapped[bytes | None]  # JSON, sealed with the contact's key

    contact: Mapped[Contact] = relationship()
    message: Mapped["Message | None"] = relationship()

    __table_args__ = (
        sa.CheckConstraint("call_sid IS NOT NULL OR message_id IS NOT NULL", name="comes_from_somewhere"),
        _one_of("at_carrier", "held", "deleted", "kept"),
        _one_of("verdict", "speech", "no_speech", "unplayable"),
    )


class Message(Base):
    """One text, in either direction."""

    __tablename__ = "messages"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    sid: Mapped[str | None] = mapped_column(unique=True)  # empty until the carrier took it
    direction: Mapped[Direction] = mapped_column(sa.Text())
    line_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("lines.id"))
    dialled: Mapped[str]  # our number
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contacts.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(default="words")  # words, stop, start, help; keys: pressed in a call
    body: Mapped[bytes]  # sealed with the contact's key, place messages.body:<id>
    as_typed: Mapped[bytes | None]  # where the body was converted from Zawgyi; sealed likewise
    answers: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("messages.id"))
    case_id: Mapped[uuid.UUID | None] = mapped_column(  # of a text that staff wrote
        sa.ForeignKey("cases.id", use_alter=True), index=True
    )
    status: Mapped[str] = mapped_column(default="received")  # the carrier's last word
    error: Mapped[str | None]
    event: Mapped[bytes | None]  # the webhook as it came, sealed with the ring
    rehearsal: Mapped[bool] = mapped_column(default=False)

    line: Mapped[Line | None] = relationship()
    contact: Mapped[Contact] = relationship()

    __table_args__ = (
        _one_of("direction", "in", "out"),
        _one_of("kind", "words", "stop", "start", "help", "keys"),
    )


class Attachment(Base):
    """What came with a text: a picture, a voice note or another file."""

    __tablename__ = "attachments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("messages.id"))
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contacts.id"), index=True)
    sid: Mapped[str]  # the carrier's, opaque
    number: Mapped[int] = mapped_column(sa.SmallInteger)  # in its text, from 1
    announced_as: Mapped[str]  # the type that the carrier named: said where it never came, believed nowhere
    announced_at: Mapped[datetime]
    state: Mapped[AttachmentState] = mapped_column(sa.Text(), default="arriving")
    at_carrier: Mapped[str] = mapped_column(default="held")  # held, deleted, kept
    stored_at: Mapped[datetime | None]
    size: Mapped[int | None]
    sha256: Mapped[bytes | None]  # of the original as fetched
    kind: Mapped[AttachmentKind | None] = mapped_column(sa.Text())  # by its content
    format: Mapped[str | None]  # as staff read it
    holds_place: Mapped[bool] = mapped_column(default=False)  # the original says where it was taken
    original: Mapped[str | None]  # name in the media store; sealed with the contact's key
    shown: Mapped[str | None]  # of a picture: the copy without metadata, likewise
    width: Mapped[int | None]  # of the copy, in pixels
    height: Mapped[int | None]
    recording_sid: Mapped[str | None] = mapped_column(sa.ForeignKey("recordings.sid"))  # of a voice note

    contact: Mapped[Contact] = relationship()
    message: Mapped[Message] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("message_id", "sid"),
        _one_of("state", "arriving", "stored", "not_received"),
        _one_of("at_carrier", "held", "deleted", "kept"),
        _one_of("kind", "picture", "voice", "file"),
    )


class TextPlace(Base):
    """Where in the tree somebody's next text is heard (hotline.intake.text_place)."""

    __tablename__ = "text_places"

    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contacts.id"), primary_key=True)
    position: Mapped[str]  # Position.to_query
    at: Mapped[datetime] = mapped_column(index=True)


class CarrierEvent(Base):
    """What the carrier said of a call, a recording or a text; callbacks come in any order, all are kept."""

    __tablename__ = "carrier_events"

    kind: Mapped[str] = mapped_column(primary_key=True)  # call, recording, message
    sid: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, default=0)
    at: Mapped[datetime]
    call_sid: Mapped[str | None]  # of a recording's event: an absent one leaves no other trace in its call
    event: Mapped[bytes | None]  # sealed with the ring

    __table_args__ = (
        sa.Index("ix_carrier_events_at", "at", postgresql_using="brin"),
        sa.Index("ix_carrier_events_recordings", "call_sid", postgresql_where=sa.text("kind = 'recording'")),
    )


class Report(Base):
    """What a worker told us, by voicemail or text: the one thing that queues."""

    __tablename__ = "reports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(index=True)  # six digits and a check digit; a name, no credential
    kind: Mapped[Literal["voice", "text"]] = mapped_column(sa.Text())
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contacts.id"), index=True)
    line_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("lines.id"))
    call_sid: Mapped[str | None] = mapped_column(index=True)
    recording_sid: Mapped[str | None] = mapped_column(sa.ForeignKey("recordings.sid"), unique=True)
    message_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("messages.id"), unique=True)
    language: Mapped[str]
    language_chosen: Mapped[bool]  # false: only assumed
    urgency: Mapped[Urgency] = mapped_column(sa.Text())
    state: Mapped[ReportState] = mapped_column(sa.Text())
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    case_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("cases.id", use_alter=True), index=True)
    matter_id: Mapped[uuid.UUID | None] = mapped_column(index=True)  # of the mailboxes that tell of it
    rehearsal: Mapped[bool] = mapped_column(default=False)

    contact: Mapped[Contact] = relationship()
    line: Mapped[Line | None] = relationship()
    recording: Mapped[Recording | None] = relationship()
    message: Mapped[Message | None] = relationship()
    call: Mapped[Call | None] = relationship(
        primaryjoin=lambda: sa.orm.foreign(Report.call_sid) == Call.sid, viewonly=True
    )

    @property
    def called(self) -> str:
        """As staff call it."""
        if self.kind == "text":
            return "Text"
        return (
            "Voice note" if self.call_sid is None else "Voicemail" if self.recording_sid else "Call in danger"
        )

    @property
    def silence(self) -> Literal["", "speaking", "hung_up"]:
        """Of a call in danger without a recording: whether the caller is at the microphone still."""
        if self.kind == "text" or self.recording_sid:
            return ""
        return "hung_up" if self.call is None or self.call.ended_at else "speaking"

    @property
    def came_with(self) -> Message | None:
        """The text that it is, or that its voice note came with."""
        return self.message or (self.recording.message if self.recording else None)

    __table_args__ = (
        _one_of("kind", "voice", "text"),
        _one_of("urgency", *URGENCIES),
        _one_of("state", "arriving", "waiting", "done", "not_received"),
        sa.Index(
            "ix_reports_queue",
            "language",
            "urgency",
            "received_at",
            postgresql_where=sa.text("state <> 'done'"),
        ),
    )


class Reconciliation(Base):
    """One comparison with the carrier: how much it knew of, and how much of that no webhook had brought."""

    __tablename__ = "reconciliations"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    since: Mapped[datetime]
    calls: Mapped[int]
    recordings: Mapped[int]
    texts: Mapped[int]
    taken_in: Mapped[int]
