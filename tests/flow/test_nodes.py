"""Each kind of node: what it plays, what it waits for, where each answer leads."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.flow.by_text import begin_by_text, hear_text
from hotline.flow.engine import (
    Admitted,
    Clip,
    Dial,
    Facts,
    Gather,
    Heard,
    NobodyTook,
    NoKey,
    NotAdmitted,
    Pressed,
    Record,
    Recorded,
    Talked,
    Turn,
    resume,
    start,
)
from hotline.flow.load_tree import load_tree, read_tree
from hotline.flow.opening import NotHours, hours_at, is_within, read_hours
from hotline.flow.tree import Tree, TreeError
from tests.flow.calling import press_keys, prompts_in, with_nodes

TREE = load_tree(Path(__file__).parents[2] / "ivr_prompts" / "trees" / "main.yaml")
MAIN = (Path(__file__).parents[2] / "ivr_prompts" / "trees" / "main.yaml").read_text("utf-8")
FACTS = Facts(("th", "en"))
MANY = Facts(("my", "th", "km", "lo", "ne", "bn", "id", "vi", "hi", "ta", "fil", "en"))


def _walk(*keys: str, tree: Tree = TREE, facts: Facts = FACTS) -> Turn:
    return press_keys(tree, facts, *keys)


def test_hours_lead_three_ways_and_a_holiday_else_as_closed() -> None:
    node = {"kind": "hours", "open": "main_menu", "closed": "nothing_heard", "holiday": "too_long"}
    tree = with_nodes(TREE, consent={"kind": "consent", "says": ["consent"], "next": "when"}, when=node)
    ends = {hours: _walk("1", tree=tree, facts=replace(FACTS, hours=hours)).position.node
            for hours in ("open", "closed", "holiday")}  # fmt: skip
    assert ends == {"open": "main_menu", "closed": "nothing_heard", "holiday": "too_long"}
    del node["holiday"]
    assert _walk("1", tree=with_nodes(tree, when=node), facts=replace(FACTS, hours="holiday")).wait is None


@pytest.mark.parametrize(("hours", "told"), [("open", []), ("closed", ["closed_now"]), ("holiday", [])])
def test_who_left_a_message_while_it_is_closed_hears_when_it_will_be_heard(
    hours: str, told: list[str]
) -> None:
    facts = replace(FACTS, hours=hours)
    turn = resume(TREE, _walk("1", "1", facts=facts).position, Recorded(5), facts)
    assert prompts_in(turn)[0] == "thanks" and prompts_in(turn)[-1] == "review"
    assert [prompt for prompt in prompts_in(turn) if prompt in ("closed_now", "announce_holiday")] == told


@pytest.mark.parametrize(
    "keys",
    [("0",), ("1", "2"), ("0", "spoke", "2"), ("0", "spoke", "*", "1", "1"), ("1", "4", "0", "spoke", "0")],
)
def test_who_is_in_danger_is_never_told_that_nobody_is_there(keys: tuple[str, ...]) -> None:
    facts = replace(FACTS, hours="closed")
    turn = start(TREE, facts)
    for key in (*keys, "spoke"):
        assert "closed_now" not in prompts_in(turn)
        turn = resume(TREE, turn.position, Recorded(5) if key == "spoke" else Pressed(key), facts)
    assert turn.position.node == "review" and "closed_now" not in prompts_in(turn)


def test_who_said_by_keys_that_they_are_in_danger_never_hears_of_closed_hours() -> None:
    facts = replace(FACTS, hours="closed")
    for urgent, told in (("1", False), ("2", True)):
        asked = _walk("1", "4", "2", "1", "1", urgent, "*", "1", "1", facts=facts)
        assert isinstance(asked.wait, Record)
        turn = resume(TREE, asked.position, Recorded(9), facts)
        assert ("closed_now" in prompts_in(turn)) == told and (asked.position.urgency == "danger") != told


def test_hours_cost_nobody_a_word_before_the_beep() -> None:
    for keys in (("1", "1"), ("1", "2"), ("0",), ("", ""), ("1", "4", "3")):
        heard = [prompts_in(_walk(*keys[:at], facts=replace(FACTS, hours=hours)))
                 for hours in ("open", "closed") for at in range(len(keys) + 1)]  # fmt: skip
        assert heard[: len(heard) // 2] == heard[len(heard) // 2 :]


def test_hours_without_a_way_for_danger_lead_all_alike() -> None:
    node = {"kind": "hours", "open": "review", "closed": "closed_now"}
    facts = replace(FACTS, hours="closed")
    turn = resume(with_nodes(TREE, office=node), _walk("0", facts=facts).position, Recorded(5), facts)
    assert "closed_now" in prompts_in(turn)


def test_questions_are_answered_by_keys_and_add_up_to_a_request() -> None:
    asked = _walk("1", "4", "1")
    assert (asked.position.node, prompts_in(asked)) == ("callback_when", ["callback_when"])
    end = _walk("1", "4", "1", "3", "1")
    assert end.does == ("ask_callback",) and end.wait == Gather(5)
    assert prompts_in(end) == ["callback_thanks", "way_back"]
    report = _walk("1", "4", "2", "3", "1", "2", "2")
    assert report.does == ("report_by_keys",) and "report_thanks" in prompts_in(report)


def test_who_reported_by_keys_or_wishes_to_be_called_is_offered_a_way_back() -> None:
    for keys in (("1", "4", "1", "3", "1"), ("1", "4", "2", "3", "1", "2", "2")):
        offered = _walk(*keys)
        assert prompts_in(offered)[-1] == "way_back"
        asked = resume(TREE, offered.position, Pressed("1"), FACTS)
        assert (prompts_in(asked), asked.wait) == (["new_mailbox_pin"], Gather(10, 4))
        silent = resume(TREE, offered.position, NoKey(), FACTS)
        assert prompts_in(silent) == ["goodbye"] and silent.wait is None


def test_a_wish_of_who_cannot_be_called_is_neither_asked_for_nor_thanked() -> None:
    unheard = replace(FACTS, can_be_called=False)
    told = _walk("1", "4", "1", facts=unheard)
    assert prompts_in(told) == ["callback_cannot", "other_ways"] and told.does == ()
    bare = with_nodes(TREE, callback={"kind": "callback", "says": ["callback_thanks"], "next": "goodbye"})
    straight = _walk("1", "4", "1", tree=bare, facts=unheard)
    assert isinstance(straight.wait, Record) and "callback_thanks" not in prompts_in(straight)


def test_a_question_that_is_not_answered_leads_on_and_the_report_is_made_all_the_same() -> None:
    silent = _walk("1", "4", "2", "1", "", "", "", "", "", "")
    assert silent.does == ("report_by_keys",)


def test_information_is_a_text_for_who_asks_and_can_be_sent_one() -> None:
    heard = _walk("1", "3", "5", facts=replace(FACTS, can_text=True))
    assert prompts_in(heard) == ["rights", "as_text"] and heard.wait == Gather(5)
    sent = resume(TREE, heard.position, Pressed("1"), replace(FACTS, can_text=True))
    assert (
        sent.does == ("send_information",) and sent.topic == "rights" and prompts_in(sent)[0] == "text_sent"
    )
    assert prompts_in(_walk("1", "3", "5")) == ["rights", "main_menu"], (
        "nobody is offered what they cannot have"
    )


def test_too_many_wrong_keys_may_lead_elsewhere_than_none() -> None:
    main = TREE.nodes["main_menu"].model_dump()
    tree = with_nodes(TREE, main_menu={**main, "after_wrong": "other_ways"})
    assert _walk("1", "8", "8", "8", tree=tree).position.node == "other_ways"
    assert _walk("1", "", "", tree=tree).position.node == "message"
    assert _walk("1", "8", "8", "8").position.node == "message", "where nothing else is said, as none"
    lost = MAIN.replace(
        "    wrong_key: 3\n    keys:", "    wrong_key: 3\n    after_wrong: nowhere\n    keys:", 1
    )
    with pytest.raises(TreeError, match="node main_menu: after_wrong leads to nowhere, which is no node"):
        read_tree(lost, "main")


def test_information_goes_on_at_once_or_takes_the_attempts_and_the_way_out_that_are_said() -> None:
    texted = replace(FACTS, can_text=True)
    told = {"kind": "information", "says": ["rights"], "text": "rights", "next": "other_ways"}
    tree = with_nodes(TREE, main_menu=told)
    assert {_walk("1", key, tree=tree, facts=texted).position.node for key in ("", "5")} == {"other_ways"}
    patient = with_nodes(TREE, main_menu={**told, "no_key": 2, "wrong_key": 3, "otherwise": "topics"})
    assert prompts_in(_walk("1", "", tree=patient, facts=texted)) == ["rights", "as_text"]
    assert prompts_in(_walk("1", "5", "5", tree=patient, facts=texted)) == ["wrong_key", "rights", "as_text"]
    assert _walk("1", "", "", tree=patient, facts=texted).position.node == "topics"
    assert _walk("1", "5", "5", "5", tree=patient, facts=texted).position.node == "topics"
    assert ("otherwise", "topics") in list(patient.nodes["main_menu"].targets())


def test_after_the_message_it_can_be_heard_and_said_anew_and_silence_ends_the_call() -> None:
    review = resume(TREE, _walk("1", "1").position, Recorded(4), FACTS)
    again = resume(TREE, review.position, Pressed("1"), FACTS)
    assert again.replay and again.position.node == "review"
    assert isinstance(resume(TREE, review.position, Pressed("2"), FACTS).wait, Record)
    assert resume(TREE, review.position, NoKey(), FACTS).wait is None


def test_more_than_nine_languages_have_a_second_page_and_lead_round_again() -> None:
    first = start(TREE, MANY)
    offered = [clip.language for clip in first.plays if clip.prompt == "language.press"]
    assert offered == list(MANY.languages[:8]) and "language.more" in prompts_in(first)
    more = [clip.language for clip in first.plays if clip.prompt == "language.more"]
    assert more == [MANY.languages[0], MANY.languages[8]], "who waits for the next page understands it"
    second = resume(TREE, first.position, Pressed("9"), MANY)
    assert [clip.language for clip in second.plays if clip.prompt == "language.press"] == list(
        MANY.languages[8:]
    )
    assert resume(TREE, second.position, Pressed("3"), MANY).position.language == "fil"
    assert resume(TREE, second.position, Pressed("9"), MANY).plays == first.plays


@given(st.integers(1, 40))
def test_every_language_of_a_line_has_a_key(count: int) -> None:
    facts = Facts(tuple(f"q{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(count)))
    chosen, turn = set(), start(TREE, facts)
    for _ in range(6):
        for key in "12345678" if count > 9 else "123456789":
            language = resume(TREE, turn.position, Pressed(key), facts).position.language
            chosen |= {language} if language else set()
        turn = resume(TREE, turn.position, Pressed("9"), facts) if count > 9 else turn
    assert chosen == set(facts.languages)


def test_who_wishes_for_this_evening_when_it_is_over_is_told_so_and_asked_again() -> None:
    late = replace(FACTS, evening_over=True)
    told = _walk("1", "4", "1", "2", facts=late)
    assert prompts_in(told) == ["callback_late", "callback_when"] and told.does == ()
    assert _walk("1", "4", "1", "2", "4", "2", facts=late).does == ("ask_callback",)
    assert _walk("1", "4", "1", "2", "2").does == ("ask_callback",), "in time"
    for keys in (("2", "2", "2"), ("2", "", "")):
        turn = _walk("1", "4", "1", *keys, facts=late)
        assert isinstance(turn.wait, Record) and turn.does == (), "never round and round, and nothing is owed"
        assert "callback_late" not in prompts_in(turn), "nobody is told to choose and then not asked"


def test_a_question_without_words_for_a_late_evening_is_texted_again_as_it_stands() -> None:
    node = TREE.nodes["callback_when"].model_copy(update={"text_late": None})
    tree = TREE.model_copy(update={"nodes": {**TREE.nodes, "callback_when": node}})
    asked = begin_by_text(tree, "callback_when", "th", chosen=True, facts=FACTS)
    assert asked.position
    told = hear_text(tree, asked.position, "2", replace(FACTS, evening_over=True))
    assert told and told.says == "when"


def test_only_questions_of_an_evening_have_words_for_its_end() -> None:
    assert "callback_late" in set(TREE.nodes["callback_when"].prompts())
    assert "when_late" in set(TREE.nodes["callback_when"].texts())
    assert not {"callback_late"} & set(TREE.nodes["report_what"].prompts())


@pytest.mark.parametrize("keys", [("1",), ("1", "4"), ("1", "4", "1"), ("1", "4", "2"), ("1", "4", "4")])
def test_one_key_changes_the_language_wherever_a_key_is_waited_for(keys: tuple[str, ...]) -> None:
    assert _walk(*keys, "*").position.node == "choose_language"


def test_danger_is_one_key_from_both_menus_and_urgent_at_once() -> None:
    for keys in (("0",), ("1", "2")):
        turn = _walk(*keys)
        assert isinstance(turn.wait, Record) and turn.position.urgency == "danger"
        assert "consent" in prompts_in(turn) or turn.position.consented


@pytest.mark.parametrize(
    "keys", [("1", "3"), ("1", "3", "1"), ("1", "3", "5"), ("1", "4"), ("1", "4", "1"), ("1", "4", "2")]
)
def test_nought_is_danger_wherever_a_key_is_waited_for(keys: tuple[str, ...]) -> None:
    facts = replace(FACTS, can_text=True)
    here = _walk(*keys, facts=facts)
    assert isinstance(here.wait, Gather)
    turn = resume(TREE, here.position, Pressed("0"), facts)
    assert prompts_in(turn) == ["danger_recorded", "speak_danger"] and turn.position.urgency == "danger"


def test_nought_is_a_digit_where_a_code_is_pressed() -> None:
    assert _walk("1", "4", "4", "0").position.node == "mailbox"


def test_an_announcement_stands_before_the_line_and_callers_may_go_straight_to_the_microphone() -> None:
    told = start(TREE, replace(FACTS, announcement="announce_busy"))
    assert prompts_in(told)[0] == "announce_busy" and isinstance(told.wait, Gather)
    straight = start(TREE, replace(FACTS, announcement="announce_trouble", straight=True, remembered="en"))
    assert prompts_in(straight) == ["announce_trouble", "consent", "speak"] and isinstance(
        straight.wait, Record
    )
    assert {clip.language for clip in straight.plays} == {"en"}


@pytest.mark.parametrize("remembered", [None, "ne"])
def test_on_a_holiday_of_the_line_that_is_said_first_unless_staff_announce_something(
    remembered: str | None,
) -> None:
    def first(**facts: Any) -> str:
        return prompts_in(start(TREE, replace(FACTS, remembered=remembered, **facts)))[0]

    usual = first()
    assert first(hours="open") == first(hours="closed") == usual != "announce_holiday"
    assert first(hours="holiday") == "announce_holiday"
    assert first(hours="holiday", announcement="announce_trouble") == "announce_trouble"


def test_a_transfer_rings_who_speaks_the_language_and_ends_at_the_microphone() -> None:
    nobody = _walk("1", "4", "3")
    assert prompts_in(nobody)[0] == "nobody_free" and isinstance(nobody.wait, Record)
    duty = replace(FACTS, on_duty=frozenset({"th"}))
    ringing = _walk("1", "4", "3", facts=duty)
    assert ringing.wait == Dial(20) and prompts_in(ringing) == ["talk_wait"]
    assert resume(TREE, ringing.position, Talked(), duty).wait is None
    assert isinstance(resume(TREE, ringing.position, NobodyTook(), duty).wait, Record)


def test_a_mailbox_asks_for_code_and_pin_and_never_says_which_was_wrong() -> None:
    code = _walk("1", "4", "4")
    assert code.wait == Gather(10, 12)
    pin = resume(TREE, code.position, Pressed("123456789012"), FACTS)
    assert pin.wait == Gather(10, 4) and "123456789012" not in pin.position.to_query()
    short = resume(TREE, code.position, Pressed("123"), FACTS)
    refused = resume(TREE, pin.position, NotAdmitted(), FACTS)
    assert prompts_in(short) == prompts_in(refused) == ["mailbox_refused", "mailbox_code"]
    for _ in range(2):
        refused = resume(TREE, refused.position, NotAdmitted(), FACTS)
    assert isinstance(refused.wait, Record), "who has lost the code can still speak"
    inside = resume(TREE, pin.position, Admitted((Clip("mailbox_heard", "th"),)), FACTS)
    assert prompts_in(inside)[0] == "mailbox_heard" and isinstance(inside.wait, Record)


BANGKOK = ZoneInfo("Asia/Bangkok")
WEEK = "mon-fri 09:00-17:30; sat 09:00-12:00"


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        ("2026-11-25T09:00", "open"), ("2026-11-25T08:59", "closed"), ("2026-11-25T17:30", "closed"),
        ("2026-11-28T11:59", "open"), ("2026-11-29T11:00", "closed"), ("2026-12-07T11:00", "holiday"),
    ],
)  # fmt: skip
def test_hours_are_those_of_the_lines_own_day(at: str, hours: str) -> None:
    assert (
        hours_at(WEEK, ("2026-12-07",), datetime.fromisoformat(at).replace(tzinfo=BANGKOK), BANGKOK.key)
        == hours
    )


def test_a_day_that_ends_at_midnight_has_its_last_minute() -> None:
    last = datetime(2026, 11, 29, 23, 59, 59, 999999, tzinfo=BANGKOK)
    assert is_within("mon-sun 00:00-24:00", last, BANGKOK.key)
    assert not is_within("mon-sun 00:00-23:59", last, BANGKOK.key)


def test_no_hours_are_all_hours_and_a_week_may_wrap() -> None:
    sunday = datetime(2026, 11, 29, 23, 0, tzinfo=BANGKOK)
    assert is_within("", sunday, BANGKOK.key) and is_within("sat-mon 22:00-23:59", sunday, BANGKOK.key)


@pytest.mark.parametrize(
    "written", ["monday 9-5", "mon 9:00-17:00", "mon 17:00-09:00", "xyz 09:00-10:00", "mon 09:00-25:00"]
)
def test_hours_that_cannot_be_read_say_what_is_wrong(written: str) -> None:
    with pytest.raises(NotHours, match=r"is not written|there is not|ends before"):
        read_hours(written)


_ANY: st.SearchStrategy[Heard] = st.sampled_from(
    [NoKey(), *(Pressed(key) for key in "0123456789*#"), Talked(), NobodyTook(), NotAdmitted(), Admitted(())]
)


@given(
    st.lists(_ANY, min_size=45, max_size=45),
    st.sampled_from([FACTS, MANY, replace(FACTS, on_duty=frozenset({"th"}))]),
)
def test_no_way_through_the_whole_tree_is_a_dead_end(heard: list[Heard], facts: Facts) -> None:
    turn = start(TREE, facts)
    for answer in heard:
        if turn.wait is None:
            return
        assert turn.plays or turn.replay
        turn = resume(TREE, turn.position, answer, facts)
    assert turn.wait is None or isinstance(turn.wait, Record)
