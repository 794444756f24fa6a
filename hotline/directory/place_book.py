"""Places where help is, as a web process knows them; after a restart without the database, from a copy."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from hotline.db import utcnow
from hotline.directory.ages import age_of
from hotline.flow.areas import Area, key_of, prompt_of
from hotline.flow.opening import is_within
from hotline.flow.places import Help, Open, Place, name_of
from hotline.flow.prompts import Catalogue
from hotline.known import Known
from hotline.write_whole import write_whole
from hotline.writer import Connection, Statement, Writer

PLACES = Statement("""
    SELECT replace(id::text, '-', ''), kind, country, number, words, array_to_string(languages, ','), hours, always,
           to_char(checked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'), area
    FROM help_places WHERE withdrawn_at IS NULL ORDER BY name, id
    """)


@dataclass(frozen=True)
class KnownPlace:
    """One that is not withdrawn; whether it is too old is asked at each call."""

    id: str
    kind: Help
    country: str
    number: str
    words: str
    languages: tuple[str, ...]
    hours: str
    always: bool
    checked: str  # ISO 8601
    area: str = ""  # an older copy has none

    @property
    def checked_at(self) -> datetime:
        return datetime.fromisoformat(self.checked)

    def open_at(self, now: datetime, zone: str) -> Open:
        if self.always:
            return "always"
        if not self.hours:
            return "unknown"
        return "open" if is_within(self.hours, now, zone) else "closed"


Places = tuple[KnownPlace, ...]


class PlaceBook:
    """What may be told; `copy` is the file that keeps it, `days` how long after a check a place is told."""

    def __init__(self, writer: Writer, copy: Path, days: int) -> None:
        self._copy, self._days = copy, days
        self._places: Known[Places] = Known("places", writer, _read, self._read_copy(), self._write_copy)
        self._told: dict[tuple[str, str], tuple[object, tuple[Place, ...]]] = {}

    def told(self, country: str, zone: str, words: Catalogue) -> tuple[Place, ...]:
        """Those in this country, as clocks of this zone show the time; made anew once a minute."""
        known, now = self._places.now(), utcnow()
        if not known or not country:
            return ()
        made_of = (known, words, now.replace(second=0, microsecond=0))
        before = self._told.get((country, zone))
        if before is None or before[0] != made_of:
            told = tuple(
                _as_told(place, now, zone, words)
                for place in known
                if place.country == country and age_of(place, now, self._days) != "due"
            )
            before = self._told[country, zone] = (made_of, told)
        return before[1]

    def _read_copy(self) -> Places:
        try:
            rows = json.loads(self._copy.read_text())
            return tuple(KnownPlace(**row | {"languages": tuple(row["languages"])}) for row in rows)
        except (OSError, ValueError, TypeError, LookupError):  # none yet, or not ours
            return ()

    def _write_copy(self, places: Places) -> None:
        write_whole(self._copy, json.dumps([asdict(place) for place in places]).encode())


def _as_told(place: KnownPlace, now: datetime, zone: str, words: Catalogue) -> Place:
    return Place(
        place.id, place.kind, place.number, place.words, frozenset(place.languages), place.open_at(now, zone),
        words.recorded_in(name_of(place.id)), _area_of(place, words),
    )  # fmt: skip


def _area_of(place: KnownPlace, words: Catalogue) -> Area | None:
    key = key_of(place.country, place.area)
    return Area(key, place.area, words.recorded_in(prompt_of(key))) if key else None


def _read(connection: Connection) -> Places:
    return tuple(
        KnownPlace(
            str(id), str(kind), str(country), str(number), str(words),  # type: ignore[arg-type]  # a check says so
            tuple(filter(None, str(languages).split(","))), str(hours), always == "t", str(checked), str(area),
        )
        for id, kind, country, number, words, languages, hours, always, checked, area in connection.execute(PLACES, {})
    )  # fmt: skip
