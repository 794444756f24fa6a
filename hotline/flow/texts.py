"""Texts: how many segments they cost, in which language they are, and what commands they are."""

import unicodedata
from collections import Counter
from typing import Literal

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)  # 3GPP TS 23.038, 6.2.1
GSM_7_TWICE = frozenset("^{}\\[~]|€\f")  # 6.2.1.1: these cost two
SCRIPTS = {
    "MYANMAR": ("my", "shn", "ksw", "kac", "mnw"),
    "THAI": ("th",),
    "DEVANAGARI": ("ne", "hi"),
    "BENGALI": ("bn",),
    "KHMER": ("km",),
    "LAO": ("lo",),
    "TAMIL": ("ta",),
    "LATIN": ("en", "vi", "id", "fil"),
}
COMMANDS: dict[str, Literal["stop", "start", "help"]] = {  # Twilio, default keywords for opt-out
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), "stop"),
    **dict.fromkeys(("START", "YES", "UNSTOP"), "start"),
    **dict.fromkeys(("HELP", "INFO"), "help"),
}


def segments(text: str) -> int:
    """How many segments a text is sent in: 160 or 153 each in GSM-7, 70 or 67 in UCS-2."""
    if all(sign in GSM_7 or sign in GSM_7_TWICE for sign in text):
        units, one, each = sum(2 if sign in GSM_7_TWICE else 1 for sign in text), 160, 153
    else:
        units, one, each = len(text.encode("utf-16-le", "surrogatepass")) // 2, 70, 67
    if not units:
        return 0
    return 1 if units <= one else -(-units // each)


PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ",
     "\u202f": " ", "•": "-", "×": "x", "′": "'", "″": '"'}
)  # fmt: skip


def plain_form(text: str) -> str:
    """The same words with quotes, dashes and blanks that GSM-7 has: one curly quote can double a text's price."""
    return text.translate(PLAIN)


def command(text: str) -> Literal["stop", "start", "help"] | None:
    """The command that the carrier itself acts on, if the text is one and nothing else."""
    return COMMANDS.get(text.strip().upper())


def likely_language(text: str, offered: tuple[str, ...], known: str | None = None) -> str | None:
    """The offered language that a text is written in, by its script; `known` decides between several.

    Latin letters say little (people write every language in them): only a language known before.
    """
    scripts = Counter(
        unicodedata.name(sign, "").partition(" ")[0] for sign in text if unicodedata.category(sign)[0] in "LM"
    )
    written = [script for script, _ in scripts.most_common() if script in SCRIPTS]
    if not written:
        return None
    fitting = [language for language in offered if language in SCRIPTS[written[0]]]
    if known in fitting:
        return known
    if written[0] == "LATIN" and known is not None:
        return None
    return fitting[0] if fitting else None
