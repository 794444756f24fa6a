"""The carrier is the last witness: take in the calls, recordings and texts that the webhooks did not deliver.

Everything is written by the verbs that webhooks write with, which do nothing where it is there already.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.carrier.errors import CarrierError, NotThere, RefusedByCarrier, TryLater
from hotline.carrier.items import CallItem, RecordingItem, TextItem
from hotline.carrier.numbers import caller_number, is_phone
from hotline.db import utcnow
from hotline.flow.evening import is_evening_over
from hotline.flow.load_tree import DEFAULT_TREE, load_trees
from hotline.flow.prompts import LAST_RESORT, PROMPTS, Catalogue, read_scripts
from hotline.flow.reference import reference_of
from hotline.flow.turn import Facts
from hotline.intake.announce_attachments import MOST, NewAttachment, announce_attachments
from hotline.intake.announce_recording import Announcement, announce_recording
from hotline.intake.line_book import KnownLine, read_lines
from hotline.intake.models import Attachment, Call, Contact, Message, Reconciliation, Recording, Step
from hotline.intake.name_caller import name_caller
from hotline.intake.new_text import NewText, TextRules
from hotline.intake.note_event import ENDED, note_event
from hotline.intake.note_text_status import note_text_status
from hotline.intake.send_text import VALID_FOR
from hotline.intake.start_call import NO_TREE, NewCall, start_call
from hotline.intake.take_in_text import TakenIn, take_in_text
from hotline.menus.change_tree import live_tree
from hotline.outbox import Promised, TryAgain, keep
from hotline.settings import Settings
from hotline.studio.announce_spoken import Spoken, announce_spoken
from hotline.studio.models import SpokenPrompt, StudioTry
from hotline.writer import Writer

UNDER_WAY = timedelta(seconds=15)  # that a carrier waits for the answer to a webhook (Twilio)


@dataclass
class Reconciler:
    """What comparing needs, and what it has found."""

    sessions: sessionmaker[Session]
    writer: Writer
    carrier: Carrier
    settings: Settings
    wish: Callable[[Session, NewText, TakenIn], None] = lambda *_: None  # writes down what a text led to

    def __post_init__(self) -> None:
        self.found: Counter[str] = Counter()
        self.lines = self.writer.write(read_lines)

    def compare(self) -> Reconciliation:
        """Compare as far back as the carrier is asked at all. Raises: CarrierError."""
        now = utcnow()
        since = max(now - timedelta(hours=self.settings.intake_hours), self._forgotten_before())
        listed = [c for c in self.carrier.list_calls(since) if c.inbound and c.to in self.lines]
        of_studio = self._of_studio(listed)
        calls = [call for call in listed if call.sid not in of_studio]
        recordings = list(self.carrier.list_recordings(since))
        texts = list(self.carrier.list_texts(since))
        self._take_in_calls([call for call in calls if call.status in ENDED])
        ours = self._of_our_calls(recordings)
        self._take_in_recordings(ours)
        self._take_in_spoken([one for one in recordings if one.call_sid in of_studio])
        arrived = [text for text in texts if text.inbound and text.to in self.lines and self._is_lost(text)]
        self._take_in_texts(arrived)
        self._take_in_media(arrived)
        self._note_sent([text for text in texts if not text.inbound])
        return Reconciliation(
            at=now,
            since=since,
            calls=len(calls),
            recordings=len(ours),
            texts=len(arrived),
            taken_in=self.found.total(),
        )

    def _forgotten_before(self) -> datetime:
        mark = sa.select(sa.func.max(Reconciliation.at)).where(Reconciliation.since == Reconciliation.at)
        with self.sessions() as session:
            return session.scalar(mark) or datetime.min.replace(tzinfo=UTC)

    def _take_in_calls(self, calls: list[CallItem]) -> None:
        known = self._known(sa.select(Call.sid, Call.ended_at.is_not(None), Call.anonymous), Call.sid, calls)
        for call in calls:
            _, ended, anonymous = known.get(call.sid, (None, False, False))
            if call.sid not in known:
                self._begin(call)
            elif anonymous and (number := caller_number(call.from_)):
                line_id = self.lines[call.to].id
                self.writer.write(
                    partial(name_caller, call_sid=call.sid, number=number, dialled=call.to, line_id=line_id)
                )
            if not ended:
                self._note("call", call, call.ended_at or utcnow(), call.sid)
                self.found["ends of calls"] += call.sid in known

    def _begin(self, call: CallItem) -> str | None:
        self.found["calls"] += 1
        begun = NewCall(
            sid=call.sid,
            line_id=self.lines[call.to].id,
            dialled=call.to,
            caller=caller_number(call.from_),
            tree=NO_TREE,
            at=call.at,
            event=_event(call.said),
            rehearsal=self._is_rehearsal(self.lines[call.to]),
        )
        return self.writer.write(lambda connection: start_call(connection, begun)).language

    def _of_our_calls(self, recordings: list[RecordingItem]) -> list[RecordingItem]:
        with self.sessions() as session:
            sids = {recording.call_sid for recording in recordings}
            ours = set(session.scalars(sa.select(Call.sid).where(Call.sid.in_(sids))))
        return [recording for recording in recordings if recording.call_sid in ours]

    def _take_in_recordings(self, recordings: list[RecordingItem]) -> None:
        known = self._known(sa.select(Recording.sid), Recording.sid, recordings)
        for recording in recordings:
            if recording.status == "completed" and recording.sid not in known:
                announced = self._announcement(recording)
                self.writer.write(partial(announce_recording, announced=announced))
                self.found["recordings"] += 1
            elif recording.status == "absent":
                self._note("recording", recording, recording.at, recording.call_sid)

    def _of_studio(self, calls: list[CallItem]) -> set[str]:
        """Calls to studio lines. Where a line became one, or is one no more, what we know of the call counts."""
        tried = self._known(sa.select(StudioTry.call_sid), StudioTry.call_sid, calls)
        workers = self._known(sa.select(Call.sid), Call.sid, calls)
        studio = {call.sid for call in calls if self.lines[call.to].is_studio}
        return (studio | tried.keys()) - workers.keys()

    def _take_in_spoken(self, recordings: list[RecordingItem]) -> None:
        """What staff recorded by telephone. Nothing of it is counted: no worker said it."""
        known = self._known(sa.select(SpokenPrompt.recording_sid), SpokenPrompt.recording_sid, recordings)
        for recording in reversed(recordings):  # oldest first: each belongs to the last tone before it
            if recording.status == "completed" and recording.sid not in known:
                told = Spoken(recording.sid, recording.call_sid, recording.at, recording.seconds)
                with self.sessions.begin() as session:
                    announce_spoken(session, told)

    def _announcement(self, recording: RecordingItem) -> Announcement:
        """What its call's last step says of it; where there is none, what the contact or the line says."""
        with self.sessions() as session:
            call = session.get_one(Call, recording.call_sid)
            steps = sa.select(Step).where(Step.call_sid == call.sid).order_by(Step.number.desc())
            step = session.scalars(steps.limit(1)).first()
            remembered = call.contact.language if call.contact else None
            line = self.lines.get(call.dialled)
        offered = line.languages if line else (LAST_RESORT,)
        assumed = remembered if remembered in offered else offered[0]
        return Announcement(
            recording_sid=recording.sid,
            call_sid=recording.call_sid,
            at=recording.at,
            seconds=recording.seconds,
            language=step.language if step else assumed,
            language_chosen=step.language_chosen if step else False,
            urgency=step.urgency if step else "standard",
            reference=(step.reference if step else None) or reference_of(recording.call_sid),
            event=_event(recording.said),
        )

    def _take_in_texts(self, texts: list[TextItem]) -> None:
        known = self._known(sa.select(Message.sid), Message.sid, texts)
        words = Catalogue(read_scripts(PROMPTS), sounds={})
        trees = load_trees(PROMPTS)
        every = timedelta(minutes=self.settings.text_reply_minutes)
        for text in sorted(texts, key=lambda text: text.at):  # as they were written, one after the other
            if text.sid in known:
                continue
            line, sender = self.lines[text.to], caller_number(text.from_)
            taken = NewText(
                sid=text.sid,
                line=line,
                dialled=text.to,
                sender=sender,
                answerable=self._may_be_answered(sender, text.at),
                body=text.body,
                at=text.at,
                event=_event(text.said),
                rehearsal=self._is_rehearsal(line),
                media=self._media(text),
                found=True,
            )
            with self.sessions.begin() as session:
                tree = live_tree(session, trees.get(line.tree, trees[DEFAULT_TREE]))
                here = text.at.astimezone(ZoneInfo(line.zone or self.settings.zone))
                names = tuple(map(words.own_name, line.languages))
                facts = Facts(line.languages, names, evening_over=is_evening_over(here))
                led = take_in_text(session, taken, TextRules(tree, words, facts, every))
                self.wish(session, taken, led)
            self.found["texts"] += 1

    def _is_lost(self, text: TextItem) -> bool:
        """Whether no webhook of it is under way any more; if one may be, the next comparison looks again."""
        return text.at < utcnow() - min(UNDER_WAY, timedelta(seconds=self.settings.reconcile_seconds))

    def _may_be_answered(self, sender: str | None, at: datetime) -> bool:
        """Who wrote a moment ago hears that it came."""
        fresh = utcnow() - at < VALID_FOR
        return fresh and sender is not None and is_phone(sender) and sender not in self.lines

    def _is_rehearsal(self, line: KnownLine) -> bool:
        return self.settings.rehearsal or line.rehearsal

    def _take_in_media(self, texts: list[TextItem]) -> None:
        """Of texts that are here, what came with them and was not told of."""
        counts = {text.sid: text for text in texts if text.media}
        here = sa.func.count(Attachment.id)
        rows = (
            sa.select(Message.sid, Message.id, Message.contact_id, here)
            .join(Contact, Contact.id == Message.contact_id)
            .outerjoin(Attachment, Attachment.message_id == Message.id)
            .where(Message.sid.in_(counts), Contact.erased_at.is_(None))
            .group_by(Message.id)
        )
        with self.sessions() as session:
            known = session.execute(rows).all()
        for sid, message_id, contact_id, count in known:
            text = counts[str(sid)]
            if count >= min(text.media, MOST):
                continue
            media = self._media(text)
            with self.sessions.begin() as session:
                self.found["media"] += announce_attachments(
                    session, message_id, contact_id, media, urgency="standard", at=text.at
                )

    def _media(self, text: TextItem) -> tuple[NewAttachment, ...]:
        """Raises: TryLater."""
        if not text.media:
            return ()
        try:
            listed = self.carrier.list_media(text.sid)
        except (NotThere, RefusedByCarrier):  # its words are here all the same
            return ()
        return tuple(NewAttachment(one.sid, one.type) for one in listed if one.sid)[:MOST]

    def _note_sent(self, texts: list[TextItem]) -> None:
        known = self._known(sa.select(Message.sid, Message.status), Message.sid, texts)
        for text in texts:
            if text.sid in known and known[text.sid][1] != text.status:
                event = _event(text.said)
                self.writer.write(
                    partial(
                        note_text_status,
                        sid=text.sid,
                        status=text.status,
                        error=text.error,
                        at=utcnow(),
                        event=event,
                    )
                )

    def _note(self, kind: str, item: CallItem | RecordingItem, at: datetime, call_sid: str) -> None:
        self.writer.write(
            partial(
                note_event,
                kind=kind,
                sid=item.sid,
                status=item.status,
                sequence=0,
                at=at,
                event=_event(item.said),
                call_sid=call_sid,
            )
        )

    def _known(
        self, rows: Any, sid: Any, items: Iterable[CallItem | RecordingItem]
    ) -> dict[str, tuple[Any, ...]]:
        """The rows that we have of these items, each beginning with its id."""
        with self.sessions() as session:
            found = session.execute(rows.where(sid.in_([item.sid for item in items]))).all()
        return {str(row[0]): tuple(row) for row in found}


def reconcile(
    sessions: sessionmaker[Session], writer: Writer, carrier: Carrier, held: Promised, settings: Settings,
    wish: Callable[[Session, NewText, TakenIn], None],
) -> None:  # fmt: skip
    """Keep the promise to compare with the carrier; what was found is written down.

    Raises:
        TryAgain: the carrier would not say, or asked us to slow down.
        LeaseLost: another worker has it.
    """
    try:
        compared = Reconciler(sessions, writer, carrier, settings, wish).compare()
    except CarrierError as failed:
        after = failed.after if isinstance(failed, TryLater) else None
        raise TryAgain(type(failed).__name__, after) from failed
    with sessions.begin() as session:
        session.add(compared)
        keep(session, held)


def forget_before(at: datetime) -> Reconciliation:
    """A mark: what was removed here on purpose is not asked for again. A comparison over no time at all."""
    return Reconciliation(at=at, since=at, calls=0, recordings=0, texts=0, taken_in=0)


def _event(said: dict[str, object]) -> bytes:
    """The carrier's own words as evidence, where no webhook came."""
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
