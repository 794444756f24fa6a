"""Offers by numbers in a text: each text fits one segment, and its last number leads to the others."""

from collections.abc import Mapping, Sequence

from hotline.flow.keys import KEYS, MORE_KEY
from hotline.flow.texts import segments

MORE = "..."  # what stands at MORE_KEY: no language has to be read to know that there is more


def pack(names: Sequence[str], between: str = " ") -> list[dict[str, int]]:
    """What each text offers, by its key: which of the names."""
    whole = dict(zip(KEYS, range(len(names)), strict=False))
    if len(whole) == len(names) and segments(put(names, whole, between, more=False)) <= 1:
        return [whole]
    pages: list[dict[str, int]] = []
    begins = 0
    while begins < len(names):
        page: dict[str, int] = {}
        for key, at in zip(KEYS.replace(MORE_KEY, ""), range(begins, len(names)), strict=False):
            longer = page | {key: at}
            if page and segments(put(names, longer, between, more=True)) > 1:
                break
            page = longer
        pages.append(page)
        begins += len(page)
    return pages


def put(names: Sequence[str], page: Mapping[str, int], between: str = " ", *, more: bool) -> str:
    """The text of these offers; with `more`, a number for the others."""
    offers = [f"{key} {names[at]}" for key, at in page.items()]
    return between.join([*offers, f"{MORE_KEY} {MORE}"] if more else offers)
