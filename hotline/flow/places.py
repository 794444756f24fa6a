"""Places where help is, as a caller is told of them: which come first, and what is said of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from hotline.flow.areas import Area

Help = Literal["shelter", "embassy", "legal", "union", "clinic"]
Open = Literal["always", "open", "closed", "unknown"]
HELP: tuple[Help, ...] = get_args(Help)  # in the order of their keys, which stay theirs whatever there is
MOST_TOLD = 99  # of a kind, one at a time: the nearest may be the last


@dataclass(frozen=True, slots=True)
class Place:
    """One that may be told just now."""

    id: str  # 32 hexadecimal digits
    kind: Help
    number: str  # digits as they are dialled there; blanks are where a breath is taken
    words: str  # as one text
    languages: frozenset[str]  # spoken there
    open: Open
    named: frozenset[str] = frozenset()  # languages in which callers can hear its name
    area: Area | None = None  # where it is, if that was written

    @property
    def name(self) -> str:
        """The prompt that says its name."""
        return name_of(self.id)


def name_of(place_id: str) -> str:
    return f"place.{place_id}"


def kinds_of(places: Iterable[Place]) -> dict[str, Help]:
    """What help there is, by its key."""
    there = {place.kind for place in places}
    return {str(key): kind for key, kind in enumerate(HELP, 1) if kind in there}


def numbered_of(places: Iterable[Place], kind: Help, language: str) -> tuple[Place, ...]:
    """Those of a kind that are told, as a position counts them: in an order that is the same at any hour."""
    of_kind = [place for place in places if place.kind == kind]
    of_kind.sort(key=lambda place: language not in place.languages)
    return tuple(of_kind[:MOST_TOLD])


def told_of(places: Iterable[Place], kind: Help, language: str) -> tuple[Place, ...]:
    """The same as they are told: who speaks the caller's language first, of them who is there now.

    Where they are is asked before that (hotline.flow.by_area).
    """
    there = ("always", "open", "unknown", "closed")
    told = numbered_of(places, kind, language)
    return tuple(sorted(told, key=lambda place: (language not in place.languages, there.index(place.open))))


# For who walks through a tree without a hotline behind it. Nobody has these numbers.
INVENTED = tuple(
    Place(f"{at:032x}", kind, f"000 000 {at}00", f"An invented {kind}: 000 000 {at}00", frozenset(), "always")
    for at, kind in enumerate(HELP, 1)
)
