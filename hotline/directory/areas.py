"""Areas as staff see them: there are those in which a place is, and they share one spelling if people let them."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.directory.models import AreaName, HelpPlace
from hotline.flow.areas import key_of, spelling_of


@dataclass(frozen=True)
class PlacedArea:
    """An area, and the places that are in it."""

    key: str
    country: str
    name: str
    places: tuple[HelpPlace, ...]

    @property
    def standing(self) -> int:
        """How many of them are not withdrawn."""
        return sum(place.withdrawn_at is None for place in self.places)


def areas_of(places: Iterable[HelpPlace]) -> list[PlacedArea]:
    """By country and name."""
    found: dict[str, list[HelpPlace]] = {}
    for place in places:
        if key := key_of(place.country, place.area):
            found.setdefault(key, []).append(place)
    areas = [
        PlacedArea(key, there[0].country, spelling_of(place.area for place in there), tuple(there))
        for key, there in found.items()
    ]
    return sorted(areas, key=lambda area: (area.country, area.name))


def names_of_nowhere(session: Session) -> list[AreaName]:
    """Spoken names of areas in which no place is any more, not even one that was withdrawn."""
    there = {
        key_of(country, area)
        for country, area in session.execute(sa.select(HelpPlace.country, HelpPlace.area).distinct())
    }
    return list(session.scalars(sa.select(AreaName).where(AreaName.area_key.not_in(there))))
