"""Texts: how many segments they cost, and what commands they are."""

import unicodedata
from collections.abc import Iterable
from typing import Literal

from hotline.flow.languages import bare

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)  # 3GPP TS 23.038, 6.2.1
GSM_7_TWICE = frozenset("^{}\\[~]|€\f")  # 6.2.1.1: these cost two
GSM_7_FITS, UCS_2_FITS = (160, 153), (70, 67)  # in one segment, in each of several
COMMANDS: dict[str, Literal["stop", "start", "help"]] = {  # Twilio, default keywords for opt-out
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), "stop"),
    **dict.fromkeys(("START", "YES", "UNSTOP"), "start"),
    **dict.fromkeys(("HELP", "INFO"), "help"),
}


def segments(text: str) -> int:
    """How many segments a text is sent in: 160 or 153 each in GSM-7, 70 or 67 in UCS-2.

    Of several, each is filled sign by sign: no part ends between the halves of a sign that costs two.
    """
    costs, one, each = _costs(text)
    if sum(costs) <= one:
        return 1 if costs else 0
    count, room = 0, 0
    for cost in costs:
        if cost > room:
            count, room = count + 1, each
        room -= cost
    return count


def overflow(text: str) -> int:
    """How many signs too long it is for one segment; 0 where it fits."""
    costs, one, _ = _costs(text)
    return max(0, sum(costs) - one)


def _costs(text: str) -> tuple[list[int], int, int]:
    """(what each of its signs costs, what fits in one segment, and in each of several), as it is sent."""
    if all(sign in GSM_7 or sign in GSM_7_TWICE for sign in text):
        return [2 if sign in GSM_7_TWICE else 1 for sign in text], *GSM_7_FITS
    return [2 if sign > "\uffff" else 1 for sign in text], *UCS_2_FITS


PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛′‹›`´", "'") | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212•", "-") | {"…": "...", "×": "x"}
    | dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " ")
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff", "")  # not seen; those that join letters (200c, 200d) stay
)  # fmt: skip


def plain_form(text: str) -> str:
    """The same words with quotes, dashes and blanks that GSM-7 has: one curly quote can double a text's price."""
    return text.translate(PLAIN)


def command(text: str) -> Literal["stop", "start", "help"] | None:
    """The command that the carrier itself acts on, if the text is one and nothing else.

    Whoever says stop is obeyed however it ends ("Stop!", "stop all"); a "Yes." to staff is no wish for texts.
    """
    meant = COMMANDS.get(bare(text).replace(" ", "").upper())
    return meant if meant == "stop" else COMMANDS.get(text.strip().upper())


def name_in(text: str, names: Iterable[str]) -> str:
    """The first of these names that the text holds, however it is written; empty where it holds none."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return next((name for name in names if unicodedata.normalize("NFKC", name).casefold() in plain), "")
