"""Segments as the carrier bills them, commands as the carrier knows them."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.flow.engine import Facts, Pressed, resume, start
from hotline.flow.load_tree import load_tree
from hotline.flow.position import Position
from hotline.flow.prompts import PROMPTS, Catalogue, Script, ScriptError
from hotline.flow.reference import is_reference, new_reference, printed, reference_of
from hotline.flow.texts import command, plain_form, segments

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("က" * 70, 1), ("က" * 71, 2), ("က" * 134, 2), ("က" * 135, 3), ("it’s", 1), ("’" + "a" * 70, 2),
        ("😀" * 35, 1), ("😀" * 36, 2), ("€" * 153, 3), ("a" * 152 + "€" + "a" * 152, 3),
        ("a" * 151 + "€" + "a" * 153, 2), ("က" * 66 + "😀" + "က" * 66, 3), ("က" * 65 + "😀" + "က" * 67, 2),
    ],
)  # fmt: skip
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


SIGNS = {"a": 1, "é": 1, "€": 2, "{": 2}, {"က": 1, "a": 1, "€": 1, "😀": 2, "𝔞": 2}


@given(st.sampled_from(SIGNS), st.data())
def test_no_pair_is_torn_between_two_parts(costs: dict[str, int], data: st.DataObject) -> None:
    """Against parts that are really cut: the longest beginning that fits, as units, ends at no half of a pair."""
    text = "".join(data.draw(st.lists(st.sampled_from(sorted(costs)), max_size=500)))
    if "က" in costs:
        text += "က"
    one, each = (70, 67) if "က" in costs else (160, 153)
    units = [half for sign in text for half in ((sign, 1), (sign, 2))[: costs[sign]]]
    parts = 0 if not units else 1
    if len(units) > one:
        parts = 0
        while units:
            cut = min(each, len(units))
            if cut < len(units) and units[cut][1] == 2:
                cut -= 1
            units, parts = units[cut:], parts + 1
    assert segments(text) == parts


@given(st.text(max_size=500))
def test_any_text_has_a_count(text: str) -> None:
    assert 0 <= segments(text) <= 20


@pytest.mark.parametrize(
    ("sign", "plain"),
    [
        ("\u2010", "-"), ("\u2011", "-"), ("\u2012", "-"), ("\u2212", "-"), ("`", "'"), ("´", "'"), ("‹", "'"),
        ("›", "'"), ("«", '"'), ("»", '"'), ("‟", '"'), ("‛", "'"), ("\u200b", ""), ("\u2060", ""), ("\ufeff", ""),
        ("\u00ad", ""), ("\u2009", " "), ("\u2003", " "), ("\u200a", " "), ("\u3000", " "), ("\t", " "),
    ],
)  # fmt: skip
def test_signs_that_double_the_price_have_a_plain_form(sign: str, plain: str) -> None:
    words = "a" * 80
    assert (segments(sign + words), plain_form(sign + words)) == (2, plain + words)


def test_signs_that_join_letters_stay() -> None:
    assert plain_form("नि\u200dर \u200c") == "नि\u200dर \u200c"


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("stop", "stop"),
        (" Quit ", "stop"),
        ("START", "start"),
        ("info", "help"),
        ("STOP.", "stop"),
        ("Stop!", "stop"),
        ("“stop”", "stop"),
        ("Stop  all", "stop"),
        ("stop 🛑", "stop"),
        ("Yes.", None),
        ("Info!", None),
        ("please stop him", None),
        ("...", None),
        ("", None),
    ],
)
def test_commands(text: str, is_: str | None) -> None:
    assert command(text) == is_


@pytest.mark.parametrize("written", ["{}", " {}. ", "{}!", "“{}”", "({})", "{}?", "{}။", "{} 🙏", "\n{}\n"])
def test_every_word_that_asks_for_something_does_so_however_it_ends(written: str) -> None:
    catalogue = Catalogue.load(PROMPTS, PROMPTS / "none")
    for language, script in catalogue.scripts.items():
        for what, words in script.words.items():
            for word in words:
                asked = catalogue.asked_for(written.format(word))
                assert asked and asked[0] == what and language in asked[1], word


@given(st.text(max_size=40))
def test_a_call_has_one_number_and_it_is_well_formed(sid: str) -> None:
    number = reference_of(sid)
    assert number == reference_of(sid) and is_reference(number)
    assert printed(number).replace(" ", "").replace("-", "") == number


@given(st.integers(0, 6), st.integers(1, 9), st.integers(0, 5))
def test_one_wrong_digit_or_two_swapped_are_noticed(where: int, by: int, swap: int) -> None:
    number = new_reference()
    wrong = number[:where] + str((int(number[where]) + by) % 10) + number[where + 1 :]
    assert not is_reference(wrong)
    if number[swap] != number[swap + 1]:
        assert not is_reference(number[:swap] + number[swap + 1] + number[swap] + number[swap + 2 :])


SCRIPTS = Catalogue.load(ROOT / "ivr_prompts", ROOT / "none").scripts


@pytest.mark.parametrize("language", sorted(SCRIPTS))
def test_every_text_of_ours_fits_into_one_segment(language: str) -> None:
    for name, words in SCRIPTS[language].texts.items():
        told = words.replace("{reference}", "771 204-3").replace("{code}", "123 456 789 012")
        assert segments(told) == 1, f"{name}: {words}"


@pytest.mark.parametrize("language", sorted(SCRIPTS))
def test_every_language_says_and_writes_what_english_does(language: str) -> None:
    english = SCRIPTS["en"]
    assert _not_of_numbers(SCRIPTS[language]) == _not_of_numbers(english)
    assert set(SCRIPTS[language].texts) == set(english.texts)
    assert SCRIPTS[language].written_by


def _not_of_numbers(script: Script) -> set[str]:
    """All but what this language alone needs for its numbers and days, and all of which it has."""
    assert script.numbers
    parts = frozenset[str]().union(*script.numbers.needs.values())
    assert parts <= set(script.prompts)
    return {prompt for prompt in script.prompts if prompt not in parts or prompt.startswith("digit.")}


def test_the_languages_of_the_field_are_all_there() -> None:
    assert {"my", "th", "km", "lo", "ne", "bn", "id", "vi", "hi", "ta", "fil", "en"} <= set(SCRIPTS)


@pytest.mark.parametrize("tag", ["xal", "ksw", "zh-Hans", "pt-BR"])
def test_a_new_language_is_a_folder_and_no_code(tmp_path: Path, tag: str) -> None:
    shutil.copytree(ROOT / "ivr_prompts", tmp_path / "prompts")
    made = tmp_path / "prompts" / tag
    made.mkdir()
    words = (ROOT / "ivr_prompts" / "en" / "script.yaml").read_text("utf-8").replace("For English", "Oroldg")
    (made / "script.yaml").write_text(words, "utf-8")
    catalogue = Catalogue.load(tmp_path / "prompts", tmp_path / "none")
    facts = Facts((tag, "en"))
    tree = load_tree(tmp_path / "prompts" / "trees" / "main.yaml")
    turn = start(tree, facts)
    offers = [
        catalogue.text(clip.prompt, clip.language) for clip in turn.plays if clip.prompt == "language.press"
    ]
    assert offers == ["Oroldg, press", "For English, press"]
    chosen = resume(tree, turn.position, Pressed("1"), facts).position
    assert Position.from_address(chosen.to_query()).language == tag, "from one webhook to the next"


def test_a_folder_that_is_no_tag_says_so(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "ivr_prompts" / "en", tmp_path / "zh_TW")
    with pytest.raises(ScriptError, match=r"zh_TW.*name the folder by its language"):
        Catalogue.load(tmp_path, tmp_path / "none")
