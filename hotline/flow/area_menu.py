"""In which area somebody is: asked by keys, a few at a time, or by the numbers of a text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hotline.flow.by_area import Group
from hotline.flow.keys import MORE_KEY
from hotline.flow.packed_offers import pack, put
from hotline.flow.texts import segments

AREA_KEYS = "12456"  # five are kept in mind; 3 and 7 mean here what they mean beside a place
MORE_AREAS_KEY, ELSEWHERE_KEY = "8", "9"
NAMELESS = "?"  # where nobody says how "elsewhere" is written
STOP = ". "  # between names that have blanks in them


@dataclass(frozen=True, slots=True)
class AreaMenu:
    """One page of what can be chosen. After the last page comes the first again."""

    groups: dict[str, Group] = field(default_factory=dict)  # by their keys
    more: tuple[str, int] | None = None  # the key that leads to the others, and to which page
    words: str = ""  # as a text


def ask_by_keys(groups: Sequence[Group], page: int) -> AreaMenu:
    """Elsewhere keeps its key on every page."""
    named = [group for group in groups if group.area]
    size = len(AREA_KEYS)
    pages = -(-len(named) // size) or 1
    here = page % pages
    offered = dict(zip(AREA_KEYS, named[here * size : (here + 1) * size], strict=False))
    if groups[-1].area is None:
        offered[ELSEWHERE_KEY] = groups[-1]
    return AreaMenu(offered, (MORE_AREAS_KEY, (here + 1) % pages) if pages > 1 else None)


def ask_by_text(groups: Sequence[Group], page: int, elsewhere: str) -> AreaMenu:
    """As many as fit one segment; `elsewhere` is how that is written in their language."""
    names = [group.area.name if group.area else elsewhere or NAMELESS for group in groups]
    pages = pack(names, STOP)
    here, more = page % len(pages), len(pages) > 1
    offered = {key: groups[at] for key, at in pages[here].items()}
    words = put(names, pages[here], STOP, more=more)
    return AreaMenu(offered, (MORE_KEY, (here + 1) % len(pages)) if more else None, words)


def fits_an_offer(name: str) -> bool:
    """Whether a text can offer an area of this name, and the others after it."""
    return segments(put([name], {"1": 0}, STOP, more=True)) == 1
