"""The table of the studio: what each language needs, in groups of which the long ones are folded until opened."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from hotline.flow.numbered import Numbered
from hotline.flow.prompts import Catalogue
from hotline.flow.reach import prompts_wanted
from hotline.flow.tree import Tree
from hotline.flow.turn import Clip
from hotline.studio.coverage import Cell

LONG = 20  # prompts: a longer group is folded


@dataclass(frozen=True)
class Group:
    """Prompts that stand together."""

    name: str
    prompts: tuple[Numbered, ...]
    opened: bool

    @property
    def folds(self) -> bool:
        return len(self.prompts) > LONG

    @property
    def folded(self) -> bool:
        return self.folds and not self.opened

    def count(self, cells: Mapping[Clip, Cell], language: str, wanted: Collection[str]) -> tuple[int, int]:
        """Of what this language needs of it: (approved recordings, all)."""
        needed = [one.prompt for one in self.prompts if one.prompt in wanted]
        return sum(cells.get(Clip(prompt, language)) == "live" for prompt in needed), len(needed)


def wanted_by(
    languages: Iterable[str],
    words: Catalogue,
    numbered: Iterable[Numbered],
    trees: Mapping[str, Tree],
    tree: str | None,
) -> dict[str, set[str]]:
    """What each language needs for a tree; for everything where none is named.

    Parts of numbers and days are each language's own: it needs those that it has.
    """
    if tree:
        return {language: prompts_wanted(trees[tree], words.scripts[language]) for language in languages}
    parts = {
        prompt
        for script in words.scripts.values()
        if script.numbers
        for needs in script.numbers.needs.values()
        for prompt in needs
    }.difference(*(each.prompts() for each in trees.values()))
    common = {one.prompt for one in numbered} - parts
    return {language: common.union(words.scripts[language].prompts) for language in languages}


def group(
    numbered: Iterable[Numbered], wanted: Mapping[str, set[str]], opened: Collection[str]
) -> list[Group]:
    """The groups that hold anything that is wanted; `opened` are the names of those that are not folded."""
    shown = set().union(*wanted.values())
    found: dict[str, list[Numbered]] = {}
    for one in numbered:
        if one.prompt in shown:
            found.setdefault(one.group, []).append(one)
    return [Group(name, tuple(prompts), name in opened) for name, prompts in found.items()]
