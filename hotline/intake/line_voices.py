"""Which voices a line needs before it goes live: a person's, approved, for all that its callers can reach.

Messages for other countries than its own are not among it.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from hotline.flow.prompts import Catalogue
from hotline.flow.reach import prompts_wanted
from hotline.flow.tree import Tree
from hotline.intake.put_notice import NOTICES
from hotline.settings import Settings
from hotline.studio.coverage import lacking


def voices_wanted(
    session: Session, settings: Settings, trees: Mapping[str, Tree], words: Catalogue, country: str
) -> Callable[[str, str], Sequence[str]]:
    """(tree, language) -> the prompts that nobody's approved recording speaks; asked in production alone."""

    def missing(tree: str, language: str) -> Sequence[str]:
        if settings.env != "production" or tree not in trees or language not in words.scripts:
            return ()
        wanted = prompts_wanted(trees[tree], words.scripts[language], [country])
        return lacking(session, words, language, wanted.union(NOTICES))

    return missing
