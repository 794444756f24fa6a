"""The places of a kind in groups, by the areas that can be offered to who hears, or reads, of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from hotline.flow.areas import Area, spelling_of
from hotline.flow.places import Place


@dataclass(frozen=True, slots=True)
class Group:
    """Places that are told one after the other."""

    area: Area | None  # nothing: elsewhere
    places: tuple[Place, ...]


def groups_of(told: Iterable[Place], language: str, *, reads: bool) -> tuple[Group, ...]:
    """Areas of most places first, and elsewhere last.

    Who reads finds every area as staff wrote it. A caller can be offered by name what was recorded in their
    language; whatever lies in other areas, or in none that anybody wrote, is elsewhere.
    """
    found: dict[str, list[Place]] = {}
    for place in told:
        offered = place.area is not None and (reads or language in place.area.named)
        found.setdefault(place.area.key if place.area and offered else "", []).append(place)
    named = [(_area_of(places), places) for key, places in found.items() if key]
    named.sort(key=lambda one: (-len(one[1]), one[0].name, one[0].key))
    elsewhere = [(None, found[""])] if "" in found else []
    return tuple(Group(area, tuple(places)) for area, places in (*named, *elsewhere))


def _area_of(places: Iterable[Place]) -> Area:
    """As most of these write it."""
    areas = [place.area for place in places if place.area]
    spelt = spelling_of(area.name for area in areas)
    return next(area for area in areas if area.name == spelt)
