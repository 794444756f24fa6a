"""Which language somebody writes in, asked by texts: each offers what fits in one segment, and a key for the others."""

from hotline.flow.packed_offers import pack, put
from hotline.flow.turn import Facts


def languages_by_text(facts: Facts, page: int) -> dict[str, str]:
    """Languages of this text by their key; after the last text comes the first again."""
    return {key: facts.languages[at] for key, at in _offers(facts, page).items()}


def has_more_texts(facts: Facts) -> bool:
    """Whether the languages take more than one text."""
    return len(pack(_names(facts))) > 1


def offer_languages(facts: Facts, page: int) -> str:
    """The text: each language by its key, as it calls itself."""
    return put(_names(facts), _offers(facts, page), more=has_more_texts(facts))


def _offers(facts: Facts, page: int) -> dict[str, int]:
    pages = pack(_names(facts))
    return pages[page % len(pages)]


def _names(facts: Facts) -> tuple[str, ...]:
    return facts.own_names or facts.languages
