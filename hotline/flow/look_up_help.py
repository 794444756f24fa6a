"""What somebody who looks for help has before them at a position: kinds of help, areas of one kind, or a place."""

from dataclasses import dataclass

from hotline.flow.area_menu import AreaMenu, ask_by_keys, ask_by_text
from hotline.flow.by_area import groups_of
from hotline.flow.help_spot import Spot
from hotline.flow.places import Help, Place, told_of
from hotline.flow.turn import Facts


@dataclass(frozen=True, slots=True)
class Told:
    """A place; `others` more can follow, and `next` is the first of them."""

    place: Place
    others: int
    next: Spot


@dataclass(frozen=True, slots=True)
class Asked:
    """In which area are they? Asked where there are two or more, elsewhere counted."""

    kind: Help
    menu: AreaMenu

    def spot_of(self, key: str) -> Spot | None:
        """Where this key leads, if anywhere: to the first place of an area, or to the other areas."""
        if group := self.menu.groups.get(key):
            return Spot(self.kind, group.begins)
        if self.menu.more and key == self.menu.more[0]:
            return Spot(self.kind, self.menu.more[1], asks=True)
        return None


def look_up_help(page: int, language: str, facts: Facts) -> Told | Asked | None:
    """Nothing where they are among the kinds. A place that is hidden meanwhile gives way to another one."""
    spot = Spot.from_page(page)
    told = told_of(facts.places, spot.kind, language) if spot else ()
    if spot is None or not told:
        return None
    groups = groups_of(told, language, reads=facts.reads)
    if spot.asks and len(groups) > 1:
        if facts.reads:
            return Asked(spot.kind, ask_by_text(groups, spot.at, dict(facts.elsewhere).get(language, "")))
        return Asked(spot.kind, ask_by_keys(groups, spot.at))
    at = 0 if spot.asks else spot.at % len(told)
    group = next(group for group in reversed(groups) if group.begins <= at)
    here, count = at - group.begins, len(group.places)
    return Told(group.places[here], count - 1, Spot(spot.kind, group.begins + (here + 1) % count))
