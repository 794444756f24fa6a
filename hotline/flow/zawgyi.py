"""Burmese in the older Zawgyi encoding: recognised and turned into Unicode.

Both share their code points, so which one it is can only be guessed (Google's myanmar-tools); what is short, or
Shan, is often guessed wrongly. So a text counts as Zawgyi only where its conversion is Burmese Unicode beyond doubt.
"""

from functools import cache

from myanmar.converter import convert
from myanmartools import ZawgyiDetector

LIKELY, UNLIKELY = 0.95, 0.05  # of being Zawgyi, before and after
ONLY_ZAWGYI = range(
    0x1060, 0x10A0
)  # stacked letters of Zawgyi; in Unicode the letters of Shan, Karen and others


def to_unicode(text: str) -> str:
    """The text, converted where it is Zawgyi."""
    if _detector().get_zawgyi_probability(text) < LIKELY:
        return text
    converted = converted_from_zawgyi(text)
    if any(ord(sign) in ONLY_ZAWGYI for sign in converted):
        return text
    return converted if _detector().get_zawgyi_probability(converted) < UNLIKELY else text


def converted_from_zawgyi(text: str) -> str:
    """What it says in Unicode, if it is Zawgyi: for a word, of which nothing can be told."""
    return str(convert(text, "zawgyi", "unicode"))


@cache
def _detector() -> ZawgyiDetector:
    return ZawgyiDetector()
