"""What somebody who looks for help has before them at a position: kinds of help, areas of one kind, or a place."""

from dataclasses import dataclass

from hotline.flow.area_menu import AreaMenu, ask_by_keys, ask_by_text
from hotline.flow.by_area import groups_of
from hotline.flow.help_spot import Spot
from hotline.flow.places import Help, Place, numbered_of, told_of
from hotline.flow.turn import Facts


@dataclass(frozen=True, slots=True)
class Told:
    """A place, which is at `here` whatever is open later; `others` more can follow, and `next` is the first of them."""

    place: Place
    here: Spot
    others: int
    next: Spot


@dataclass(frozen=True, slots=True)
class Asked:
    """In which area are they? Asked where there are two or more, elsewhere counted."""

    kind: Help
    menu: AreaMenu
    numbered: tuple[Place, ...]  # all of the kind

    def spot_of(self, key: str) -> Spot | None:
        """Where this key leads, if anywhere: to the first place of an area, or to the other areas."""
        if group := self.menu.groups.get(key):
            return Spot(self.kind, self.numbered.index(group.places[0]))
        if self.menu.more and key == self.menu.more[0]:
            return Spot(self.kind, self.menu.more[1], asks=True)
        return None


def look_up_help(page: int, language: str, facts: Facts) -> Told | Asked | None:
    """Nothing where they are among the kinds. A place that is hidden meanwhile gives way to another one."""
    spot = Spot.from_page(page)
    told = told_of(facts.places, spot.kind, language) if spot else ()
    if spot is None or not told:
        return None
    numbered = numbered_of(facts.places, spot.kind, language)
    groups = groups_of(told, language, reads=facts.reads)
    if spot.asks and len(groups) > 1:
        if facts.reads:
            menu = ask_by_text(groups, spot.at, dict(facts.elsewhere).get(language, ""))
        else:
            menu = ask_by_keys(groups, spot.at)
        return Asked(spot.kind, menu, numbered)
    place = told[0] if spot.asks else numbered[spot.at % len(numbered)]
    group = next(group.places for group in groups if place in group.places)
    after = group[(group.index(place) + 1) % len(group)]
    here, onward = (Spot(spot.kind, numbered.index(one)) for one in (place, after))
    return Told(place, here, len(group) - 1, onward)
