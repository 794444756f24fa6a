"""Prompts by their numbers and in the order of a call: how staff find what they record."""

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from hotline.flow.prompts import PROMPTS
from hotline.flow.read_once import read_once

NUMBERS = PROMPTS / "prompts.yaml"


@dataclass(frozen=True)
class Numbered:
    """One prompt, whatever the language."""

    number: int
    prompt: str
    group: str

    @property
    def title(self) -> str:
        return self.prompt.replace("_", " ").replace(".", " ").capitalize()


@read_once
def read_numbers(path: Path) -> tuple[Numbered, ...]:
    """Every prompt of `ivr_prompts/prompts.yaml`, in its order."""
    written = YAML(typ="safe").load(path.read_text("utf-8"))
    return tuple(
        Numbered(int(number), str(prompt), str(group))
        for group, listed in written.items()
        for number, prompt in listed.items()
    )
