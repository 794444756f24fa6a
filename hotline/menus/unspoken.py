"""What callers of a tree's lines would not hear from a person, were a version of it live."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.carrier.numbers import country_of
from hotline.flow.prompts import Catalogue
from hotline.flow.reach import prompts_wanted
from hotline.flow.tree import Tree
from hotline.studio.coverage import lacking
from hotline.web.shared import language_name

MOST_NAMED = 3  # prompts of a sentence
LINES = sa.text("""
    SELECT number, country, languages FROM lines WHERE tree = :tree AND NOT rehearsal ORDER BY number
    """)


def tell_unspoken(session: Session, words: Catalogue, version: Tree, before: Tree | None) -> list[str]:
    """A sentence for each line and language.

    What callers hear `before` it and what lacks there, too, is not told: to stay with that would give them no more.
    """
    found = []
    for number, said, languages in session.execute(LINES, {"tree": version.name}):
        country = [country_of(number, said)]
        for language in languages:
            script = words.scripts[language]
            wanted = prompts_wanted(version, script, country)
            if before is not None:
                wanted -= prompts_wanted(before, script, country)
            if missing := lacking(session, words, language, wanted):
                some = ", ".join(missing[:MOST_NAMED])
                found.append(
                    f"{number} lacks {len(missing)} approved recordings in {language_name(language)} ({some})."
                )
    return found
