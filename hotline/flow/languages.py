"""In which language a text is written: by its letters, then by the words and signs that tell it from others."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

# Of a language, and the name of its folder (BCP 47).
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}\Z")
FEW, CERTAIN = 2, 2  # words of a text of which one tells its language; words that tell that of a longer one
UNSPACED = ("THAI", "LAO", "KHMER", "MYANMAR")  # letters of languages that set no blanks between words


@dataclass(frozen=True)
class Tells:
    """What says that a text is in this language: its letters, and what no other language of those letters has."""

    letters: str = ""  # as Unicode names them: MYANMAR, LATIN
    words: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()

    def count(self, text: str) -> int:
        """How many different words and signs of it are there; `text` as `plain` makes it."""
        return len(self.words.intersection(_words(text))) + len(self.signs.intersection(text))


def plain(text: str) -> str:
    """As texts are compared, however they were typed."""
    return unicodedata.normalize("NFC", text).casefold()


def one_spelling(name: str) -> str:
    """The same of names that differ in blanks and case at most."""
    return " ".join(plain(name).split())


def bare(text: str) -> str:
    """The words of a text that asks for one thing, without what people put around them: marks, quotes, blanks."""
    words = " ".join(text.split())
    signs = [at for at, sign in enumerate(words) if unicodedata.category(sign)[0] in "LMN"]
    return words[signs[0] : signs[-1] + 1] if signs else ""


def letters_of(text: str) -> str:
    """The letters that most of it is written in; empty where it has none."""
    names = (unicodedata.name(sign, "") for sign in text if _is_letter(sign))
    most = Counter(name.partition(" ")[0] for name in names).most_common(1)
    return most[0][0] if most else ""


def likely_language(
    text: str, offered: tuple[str, ...], known: str | None, tells: Mapping[str, Tells]
) -> str | None:
    """The offered language that a text is written in; `known`, the one they spoke, decides between equals.

    People write every language in Latin letters: those alone say nothing; nor does one word of many, which any
    language borrows, nor as many words of one language as of another.
    """
    text = plain(text)
    letters = letters_of(text)
    fitting = [each for each in offered if letters and each in tells and tells[each].letters == letters]
    if not fitting:
        return None
    told = {language: tells[language].count(text) for language in fitting}
    best = max(fitting, key=lambda language: (told[language], language == known))
    if known in fitting:
        return best
    alike = [language for language in fitting if told[language] == told[best]]
    if len(alike) > 1:
        return None  # nothing tells one from another: they are asked
    if letters == "LATIN" and told[best] < _enough(len(_words(text)), known):
        return None
    return best


def _enough(words: int, known: str | None) -> int:
    """How many words must tell the language of a text that is so long."""
    return 1 if words <= FEW and known is None else CERTAIN


def without(polite: Collection[str], text: str) -> str:
    """What a text says without the polite words before and after it; all as `plain` makes it."""
    for word in polite:
        apart = "" if letters_of(word) in UNSPACED else " "
        shorter = bare(text.removeprefix(word + apart).removesuffix(apart + word))
        if shorter and shorter != text:
            return without(polite, shorter)
    return text


def _words(text: str) -> list[str]:
    return "".join(sign if _is_letter(sign) else " " for sign in text).split()


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM"  # vowel signs are marks, and belong to the word
