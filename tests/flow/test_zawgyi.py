"""Zawgyi is recognised and converted; Unicode, Shan and everything else stay as they are."""

import pytest
from myanmar.converter import convert

from hotline.flow.prompts import PROMPTS, Catalogue, Script, read_scripts
from hotline.flow.zawgyi import to_unicode

# The sentence that holds every letter, in both (Rabbit, a converter of others, gives it as its own test).
ZAWGYI = "သီဟိုဠ္မွ ဉာဏ္ႀကီးရွင္သည္ အာယုဝဍ္ဎနေဆးၫႊန္းစာကို ဇလြန္ေဈးေဘးဗာဒံပင္ထက္ အဓိ႒ာန္လ်က္ ဂဃနဏဖတ္ခဲ့သည္။"
UNICODE = "သီဟိုဠ်မှ ဉာဏ်ကြီးရှင်သည် အာယုဝဍ်ဎနဆေးညွှန်းစာကို ဇလွန်ဈေးဘေးဗာဒံပင်ထက် အဓိဋ္ဌာန်လျက် ဂဃနဏဖတ်ခဲ့သည်။"
SCRIPTS = read_scripts(PROMPTS)


def _said(script: Script) -> list[str]:
    return [
        *script.prompts.values(),
        *script.texts.values(),
        *(w for ws in script.words.values() for w in ws),
    ]


def test_every_letter_is_converted() -> None:
    assert to_unicode(ZAWGYI) == UNICODE


@pytest.mark.parametrize("language", sorted(SCRIPTS))
def test_nothing_that_we_say_is_taken_for_zawgyi(language: str) -> None:
    assert [words for words in _said(SCRIPTS[language]) if to_unicode(words) != words] == []


def test_what_we_say_typed_in_zawgyi_is_read_as_we_say_it() -> None:
    sentences = [words for words in _said(SCRIPTS["my"]) if len(words) > 20]
    assert len(sentences) > 30
    assert [words for words in sentences if to_unicode(convert(words, "unicode", "zawgyi")) != words] == []


@pytest.mark.parametrize("text", ["", "hello", "၁၂၃", "👍", "\udc80", "ကို"])
def test_what_cannot_be_told_stays(text: str) -> None:
    assert to_unicode(text) == text


def test_a_word_by_which_something_is_asked_is_known_in_either() -> None:
    catalogue = Catalogue(SCRIPTS, sounds={})
    for what, words in SCRIPTS["my"].words.items():
        for word in words:
            asked = catalogue.asked_for(convert(word, "unicode", "zawgyi"))
            assert asked and asked[0] == what and "my" in asked[1]
