"""Areas of a country: one however it is spelt, and offered by its name where somebody has recorded that."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hotline.flow.languages import one_spelling

AREA = "area."  # the prompts that say their names, which no script holds


@dataclass(frozen=True, slots=True)
class Area:
    """A town or a province, as staff wrote it of a place."""

    key: str  # 32 hexadecimal digits
    name: str
    named: frozenset[str] = frozenset()  # languages in which callers can hear its name

    @property
    def prompt(self) -> str:
        """The prompt that says its name."""
        return prompt_of(self.key)


def prompt_of(key: str) -> str:
    return f"{AREA}{key}"


def key_of(country: str, name: str) -> str:
    """The same for all spellings that differ in case or blanks alone; empty where no area is written."""
    words = one_spelling(name)
    return hashlib.sha256(f"{country} {words}".encode()).hexdigest()[:32] if words else ""


def spelling_of(names: Iterable[str]) -> str:
    """Of several spellings the one that most have."""
    return min(Counter(names).items(), key=lambda spelt: (-spelt[1], spelt[0]))[0]
