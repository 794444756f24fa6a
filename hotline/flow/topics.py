"""What is told of workers' rights: where each message comes from, when it was checked, and for which country.

`ivr_prompts/topics.yaml` names each by its prompt. One for a country bears it at its end (`rights.wages.TH`) and
stands in for the general one on lines of that country, until it is too old. Of one that is, nothing is told.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter
from ruamel.yaml import YAML

from hotline.flow.prompts import PROMPTS
from hotline.flow.read_once import read_once
from hotline.flow.tree import Tree

TOPICS = PROMPTS / "topics.yaml"
COUNTRY = re.compile(r"(.+)\.([A-Z]{2})\Z")


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: str
    checked: date
    checked_by: str


@dataclass(frozen=True)
class Message:
    """One message, in whichever language."""

    prompt: str
    source: str
    checked: date
    checked_by: str  # a lawyer of that country; empty: nobody yet

    @property
    def country(self) -> str:
        """Whose law it tells (ISO 3166); empty: everybody's."""
        return found[2] if (found := COUNTRY.match(self.prompt)) else ""

    @property
    def general(self) -> str:
        """The prompt that it stands in for."""
        return found[1] if (found := COUNTRY.match(self.prompt)) else self.prompt

    def is_old(self, today: date, days: int) -> bool:
        return self.checked + timedelta(days=days) < today


@read_once
def read_topics(path: Path) -> tuple[Message, ...]:
    """Every message of `ivr_prompts/topics.yaml`. Raises: ValueError."""
    written = TypeAdapter(dict[str, _Written]).validate_python(YAML(typ="safe").load(path.read_text("utf-8")))
    return tuple(Message(prompt, **dict(said)) for prompt, said in written.items())


def fresh_in(topics: Iterable[Message], country: str, today: date, days: int) -> frozenset[str]:
    """The messages for this country that are told there."""
    return frozenset(
        one.prompt for one in topics if country and one.country == country and not one.is_old(today, days)
    )


def old_in_general(topics: Iterable[Message], today: date, days: int) -> frozenset[str]:
    """The messages for everybody that are no longer told."""
    return frozenset(one.prompt for one in topics if not one.country and one.is_old(today, days))


def prompts_of(tree: Tree, topics: Iterable[Message], countries: Collection[str] | None = None) -> set[str]:
    """All that callers of a tree may hear, with what is told in these countries (in none that is named: in any)."""
    said = tree.prompts()
    return said | {
        one.prompt
        for one in topics
        if one.general in said and one.country and (countries is None or one.country in countries)
    }
