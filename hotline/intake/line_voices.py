"""Which voices a line needs before it goes live: a person's, approved, for all that its callers can reach.

Messages for other countries than its own are not among it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from hotline.flow.nodes.request import HELLO, NOT_YOU
from hotline.flow.prompts import Catalogue, Script
from hotline.flow.reach import prompts_wanted
from hotline.flow.tree import Tree
from hotline.intake.put_notice import NOTICES
from hotline.settings import Settings
from hotline.studio.coverage import lacking


def voices_wanted(
    session: Session, settings: Settings, trees: Mapping[str, Tree], words: Catalogue
) -> Callable[[str, str, str], Sequence[str]]:
    """(tree, language, country) -> the prompts that nobody's approved recording speaks; asked in production alone."""

    def missing(tree: str, language: str, country: str) -> Sequence[str]:
        if settings.env != "production" or tree not in trees or language not in words.scripts:
            return ()
        return lacking(session, words, language, voices_of(trees[tree], words.scripts[language], [country]))

    return missing


def voices_of(tree: Tree, script: Script, countries: Collection[str] | None = None) -> set[str]:
    """All that is heard on a line of this tree in this language, with its notices, and when it calls back."""
    return prompts_wanted(tree, script, countries).union(NOTICES, (HELLO, NOT_YOU))
