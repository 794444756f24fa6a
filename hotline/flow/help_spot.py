"""Where somebody is among the places of help, in the three digits that a position has for it (`page`)."""

from dataclasses import dataclass

from hotline.flow.places import HELP, MOST_TOLD, Help

# Its places, and the pages that offer their areas: never more than there are places.
OF_A_KIND = 2 * MOST_TOLD


@dataclass(frozen=True, slots=True)
class Spot:
    """At a place of a kind, or where it is asked in which area they are."""

    kind: Help
    at: int = 0  # which of the places (hotline.flow.places.numbered_of), or which page of areas
    asks: bool = False

    def to_page(self) -> int:
        """From 1 on, by the order of kinds; 0 is among the kinds."""
        return 1 + HELP.index(self.kind) * OF_A_KIND + self.asks * MOST_TOLD + self.at

    @classmethod
    def from_page(cls, page: int) -> "Spot | None":
        """Nothing among the kinds, and where no answer of ours leads."""
        kind, rest = divmod(page - 1, OF_A_KIND)
        asks, at = divmod(rest, MOST_TOLD)
        return cls(HELP[kind], at, bool(asks)) if 0 <= kind < len(HELP) else None
