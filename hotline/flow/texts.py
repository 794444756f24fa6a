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
    """How many segments a text is sent in: 160 or 153 each in GSM-7, 70 or 67 in UCS-2."""
    units, one, each = _units(text)
    if not units:
        return 0
    return 1 if units <= one else -(-units // each)


def overflow(text: str) -> int:
    """How many signs too long it is for one segment; 0 where it fits."""
    units, one, _ = _units(text)
    return max(0, units - one)


def _units(text: str) -> tuple[int, int, int]:
    """(its length, what fits in one segment, and in each of several), in the signs that it is sent in."""
    if all(sign in GSM_7 or sign in GSM_7_TWICE for sign in text):
        return sum(2 if sign in GSM_7_TWICE else 1 for sign in text), *GSM_7_FITS
    return len(text.encode("utf-16-le", "surrogatepass")) // 2, *UCS_2_FITS


PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ",
     "\u202f": " ", "•": "-", "×": "x", "′": "'", "″": '"'}
)  # fmt: skip


def plain_form(text: str) -> str:
    """The same words with quotes, dashes and blanks that GSM-7 has: one curly quote can double a text's price."""
    return text.translate(PLAIN)


def command(text: str) -> Literal["stop", "start", "help"] | None:
    """The command that the carrier itself acts on, if the text is one and nothing else, "Stop!" and "stop all" too."""
    return COMMANDS.get(bare(text).replace(" ", "").upper())


def name_in(text: str, names: Iterable[str]) -> str:
    """The first of these names that the text holds, however it is written; empty where it holds none."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return next((name for name in names if unicodedata.normalize("NFKC", name).casefold() in plain), "")
