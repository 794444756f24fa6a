"""How long ago a place was checked: told, soon to be hidden, or hidden until somebody checks it again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeVar

Age = Literal["fresh", "near", "due"]
NEAR = timedelta(days=30)  # before it is hidden, staff are told


class Checked(Protocol):
    @property
    def checked_at(self) -> datetime: ...


T = TypeVar("T", bound=Checked)


def age_of(place: Checked, now: datetime, days: int) -> Age:
    """`days` after its last check it is hidden."""
    hidden_at = place.checked_at + timedelta(days=days)
    return "due" if hidden_at <= now else "near" if hidden_at - NEAR <= now else "fresh"


def by_age(places: Iterable[T], now: datetime, days: int) -> dict[Age, list[T]]:
    """Those that want to be checked first."""
    found: dict[Age, list[T]] = {"due": [], "near": [], "fresh": []}
    for place in places:
        found[age_of(place, now, days)].append(place)
    return found
