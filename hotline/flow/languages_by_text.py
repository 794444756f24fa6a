"""Which language somebody writes in, asked by texts: each offers what fits in one segment, and a key for the others."""

from hotline.flow.nodes.language import KEYS, MORE_KEY
from hotline.flow.texts import segments
from hotline.flow.turn import Facts

MORE = "..."  # what stands at MORE_KEY: no language has to be read to know that there is more


def languages_by_text(facts: Facts, page: int) -> dict[str, str]:
    """Languages of this text by their key; after the last text comes the first again."""
    pages = _pages(facts)
    return pages[page % len(pages)]


def has_more_texts(facts: Facts) -> bool:
    """Whether the languages take more than one text."""
    return len(_pages(facts)) > 1


def offer_languages(facts: Facts, page: int) -> str:
    """The text: each language by its key, as it calls itself."""
    return _words(facts, languages_by_text(facts, page), more=has_more_texts(facts))


def _pages(facts: Facts) -> list[dict[str, str]]:
    whole = dict(zip(KEYS, facts.languages, strict=False))
    if len(whole) == len(facts.languages) and segments(_words(facts, whole, more=False)) <= 1:
        return [whole]
    pages, left = [], list(facts.languages)
    while left:
        page: dict[str, str] = {}
        for key, language in zip(KEYS.replace(MORE_KEY, ""), left, strict=False):
            longer = page | {key: language}
            if page and segments(_words(facts, longer, more=True)) > 1:
                break
            page = longer
        pages.append(page)
        left = left[len(page) :]
    return pages


def _words(facts: Facts, page: dict[str, str], *, more: bool) -> str:
    names = dict(zip(facts.languages, facts.own_names or facts.languages, strict=True))
    offers = [f"{key} {names[language]}" for key, language in page.items()]
    return " ".join([*offers, f"{MORE_KEY} {MORE}"] if more else offers)
