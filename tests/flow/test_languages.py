"""A text's language: by its letters, by the words of each script's file, and by what they spoke to us."""

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.flow.languages import likely_language
from hotline.flow.prompts import read_script

PROMPTS = Path(__file__).parents[2] / "ivr_prompts"
READ = {path.parent.name: read_script(path) for path in sorted(PROMPTS.glob("*/script.yaml"))}
TELLS = {language: script.tells for language, script in READ.items()}
OFFERED = ("my", "th", "ne", "en")


@pytest.mark.parametrize(
    ("text", "known", "language"),
    [
        ("मेरो तलब", None, "ne"), ("လစာ မရဘူး", None, "my"), ("ไม่ได้เงินเดือน", "my", "th"), ("hello", None, "en"),
        ("hello", "ne", None), ("12000 !!", None, None), ("", None, None), ("សួស្តី", None, None),
        ("OK လစာ မရသေးပါ", None, "my"),
    ],
)  # fmt: skip
def test_letters_tell_where_one_language_is_written_in_them(
    text: str, known: str | None, language: str | None
) -> None:
    assert likely_language(text, OFFERED, known, TELLS) == language


@pytest.mark.parametrize("text", ["ok", "kumusta", "xin chao", "malai sahayog chahiyo", "मदद"])
def test_where_nothing_tells_one_language_from_another_they_are_asked(text: str) -> None:
    everything = tuple(sorted(TELLS))
    assert likely_language(text, everything, None, TELLS) is None
    assert likely_language("मदद", everything, "hi", TELLS) == "hi", "they spoke it before"
    assert likely_language("मदद", ("my", "ne"), None, TELLS) == "ne", "there is no other"


@pytest.mark.parametrize(
    "text",
    [
        "malai talab dieko chaina, malai bachaunuhos",
        "la sa bar nay kaung lar",
        "nai jang mai jai ngoen",
        "tolong saya",
    ],
)
def test_latin_letters_alone_are_no_english_where_no_other_language_of_them_is_offered(text: str) -> None:
    assert likely_language(text, OFFERED, None, TELLS) is None


def test_as_many_words_of_one_language_as_of_another_tell_neither() -> None:
    for offered in (("en", "id"), ("id", "en")):
        assert likely_language("Boss pukul saya", offered, None, TELLS) is None
        assert likely_language("Boss pukul saya", offered, "id", TELLS) == "id", "they spoke it before"


@pytest.mark.parametrize(
    ("text", "known", "language"),
    [
        ("मलाई तलब दिएन", None, "ne"), ("मुझे तनख्वाह नहीं मिली", None, "hi"), ("मुझे तनख्वाह नहीं मिली", "ne", "hi"),
        ("पैसा", "ne", "ne"), ("पैसा", "hi", "hi"),
        ("Gaji saya belum dibayar 3 bulan", None, "id"), ("hindi po ako nasahuran ng amo ko", None, "fil"),
        ("TÔI KHÔNG ĐƯỢC TRẢ LƯƠNG", None, "vi"), ("chu khong tra luong cho toi", None, "vi"),
        ("My boss did not pay my salary", None, "en"), ("anhte hpe gumhpraw n jaw ai", None, "kac"),
        ("please", "my", None), ("they have my passport", "my", "en"), ("ok", "id", "id"),
        ("la sa bar nay kaung lar", "my", None),  # Burmese in Latin letters
        ("mero passport boss le rakheko cha", None, None), ("meri salary nahi mili", None, None),
        ("kyawnaw ko ku nyi par", None, None), ("boss amar beton dey na", None, None),
        ("I need help", None, "en"), ("salary", None, None),
        ("ဢမ်ႇလႆႈၵႃႈႁႅင်း", None, "shn"), ("လစာမရပါ", None, "my"),
    ],
)  # fmt: skip
def test_words_tell_languages_of_the_same_letters_apart(
    text: str, known: str | None, language: str | None
) -> None:
    everything = tuple(sorted(TELLS, reverse=True))
    assert likely_language(text, everything, known, TELLS) == language
    assert likely_language(text, tuple(sorted(TELLS)), known, TELLS) == language


@pytest.mark.parametrize("language", READ)
def test_what_we_say_in_a_language_is_told_from_every_other(language: str) -> None:
    script = READ[language]
    sentences = [words for words in chain(script.prompts.values(), script.texts.values()) if len(words) > 60]
    others_first = (*(other for other in TELLS if other != language), language)
    mistaken = [words for words in sentences if likely_language(words, others_first, None, TELLS) != language]
    assert sentences and len(mistaken) <= len(sentences) / 20, mistaken


@given(st.text(max_size=200), st.sampled_from((None, *READ)))
def test_whatever_is_written_the_answer_is_offered_or_none(text: str, known: str | None) -> None:
    assert likely_language(text, OFFERED, known, TELLS) in (*OFFERED, None)


def test_a_new_folder_needs_no_code(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "script.yaml").write_text(
        "name: Made up\nown_name: Nix\nwritten_by: a test\nprompts: {thanks: Zub zub}\ntells: {words: [zub]}\n"
    )
    tells = {**TELLS, "xx": read_script(folder / "script.yaml").tells}
    assert likely_language("Zub, nix!", ("en", "xx"), None, tells) == "xx"
