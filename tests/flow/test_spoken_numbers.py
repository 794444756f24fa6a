"""Numbers, days and counts are spoken by rules that are data; a new language needs no code."""

import re
import unicodedata
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indic_numtowords import num2words
from unicode_rbnf import RbnfEngine

from hotline.flow.prompts import PROMPTS, Catalogue, Script, ScriptError, Sound, read_script, read_scripts
from hotline.flow.spoken_numbers import ANSWERS, ASKED, DATES, LEFT, MOST, RuleFault, number_of, read_rules
from hotline.flow.turn import Clip

SCRIPTS = read_scripts(PROMPTS)
ALL = st.integers(0, MOST)


def _said(language: str, number: int, kind: str = "number") -> str:
    script = SCRIPTS[language]
    assert script.numbers
    return " ".join(script.prompts[prompt] for prompt in script.numbers.say(kind, number))


def _bare(text: str) -> str:
    """Without blanks (some have no width), hyphens and the accents of dictionaries."""
    return re.sub(r"[\s\u200b\u200c\u2060-]", "", unicodedata.normalize("NFC", text))


# Two libraries that know nothing of ours: Unicode's CLDR rules (unicode-rbnf), and AI4Bharat's (indic-numtowords).
# The pairs say where a language has two ways to say or to spell it, and we chose the other one.
CLDR: dict[str, list[tuple[str, str]]] = {
    "th": [(r"(ร้อย|พัน)หนึ่ง$", r"\1เอ็ด")],  # the Royal Society's way: เอ็ด after hundreds, too
    "vi": [("mươitư", "mươibốn"), ("lẻ", "linh")],
    "id": [],
    "km": [],
    "hi": [],
    "ne": [("शुन्य", "शून्य"), ("तिन(?=$|सय|हजार)", "तीन")],
    "lo": [("ศูนย์", "ສູນ"), ("ร้อย", "ຮ້ອຍ"), ("พัน", "ພັນ")],  # CLDR has Thai letters there, by mistake
    "my": [("ခုနှစ်", "ခုနစ်"), ("ရာ့$", "ရာ"), ("ထောင့်$", "ထောင်"), ("ဆယ်(?!$)", "ဆယ့်"), ("ရာ(?=့?ဆယ့်$)", "ရာ")],
    "fil": [
        ("walâ", "sero"), ("ná", "na"), ("’", "'"), ("labíng(?=[dtsl])", "labin"), ("labíng(?=p)", "labim"),
        ("dalawángpû", "dalawampu"), ("tatlóngpû", "tatlumpu"), ("ápatnapû", "apatnapu"), ("limángpû", "limampu"),
        ("animnapû", "animnapu"), ("pitóngpû", "pitumpu"), ("walóngpû", "walumpu"), ("siyámnapû", "siyamnapu"),
        ("nadaán", "naraan"),
    ],
}  # fmt: skip
AI4BHARAT: dict[str, list[tuple[str, str]]] = {
    "en": [],
    "bn": [
        ("দুশো", "দুইশো"), ("(?<!তি)নশো", "নয়শো"), ("ছশো", "ছয়শো"), ("ষোল$", "ষোলো"), ("ঊনিশ", "উনিশ"), ("আঠাশ", "আটাশ"),
        ("অষ্টআশি", "অষ্টাশি"),
    ],
    "ta": [
        ("பதிமூன்று", "பதின்மூன்று"), ("ஓன்", "ஒன்"), ("ரெண்டு$", "ரண்டு"), ("தொண்ணூரெட்டு", "தொண்ணூற்றுஎட்டு"),
        ("தொண்ணூற்றொ", "தொண்ணூற்றுஒ"), ("தொண்ணூற்றி", "தொண்ணூற்றுஇ"), ("தொண்ணூற்றை", "தொண்ணூற்றுஐ"),
        ("தொண்ணூற்றா", "தொண்ணூற்றுஆ"), ("தொண்ணூற்றே", "தொண்ணூற்றுஏ"), ("^ஐயாயிர", "ஐந்துஆயிர"),
        ("^(இரண்ட|மூன்ற|நான்க|ஆற|ஏழ|எட்ட|ஒன்பத)ாயிர", "\\1ுஆயிர"),
    ],
}  # fmt: skip


def _as_we_write(text: str, pairs: list[tuple[str, str]]) -> str:
    text = _bare(text)
    for theirs, ours in pairs:
        text = re.sub(theirs, ours, text)
    return text


@pytest.mark.parametrize("language", CLDR)
@settings(max_examples=300, deadline=None)
@given(number=ALL)
def test_numbers_are_those_of_unicode(language: str, number: int) -> None:
    theirs = _as_we_write(_engine(language).format_number(number).text, CLDR[language])
    if language == "fil":  # dictionaries mark where a word is stressed; nobody writes it
        theirs = "".join(
            sign for sign in unicodedata.normalize("NFD", theirs) if not unicodedata.combining(sign)
        )
    assert _bare(_said(language, number)) == theirs


@pytest.mark.parametrize("language", AI4BHARAT)
@settings(max_examples=300, deadline=None)
@given(number=ALL)
def test_numbers_are_those_of_another_library(language: str, number: int) -> None:
    theirs = _as_we_write(num2words(number, lang=language), AI4BHARAT[language])
    assert _bare(_said(language, number)) == theirs


@cache
def _engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


# Written by hand, for the languages that no library speaks, and for what a caller would laugh at.
BY_HAND = {
    "shn": {
        0: "သုၼ်", 1: "ၼိုင်ႈ", 5: "ႁႃႈ", 10: "သိပ်း", 11: "သိပ်းဢဵတ်း", 15: "သိပ်းႁႃႈ", 19: "သိပ်းၵဝ်ႈ", 20: "သၢဝ်း",
        21: "သၢဝ်းဢဵတ်း", 25: "သၢဝ်းႁႃႈ", 30: "သၢမ်သိပ်း", 31: "သၢမ်သိပ်းဢဵတ်း", 40: "သီႇသိပ်း", 50: "ႁႃႈသိပ်း",
        55: "ႁႃႈသိပ်းႁႃႈ", 99: "ၵဝ်ႈသိပ်းၵဝ်ႈ", 100: "ၼိုင်ႈပၢၵ်ႇ", 101: "ၼိုင်ႈပၢၵ်ႇၼိုင်ႈ", 110: "ၼိုင်ႈပၢၵ်ႇသိပ်း",
        115: "ၼိုင်ႈပၢၵ်ႇသိပ်းႁႃႈ", 999: "ၵဝ်ႈပၢၵ်ႇၵဝ်ႈသိပ်းၵဝ်ႈ", 1000: "ၼိုင်ႈႁဵင်", 1001: "ၼိုင်ႈႁဵင်ၼိုင်ႈ",
        2026: "သွင်ႁဵင်သၢဝ်းႁူၵ်း",
    },
    "kac": {
        0: "zero", 1: "langai", 5: "manga", 10: "shi", 11: "shi langai", 15: "shi manga", 19: "shi jahku", 20: "hkun",
        21: "hkun langai", 25: "hkun manga", 30: "sumshi", 31: "sumshi langai", 40: "mali shi", 50: "manga shi",
        55: "manga shi manga", 99: "jahku shi jahku", 100: "latsa", 101: "latsa langai", 110: "latsa shi",
        115: "latsa shi manga", 200: "tsa lahkawng", 999: "tsa jahku jahku shi jahku", 1000: "hkying mi",
        1001: "hkying mi langai", 2026: "hkying lahkawng hkun kru",
    },
    "th": {1: "หนึ่ง", 11: "สิบเอ็ด", 20: "ยี่สิบ", 21: "ยี่สิบเอ็ด", 101: "หนึ่งร้อยเอ็ด", 111: "หนึ่งร้อยสิบเอ็ด"},
    "vi": {
        5: "năm", 10: "mười", 15: "mười lăm", 20: "hai mươi", 21: "hai mươi mốt", 25: "hai mươi lăm", 101: "một trăm linh một",
        105: "một trăm linh năm", 110: "một trăm mười", 1001: "một nghìn không trăm linh một",
        2026: "hai nghìn không trăm hai mươi sáu",
    },
    "id": {10: "sepuluh", 11: "sebelas", 12: "dua belas", 100: "seratus", 1000: "seribu", 1111: "seribu seratus sebelas"},
    "fil": {
        11: "labing isa", 12: "labin dalawa", 17: "labim pito", 21: "dalawampu't isa", 400: "apat na raan",
        1001: "isang libo't isa", 2026: "dalawang libo't dalawampu't anim",
    },
    "my": {11: "ဆယ့်တစ်", 21: "နှစ်ဆယ့်တစ်", 70: "ခုနစ်ဆယ်", 101: "တစ်ရာ့တစ်", 200: "နှစ်ရာ", 1001: "တစ်ထောင့်တစ်"},
    "km": {6: "ប្រាំមួយ", 9: "ប្រាំបួន", 16: "ដប់ប្រាំមួយ", 20: "ម្ភៃ", 27: "ម្ភៃប្រាំពីរ"},
    "ta": {21: "இருபத்து ஒன்று", 90: "தொண்ணூறு", 99: "தொண்ணூற்று ஒன்பது", 900: "தொள்ளாயிரம்", 1001: "ஆயிரத்து ஒன்று"},
    "bn": {28: "আটাশ", 55: "পঞ্চান্ন", 99: "নিরানব্বই", 101: "একশো এক"},
    "lo": {11: "ສິບເອັດ", 20: "ຊາວ", 21: "ຊາວເອັດ", 101: "ໜຶ່ງຮ້ອຍໜຶ່ງ"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [(language, number, said) for language, table in BY_HAND.items() for number, said in table.items()],
)
def test_numbers_by_hand(language: str, number: int, said: str) -> None:
    assert _bare(_said(language, number)) == _bare(said)


@pytest.mark.parametrize(
    ("language", "today", "day"),
    [
        ("en", "You left your message today", "You left your message on November third"),
        ("th", "คุณฝากข้อความไว้ วันนี้", "คุณฝากข้อความไว้ เมื่อวันที่ สาม พฤศจิกายน"),
        ("vi", "Bạn đã để lại lời nhắn hôm nay.", "Bạn đã để lại lời nhắn ngày ba tháng mười một"),
        ("hi", "आपने आज संदेश छोड़ा था।", "आपने तीन नवंबर को संदेश छोड़ा था।"),
        ("ne", "तपाईंले आज सन्देश छोड्नुभएको हो।", "तपाईंले नोभेम्बर तीन तारिखमा सन्देश छोड्नुभएको हो।"),
        ("bn", "আপনি আজ আপনার কথা জানিয়েছেন।", "আপনি নভেম্বর মাসের তিন তারিখে আপনার কথা জানিয়েছেন।"),
        ("ta", "நீங்கள் இன்று செய்தி சொன்னீர்கள்.", "நீங்கள் நவம்பர் மூன்று அன்று செய்தி சொன்னீர்கள்."),
        ("my", "သင် ဒီနေ့ စကား ပြောထားခဲ့ပါတယ်။", "သင် နိုဝင်ဘာလ သုံး ရက်နေ့က စကား ပြောထားခဲ့ပါတယ်။"),
        ("km", "អ្នកបានទុកសារ ថ្ងៃនេះ។", "អ្នកបានទុកសារ នៅថ្ងៃទី បី ខែវិច្ឆិកា"),
        ("lo", "ທ່ານຝາກຂໍ້ຄວາມໄວ້ ມື້ນີ້", "ທ່ານຝາກຂໍ້ຄວາມໄວ້ ວັນທີ ສາມ ເດືອນພະຈິກ"),
        ("id", "Anda meninggalkan pesan hari ini.", "Anda meninggalkan pesan tanggal tiga November"),
        ("fil", "Nag-iwan ka ng mensahe ngayong araw.", "Nag-iwan ka ng mensahe noong ikatlo ng Nobyembre"),
        ("shn", "သူ ဝႆႉၶေႃႈၵႂၢမ်း မိူဝ်ႈၼႆႉ", "သူ ဝႆႉၶေႃႈၵႂၢမ်း ဝၼ်းထီႉ သၢမ် လိူၼ် ၼူဝ်ႇဝႅမ်ႇပိူဝ်ႇ"),
        ("kac", "Nang dai ni shiga tawn da ai.", "Nang November shata masum ya shani shiga tawn da ai."),
    ],
)
def test_when_they_left_their_message_is_a_sentence(language: str, today: str, day: str) -> None:
    assert (_said(language, 0, LEFT), _said(language, 1103, LEFT)) == (today, day)


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 2, "You have two answers from us."),
        ("fil", 4, "May apat na sagot kami para sa iyo."),
        ("fil", 21, "May dalawampu't isang sagot kami para sa iyo."),
        ("th", 21, "เรามีคำตอบให้คุณ ยี่สิบ เอ็ด ข้อ"),
        ("vi", 15, "Chúng tôi có mười lăm câu trả lời cho bạn."),
    ],
)
def test_how_many_answers_wait_is_a_sentence(language: str, number: int, said: str) -> None:
    assert _said(language, number, ANSWERS) == said


@pytest.mark.parametrize("language", SCRIPTS)
def test_nothing_that_can_be_asked_needs_a_prompt_that_was_not_foreseen(language: str) -> None:
    numbers = SCRIPTS[language].numbers
    assert numbers
    for kind, spans in ASKED.items():
        said = {prompt for span in spans for number in span for prompt in numbers.say(kind, number)}
        assert said == numbers.needs[kind]
    parts = {
        prompt for prompt in SCRIPTS[language].prompts if prompt.startswith(("number.", "month.", "day."))
    }
    assert parts <= frozenset().union(*numbers.needs.values()), "words that no rule says"


@given(today=st.dates(date(2020, 1, 1), date(2040, 12, 31)), ago=st.integers(-2, 364))
def test_every_day_of_a_year_has_its_number(today: date, ago: int) -> None:
    number = number_of(today - timedelta(ago), today)
    assert any(number in span for span in DATES)
    assert (number == 0) == (ago <= 0) and (number == 1) == (ago == 1)


NIX = """
name: Made up
own_name: Nix
written_by: a test
prompts: {one: ba, five: ki, hand: ta, none: nu, sun: so, dark: du, moon.1: a, moon.2: e, moon.3: i, came: zu, have: vo}
numbers:              # it counts in fives and, from ten on, in hands; its year has three long months
  number:
    0: "none"
    1: "one"
    2: "one one"
    5: "five"
    10: "<< five[ >>]"
    100: "<< hand[ >>]"
  date:
    0: "sun"
    1: "dark"
    100: "=moon= >number>"
  moon:
    100: "moon.1"
    500: "moon.2"
    900: "moon.3"
  left: {0: "came =date="}
  answers: {2: "have =number="}
"""


def _read(tmp_path: Path, text: str) -> Script:
    (tmp_path / "xx").mkdir(exist_ok=True)
    path = tmp_path / "xx" / "script.yaml"
    path.write_text(text, "utf-8")
    return read_script(path)


def test_a_new_language_is_a_folder_and_needs_no_code(tmp_path: Path) -> None:
    numbers = _read(tmp_path, NIX).numbers
    assert numbers
    assert numbers.say("number", 0) == ("none",)
    assert numbers.say("number", 2026) == ("one", "one", "five", "hand", "one", "one", "five", "five")
    assert numbers.say(LEFT, 1103) == ("came", "moon.3", "one", "one")
    assert numbers.say(ANSWERS, 20) == ("have", "one", "one", "five")
    assert numbers.needs[ANSWERS] == {"have", "one", "five"}
    assert numbers.needs["date"] == {"sun", "dark", "moon.1", "moon.2", "moon.3", "one", "five"}


SOUND: dict[str, Any] = {
    "number": {0: "digit.=0=", 10: "<< ten[ >>]"},
    "date": {0: "day", 100: ">number> month.<0<"},
    LEFT: {0: "=date="},
    ANSWERS: {2: "=number="},
}
WORDS = dict.fromkeys(
    ("ten", "day", *(f"digit.{n}" for n in range(10)), *(f"month.{n}" for n in range(1, 13))), "x"
)


def test_sound_rules_pass() -> None:
    assert read_rules(SOUND, WORDS).say("number", 42) == ("digit.4", "ten", "digit.2")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"number": {1: "digit.=0=", 10: "<< ten[ >>]"}}, "number: no rule speaks 0; the first begins at 1"),
        ({"number": {0: "digit.=0=", 10: "<< ten >ones>"}, "ones": {1: "digit.=0="}}, "ones: no rule speaks 0; the first begins at 1"),
        ({"number": {0: "digit.=0=", 10: "<< ten[ >>]", 1000: "=number="}}, "number 1000: 1000 is never done with: number 1000 > number 1000"),
        ({"number": {0: "=a="}, "a": {0: "ten", 7: "ten =b="}, "b": {0: "<a<"}}, "7 is never done with"),
        ({"number": {0: "digit.<0<", 7: "<<"}}, "number 7: 7 is never done with"),
        ({"number": {0: "digit.=0=", 10: "<< tne[ >>]"}}, "number 10: tne has no words in prompts"),
        ({"date": {0: "day", 100: ">number> moth.<0<"}}, "date 100: moth.1 has no words in prompts"),
        ({"number": {0: "digit.=0=", 10: "<tens< ten[ >>]"}}, "number 10: there are no rules tens"),
        ({"number": {0: "digit.=0=", 10: "<< ten[ >>"}}, "number 10: ten[ is neither"),
        ({"number": {0: "digit.=0=", 10: "<< ten[ [>>] ]"}}, "number 10: ten[ is neither"),
        ({"number": {0: "digit.=0=", 10: "<<ten"}}, "number 10: <<ten wants blanks around <number<"),
        ({"number": {0: "digit.=0=", 10: "<number> ten"}}, "number 10: <number> is neither a prompt nor a number by rules"),
        ({"number": {0: "digit.=0=", 20: "<< ten[ >>]", 10: "ten[ >>]"}}, "number 10: stands after 20"),
        ({"number": {0: "digit.=0=", "ten": "ten"}}, "number ten: not a number from 0 to 9999"),
        ({"number": {0: "digit.=0=", 10_000: "ten"}}, "number 10000: not a number from 0 to 9999"),
        ({"number": {True: "ten"}}, "number True: not a number"),
        ({"number": ["ten"]}, "number: rules are numbers"),
        ({"number": {}}, "number: rules are numbers"),
        ({"answers": None}, "answers: rules are numbers"),
    ],
)  # fmt: skip
def test_bad_rules_name_rule_and_fault(changed: dict[str, Any], fault: str) -> None:
    with pytest.raises(RuleFault, match=re.escape(fault)):
        read_rules(SOUND | changed, WORDS)


def test_what_the_hotline_asks_must_have_rules() -> None:
    for kind in ASKED:
        with pytest.raises(RuleFault, match=f"there are no rules {kind}"):
            read_rules({name: rules for name, rules in SOUND.items() if name != kind}, WORDS)


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (
            'numbers: {number: {0: "nothing"}}',
            "xx/script.yaml: numbers, number 0: nothing has no words in prompts",
        ),
        ("numbers: [1, 2]", "xx/script.yaml: "),
        ("numbers:", "xx/script.yaml: "),
        ("numbers: {number: {0: a, 0: b}}", "xx/script.yaml: not YAML"),
    ],
)
def test_a_fault_names_the_file(tmp_path: Path, rule: str, fault: str) -> None:
    with pytest.raises(ScriptError, match=re.escape(fault)):
        _read(tmp_path, NIX.partition("numbers:")[0] + rule)


def _sounds(language: str, *without: str) -> dict[Clip, Sound]:
    clips = (Clip(prompt, language) for prompt in SCRIPTS[language].prompts if prompt not in without)
    return {clip: Sound(clip.prompt, language, "", "placeholder", b"", str(clip)) for clip in clips}


def test_a_number_is_never_half_in_one_language_and_half_in_another() -> None:
    lacks_one = Catalogue(SCRIPTS, _sounds("th", "number.1_last") | _sounds("en"))
    assert {clip.language for clip in lacks_one.spoken("number", 1, "th")} == {"en"}
    whole = Catalogue(SCRIPTS, _sounds("th") | _sounds("en"))
    assert [clip.prompt for clip in whole.spoken("number", 21, "th")] == ["number.20", "number.1_last"]
    assert {clip.language for clip in whole.spoken("number", 21, "th")} == {"th"}
    assert Catalogue(SCRIPTS, {}).spoken("number", 21, "th") == ()
