"""What answering a call needs, kept in memory by each web process: trees, sounds, lines, settings."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.numbers import is_phone, may_be_called
from hotline.carrier.profiles import Profile, profile_for
from hotline.db import make_engine, make_sessions, utcnow
from hotline.directory.place_book import PlaceBook
from hotline.doorbell import Doorbell
from hotline.flow.engine import Clip, Facts, Record, Turn
from hotline.flow.evening import is_evening_over
from hotline.flow.load_tree import DEFAULT_TREE, load_trees
from hotline.flow.opening import hours_at
from hotline.flow.position import Position
from hotline.flow.prompts import PROMPTS, Catalogue
from hotline.flow.topics import TOPICS, Message, fresh_in, old_in_general, read_topics
from hotline.flow.tree import Tree
from hotline.flow.turn import Hours
from hotline.intake.line_book import KnownLine, LineBook, longest_message
from hotline.menus.tree_book import TreeBook
from hotline.settings import Settings
from hotline.staff.duty_book import DutyBook
from hotline.studio.sound_book import SoundBook
from hotline.webhooks.form import Form
from hotline.webhooks.spool import Spool, Tell
from hotline.webhooks.twiml import DOOR, Own, write_twiml
from hotline.writer import PATIENCE, Away, Connection, Writer

KEY = "hotline.switchboard"

T = TypeVar("T")
_fresh, _old = lru_cache(maxsize=256)(fresh_in), lru_cache(maxsize=16)(old_in_general)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Switchboard:
    """One a process."""

    settings: Settings
    trees: TreeBook
    voices: SoundBook
    writer: Writer
    sessions: sessionmaker[Session]
    lines: LineBook
    duty: DutyBook
    places: PlaceBook
    spool: Spool
    bell: Doorbell

    @property
    def profile(self) -> Profile:
        """What our carrier can do."""
        return profile_for(self.settings)

    @property
    def catalogue(self) -> Catalogue:
        """Every script and sound."""
        return self.voices.now()

    def tree_of(self, line: KnownLine | None) -> Tree:
        """The line's tree; the default one for a line or a tree that we do not know."""
        tree = (self.trees.live(line.tree) if line else None) or self.trees.live(DEFAULT_TREE)
        assert tree is not None, "it is shipped"
        return tree

    def tree_at(self, position: Position, line: KnownLine | None = None) -> Tree:
        """The tree that this call began with; the line's where there is none of that name and version (any more)."""
        return self.trees.find(position.tree, position.version) or self.tree_of(line)

    def is_rehearsal(self, line: KnownLine | None) -> bool:
        """Whether what comes in is marked as not real."""
        return self.settings.rehearsal or (line is not None and line.rehearsal)

    def zone_of(self, line: KnownLine | None) -> str:
        """Whose morning and evening it is: the line's zone, else the office's."""
        return line.zone if line and line.zone else self.settings.zone

    def languages_of(self, line: KnownLine | None) -> tuple[str, ...]:
        """What the line offers, in its order."""
        return line.languages if line else self.tree_of(None).languages

    @property
    def topics(self) -> tuple[Message, ...]:
        """What is told of rights, and since when it was checked."""
        return read_topics(TOPICS)

    def facts(
        self,
        line: KnownLine | None,
        remembered: str | None = None,
        *,
        caller: str | None = None,
        at: datetime | None = None,
    ) -> Facts:
        """What the flow may know of this call `at` a moment: as a rule now; of what is told again, when it was."""
        at = at or utcnow()
        country, today = line.country if line else "", at.date()
        languages = self.languages_of(line)
        return Facts(
            languages=languages,
            own_names=tuple(self.catalogue.own_name(language) for language in languages),
            remembered=remembered,
            hours=self._hours(line, at),
            evening_over=is_evening_over(at.astimezone(ZoneInfo(self.zone_of(line)))),
            on_duty=self.duty.languages() if self.profile.whispers else frozenset(),
            can_text=caller is not None and is_phone(caller),
            can_be_called=line is not None
            and caller is not None
            and may_be_called(caller, self.settings.callback_countries),
            announcement=line.notice if line else "",
            straight=line.straight if line else False,
            most_turns=self.settings.most_turns,
            voicemail_seconds=longest_message(
                line.recording_seconds if line else None, self.settings.voicemail_seconds
            ),
            silence_seconds=self.settings.silence_seconds,
            country=country,
            fresh=_fresh(self.topics, country, today, self.settings.rights_days),
            old=_old(self.topics, today, self.settings.rights_days),
            places=self.places.told(country, self.zone_of(line), self.catalogue),
        )

    def sounds(self, plays: tuple[Clip, ...]) -> tuple[str, ...]:
        """The names under which these are served."""
        return _names(self.catalogue, plays)

    def _hours(self, line: KnownLine | None, at: datetime) -> Hours:
        if line is None or not (line.hours or line.holidays):
            return "open"
        return hours_at(line.hours, line.holidays, at, self.zone_of(line))

    def answer(self, turn: Turn, own: Own = (), door: str = DOOR) -> str:
        """The TwiML of a Turn; `own` is what this caller alone hears."""
        events = " ".join(self.profile.recording_events)
        sounds = self.sounds(turn.plays)
        return write_twiml(turn, self.settings.public_url, sounds, own, events, door)


def load_catalogue(settings: Settings) -> Catalogue:
    """Every shipped script and sound. Raises: ScriptError."""
    return Catalogue.load(PROMPTS, settings.data / "prompts")


def build_switchboard(settings: Settings, shipped: Catalogue, tell: Tell) -> Switchboard:
    """Load the trees, and refuse to start with broken ones. Raises: TreeError."""
    trees, writer = load_trees(PROMPTS), Writer(settings)
    return Switchboard(
        settings=settings,
        trees=TreeBook(writer, trees, settings.data / "trees.json"),
        voices=SoundBook(writer, shipped, settings.data / "takes"),
        writer=writer,
        sessions=make_sessions(make_engine(settings, patience=PATIENCE)),
        lines=LineBook(writer, settings.data / "lines.json"),
        duty=DutyBook(writer, settings.zone),
        places=PlaceBook(writer, settings.data / "places.json", settings.help_days),
        spool=Spool(settings.data / "spool", tell),
        bell=Doorbell(settings.redis_url),
    )


def switchboard() -> Switchboard:
    """The switchboard of this process."""
    found: Switchboard = current_app.extensions[KEY]
    return found


@lru_cache(maxsize=4096)
def _names(catalogue: Catalogue, plays: tuple[Clip, ...]) -> tuple[str, ...]:
    return tuple(catalogue.sound(clip).sha for clip in plays)


def write_or_keep(form: Form, verb: Callable[[Connection], T]) -> T | None:
    """Write it down; with the database away the call goes on, and the form is told again later."""
    try:
        return switchboard().writer.write(verb)
    except Away as away:
        log.error("%s not written down yet: %s", form.path, type(away).__name__)
        form.unwritten = True
        return None


def with_reference(turn: Turn, reference: str) -> Turn:
    """The Turn whose position bears the report's number, where it leads to the microphone."""
    if not isinstance(turn.wait, Record) or turn.position.reference:
        return turn
    position: Position = replace(turn.position, reference=reference)
    return replace(turn, position=position)
