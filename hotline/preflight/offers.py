"""What callers are offered: on each line its live tree in its languages; without a line, what is shipped."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.carrier.numbers import country_of
from hotline.flow.load_tree import DEFAULT_TREE
from hotline.flow.studio import STUDIO
from hotline.flow.tree import Tree, TreeError
from hotline.intake.models import Line
from hotline.menus.change_tree import released_tree
from hotline.preflight.finding import Finding


@dataclass(frozen=True)
class Offer:
    """A tree in some languages, by the name that a finding bears."""

    name: str
    tree: Tree
    languages: tuple[str, ...]
    countries: tuple[str, ...] | None = None  # whose rights are told; nothing: any
    rehearsal: bool = False  # may speak with placeholder voices


def read_offers(session: Session, live: Mapping[str, Tree]) -> list[Offer]:
    """`live` are the trees that new calls hear; where a line's is none of them, the default one answers."""
    lines = session.scalars(sa.select(Line).where(Line.tree != STUDIO).order_by(Line.number)).all()
    return [
        Offer(
            line.number,
            live.get(line.tree, live[DEFAULT_TREE]),
            tuple(line.languages),
            (country_of(line.number, line.country),),
            line.rehearsal,
        )
        for line in lines
    ] or [Offer(name, tree, tree.languages) for name, tree in live.items()]


def read_live_trees(session: Session, shipped: Mapping[str, Tree]) -> tuple[dict[str, Tree], list[Finding]]:
    """What new calls hear, as hotline.menus.tree_book has it, and the releases that it cannot use."""
    live, wrong = dict(shipped), []
    for name, tree in shipped.items():
        try:
            live[name] = released_tree(session, tree)
        except TreeError:
            says = f"The released version of {name} has a fault: callers hear the shipped one."
            wrong.append(Finding(says, "Mend it as a new version, and put that live: Menus, in the console."))
    return live, wrong
