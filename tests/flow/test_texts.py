"""Segments as the carrier bills them, languages by script, commands as the carrier knows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.flow.reference import is_reference, new_reference, printed, reference_of
from hotline.flow.texts import command, likely_language, segments

OFFERED = ("my", "th", "ne", "en")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("က" * 70, 1), ("က" * 71, 2), ("က" * 134, 2), ("က" * 135, 3), ("it’s", 1), ("’" + "a" * 70, 2),
        ("😀" * 35, 1), ("😀" * 36, 2),
    ],
)  # fmt: skip
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


@given(st.text(max_size=500))
def test_any_text_has_a_count(text: str) -> None:
    assert 0 <= segments(text) <= 20


@pytest.mark.parametrize(
    ("text", "known", "language"),
    [
        ("मेरो तलब", None, "ne"), ("လစာ မရဘူး", None, "my"), ("ไม่ได้เงินเดือน", "my", "th"), ("hello", None, "en"),
        ("hello", "ne", None), ("12000 !!", None, None), ("", None, None), ("សួស្តី", None, None),
        ("OK လစာ မရသေးပါ", None, "my"),
    ],
)  # fmt: skip
def test_the_likely_language(text: str, known: str | None, language: str | None) -> None:
    assert likely_language(text, OFFERED, known) == language


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("stop", "stop"),
        (" Quit ", "stop"),
        ("START", "start"),
        ("info", "help"),
        ("please stop him", None),
        ("", None),
    ],
)
def test_commands(text: str, is_: str | None) -> None:
    assert command(text) == is_


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
