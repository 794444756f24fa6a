"""Add a place, or change one: who saves it says that it was checked with its source just now."""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.carrier.numbers import COUNTRIES
from hotline.directory.listen_again import listen_again
from hotline.directory.models import HelpPlace
from hotline.flow.area_menu import fits_an_offer
from hotline.flow.languages import one_spelling
from hotline.flow.opening import NotHours, read_hours
from hotline.flow.places import HELP
from hotline.flow.texts import overflow, plain_form
from hotline.vault.audit import record

NUMBER = re.compile(r"[0-9]{2,15}\Z")
MOST = {"name": 60, "area": 60, "source": 300, "hours": 200}  # signs


class NotAPlace(Exception):
    """It cannot be told to anybody; the text is one sentence that says why."""


@dataclass(frozen=True)
class Typed:
    """A place as somebody types it."""

    kind: str
    name: str
    country: str
    number: str
    source: str
    area: str = ""
    languages: tuple[str, ...] = ()
    hours: str = ""
    always: bool = False
    words: str = ""  # empty: made of the rest

    def as_text(self) -> str:
        """What is texted."""
        where = f", {self.area}" if self.area else ""
        return self.words or f"{self.name}{where}: {self.number}"


@dataclass(frozen=True)
class Kept:
    """A place, as it is from now on."""

    place: HelpPlace
    unheard: tuple[str, ...]  # languages in which callers heard its name until now


def keep_place(
    session: Session, typed: Typed, spoken: Collection[str], member_id: uuid.UUID | None, now: datetime,
    place: HelpPlace | None = None,
) -> Kept:  # fmt: skip
    """Add it, or change `place`; `spoken` are the languages that the hotline speaks. Raises: NotAPlace.

    What was approved as its spoken name waits for a second person again where name or area are other words now.
    """
    _require(typed, spoken)
    action = "changed" if place else "added"
    renamed = place is not None and _is_renamed(place, typed)
    if place is None:
        place = HelpPlace(added_at=now)
        session.add(place)
    place.kind = typed.kind  # type: ignore[assignment]  # one of HELP
    place.name, place.country, place.area = typed.name, typed.country, typed.area
    place.number, place.source = " ".join(typed.number.split()), typed.source
    place.languages, place.hours, place.always = list(typed.languages), typed.hours, typed.always
    place.words, place.withdrawn_at = typed.as_text(), None
    place.checked_at, place.checked_by_id = now, member_id
    session.flush()
    record(
        session, member_id, action, "help_places", place.id,
        kind=place.kind, name=place.name, country=place.country, number=place.number,
    )  # fmt: skip
    return Kept(place, listen_again(session, place, member_id) if renamed else ())


def _is_renamed(place: HelpPlace, typed: Typed) -> bool:
    words = ((place.name, typed.name), (place.area, typed.area))
    return any(one_spelling(before) != one_spelling(now) for before, now in words)


def _require(typed: Typed, spoken: Collection[str]) -> None:
    """Raises: NotAPlace, with the first thing that is wrong."""
    if typed.kind not in HELP:
        raise NotAPlace("Choose what kind of help it is.")
    if typed.country not in COUNTRIES:
        raise NotAPlace("Choose the country whose lines tell of it.")
    for field, most in MOST.items():
        if len(getattr(typed, field)) > most:
            raise NotAPlace(f"The {field} is longer than {most} signs.")
    if not fits_an_offer(typed.area):
        raise NotAPlace("The area is too long to be offered in a text.")
    if not typed.name or not typed.source:
        raise NotAPlace("It has a name, and a source: where its number was found or who told it.")
    digits = "".join(typed.number.split())
    if not NUMBER.match(digits):
        raise NotAPlace("Write the number as it is dialled in that country: digits and blanks, without +.")
    unknown = [language for language in typed.languages if language not in spoken]
    if unknown:
        raise NotAPlace(
            f"The hotline does not speak {', '.join(unknown)}; it speaks {', '.join(sorted(spoken))}."
        )
    try:
        read_hours(typed.hours)
    except NotHours as not_hours:
        raise NotAPlace(str(not_hours)) from None
    _require_text(typed.as_text(), digits)


def _require_text(words: str, digits: str) -> None:
    if digits not in re.sub("[^0-9]", "", words):
        raise NotAPlace("What is texted must hold the number, in the same digits.")
    if over := overflow(words):
        plain = plain_form(words)
        mend = f" In plain signs it fits: {plain}" if not overflow(plain) else ""
        raise NotAPlace(f"What is texted is {over} signs too long for one segment.{mend}")
