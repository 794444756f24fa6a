"""What callers hear: trees without faults, a sound for each prompt, people's approved voices in production."""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.load_tree import load_trees
from hotline.flow.prompts import PROMPTS, Catalogue, ScriptError
from hotline.flow.topics import TOPICS, prompts_of, read_topics
from hotline.flow.tree import Tree, TreeError
from hotline.flow.turn import Clip
from hotline.intake.line_voices import voices_of
from hotline.preflight.database import connected
from hotline.preflight.finding import Finding, fault, fine
from hotline.preflight.offers import Offer, read_live_trees, read_offers
from hotline.settings import Settings
from hotline.studio.coverage import Cell, cover, unspoken
from hotline.studio.sound_book import with_takes
from hotline.webhooks.switchboard import load_catalogue

MEND = "Mend that file."
MOST_NAMED = 5  # prompts of a finding; the studio shows them all
RECORD = "Record people: Prompts, in the console, or hotline prompts take {language} PROMPT FILE --by EMAIL"
UNAPPROVED = "no approved recording of {prompts}: placeholder voices or another language stand in"
# How the table of the studio marks them, what is said of them, and what mends it.
FAULTS: tuple[tuple[tuple[Cell, ...], str, str], ...] = (
    (("voice", "script"), UNAPPROVED, RECORD),
    (
        ("wait",),
        "nobody has approved yet what was recorded of {prompts}",
        "A second person listens to them: Prompts, in the console",
    ),
    (
        ("old",),
        "the words have changed since somebody recorded {prompts}",
        "Record them anew: Prompts, in the console",  # a take there stands before a file
    ),
    (("none",), "no words for {prompts}", "Write them into ivr_prompts/{language}/script.yaml"),
)


def is_everything_spoken(settings: Settings) -> list[Finding]:
    try:
        shipped, trees = load_catalogue(settings), load_trees(PROMPTS)
    except TreeError as broken:
        return [Finding(line, tells_mend=True) for line in str(broken).splitlines()]
    except ScriptError as broken:
        return [Finding(str(broken), tells_mend=True) if broken.tells_mend else Finding(str(broken), MEND)]
    try:
        with connected(settings) as connection, Session(connection) as session:
            wrong = _listen(session, settings, shipped, trees)
    except sa.exc.DBAPIError:
        return fault("What callers of each line hear cannot be read.", "First mend the database.")
    return wrong or fine("Every menu can be heard in each of its languages.")


def listed(names: Sequence[str]) -> str:
    """The first ones, and how many more there are."""
    if len(names) <= MOST_NAMED + 1:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"


def _listen(
    session: Session, settings: Settings, shipped: Catalogue, trees: Mapping[str, Tree]
) -> list[Finding]:
    """Line by line, and language by language."""
    live, wrong = read_live_trees(session, trees)
    words = with_takes(session, shipped)
    cells = cover(session, words, words.scripts) if settings.env == "production" else {}
    for offer in read_offers(session, live):
        for language in offer.languages:
            where = f"{offer.name}, {language}"
            if language not in words.scripts:
                mend = "Take the language away: Lines, in the console"
                wrong.append(Finding(f"{where}: no prompts are written.", mend))
                continue
            if mute := _mute(offer, language, words):
                wrong.append(Finding(f"{where}: no sound for {listed(mute)}.", "Run: hotline prompts make"))
            if cells and not offer.rehearsal:
                wrong += _unapproved(offer, language, words, cells)
    return wrong


def _mute(offer: Offer, language: str, words: Catalogue) -> list[str]:
    """What no voice says, in this language or one that it falls back to."""
    said = prompts_of(offer.tree, read_topics(TOPICS), offer.countries)
    return sorted(
        [f"numbers.{kind}" for kind in offer.tree.speaks() if not words.speaker(kind, language)]
        + [prompt for prompt in said if words.sound(Clip(prompt, language)).source == "tone"]
    )


def _unapproved(offer: Offer, language: str, words: Catalogue, cells: dict[Clip, Cell]) -> Iterator[Finding]:
    lacking = unspoken(cells, language, voices_of(offer.tree, words.scripts[language], offer.countries))
    for marks, says, mend in FAULTS:
        if found := [prompt for prompt in lacking if cells.get(Clip(prompt, language), "none") in marks]:
            told = says.format(prompts=listed(found))
            yield Finding(f"{offer.name}, {language}: {told}.", mend.format(language=language))
