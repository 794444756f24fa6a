"""Whatever is broken in a tree, staff read file, node, line, what is wrong, and how it is mended."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.cli import main
from hotline.flow.check_tree import find_doubts
from hotline.flow.load_tree import load_tree, read_tree
from hotline.flow.prompts import PROMPTS, read_scripts
from hotline.flow.tree import TreeError

MAIN = (PROMPTS / "trees" / "main.yaml").read_text("utf-8")
TOLD = re.compile(r"broken\.yaml, line [1-9]\d*(, node [^:]+)?: .+: .+")
NAME = "write small letters a to z, digits and _, a letter first, 40 at most"
PROMPT = "write small letters a to z, digits, _ and ., a letter first, 40 at most"
WORD = "write small letters a to z and _, a letter first, 40 at most"
KINDS = (
    "write one of callback, consent, go_to, hang_up, help, hours, information, key_report, language, mailbox, menu,"
    " new_mailbox, play, question, record, review, transfer"
)
COLON = (
    "a colon does not fit here: write one name: value a line, under its neighbours, with a blank after the colon"
    " (look at the line before, too)"
)


def _faults(text: str) -> list[str]:
    with pytest.raises(TreeError) as broken:
        read_tree(text, "broken", scripts=read_scripts(PROMPTS))
    return str(broken.value).splitlines()


def _line(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def _told(text: str, at: str, node: str, says: str) -> str:
    return f"broken.yaml, line {_line(text, at)}{f', node {node}' if node else ''}: {says}"


@pytest.mark.parametrize(
    ("was", "now", "at", "node", "says"),
    [  # what was written, what stands there now, where the fault is, at which node, and all that is said of it
        # a way that leads nowhere
        ("3: topics", "3: tipocs", "3: tipocs", "main_menu", "keys.3 leads to tipocs, which is no node: did you mean topics?"),
        ("3: topics", "3: xyz", "3: xyz", "main_menu", "keys.3 leads to xyz, which is no node: write that node, or name another"),
        ("5: again", "5: agian", "5: agian", "main_menu", "keys.5 leads to agian, which is no node: did you mean again?"),
        ("over: too_long", "over: to_long", "over:", "", "over names to_long, which is no node: did you mean too_long?"),
        ("  danger: danger\n", "  danger: dagner\n", "danger: dagner", "", "keywords.danger names dagner, which is no node: did you mean danger?"),
        ("microphone: message", "microphone: rights", "microphone:", "", "microphone must name a node of kind record: there is message, danger"),
        # a node that no way leads to, or that there is once in a tree
        ("  goodbye:\n", "  lonely:\n    kind: hang_up\n\n  goodbye:\n", "  lonely:", "lonely", "no way leads here: lead to it from another node, or remove it"),
        ("    kind: consent", "    kind: play", "nodes:", "", "no node is of kind consent: write one, on the way from start to the microphone"),
        ("    kind: mailbox", "    kind: language", "  mailbox:", "mailbox", "is of kind language, as choose_language is: a tree has one, lead to choose_language and remove this"),
        # something twice
        ("5: again\n", "5: again\n      5: help\n", "5: help", "main_menu", "key 5 is used twice, first in line 52: give one another key, or remove it"),
        ("5: again\n", '5: again\n      "5": help\n', '"5": help', "main_menu", "key 5 is used twice, first in line 52: give one another key, or remove it"),
        ("1: now\n", "1: now\n      1: soon\n", "1: soon", "callback_when", "key 1 is used twice, first in line 201: give one another key, or remove it"),
        ("  goodbye:\n", "  rights:\n    kind: hang_up\n\n  goodbye:\n", "  rights:\n    kind: hang_up", "rights", "is written twice, first in line 140: give one another name, or remove it"),
        ("    says: [main_menu]\n", "    says: [main_menu]\n    says: [topics]\n", "says: [topics]", "main_menu", "says is written twice, first in line 43: keep one of them"),
        ("over: too_long", "over: too_long\nover: goodbye", "over: goodbye", "", "over is written twice, first in line 7: keep one of them"),
        ("    anew: message", '    anew: message\n    anew_key: "3"', "3: new_mailbox", "review", "key 3 is keys.3 and anew_key: give one of them another key"),
        ("      0: danger\n", "      0: topics\n", "  main_menu:\n", "main_menu", "key 0 is for danger wherever callers are: give this another key"),
        ("5: again\n", "5: again\n      '*': topics\n", "  main_menu:\n", "main_menu", "key * is for another language wherever callers are: give this another key"),
        # a loop
        ("text: rights\n    next: main_menu", "text: rights\n    next: rights", "  rights:\n    kind", "rights", "goes round for ever (rights > rights): lead one of them to a node that waits for a key, or to an end"),
        ("text: rights\n    next: main_menu", "text: rights\n    next: rights", "  rights:\n    kind", "rights", "neither the microphone nor an end can be reached: lead one of its ways there"),
        ("    nothing: nothing_heard", "    nothing: message", "  message:\n", "message", "who says and presses nothing goes round for ever (message > message): let otherwise, nothing or next of one of them lead to an end"),
        # no words
        ("says: [speak]", "says: [spaek]", "says: [spaek]", "message", "spaek has no words in ne: write it in ivr_prompts/ne/script.yaml, or mend the name"),
        ("[my, th, ne, en]", "[my, TH]", "languages:", "", "language TH has no script: did you mean th?"),
        ("[my, th, ne, en]", "[my, my]", "languages:", "", "language my is offered twice: remove one"),
        # a field
        ("    seconds: 5", "    secnds: 5", "secnds", "choose_language", "secnds is no field of a node of kind language: did you mean seconds?"),
        ("    kind: hang_up\n    says: [goodbye]\n\n  too_long", "    kind: hang_up\n    keys: {}\n\n  too_long", "keys: {}", "goodbye", "keys is no field of a node of kind hang_up: remove it; there are says, text"),
        ("keys:\n      1: message", "next: message\n    keys:\n      1: message", "next: message", "main_menu", "next is no field of a node of kind menu: remove it; there are after_wrong, keys, no_key, otherwise, says, says_wrong, seconds, text, wrong_key"),
        ("    seconds: 5", "    secnds:", "secnds", "choose_language", "secnds is no field of a node of kind language: did you mean seconds?"),
        ("over: too_long", "ovr: too_long", "ovr", "", "ovr is no field of a tree: did you mean over?"),
        ("over: too_long", "ovr: too_long", "#", "", "over is missing: write a line over: …"),
        ("says: [consent]\n    next: main_menu", "says: [consent]", "  consent:\n", "consent", "next is missing: write a line next: …"),
        ("says: [consent]\n    next: main_menu", "says: [consent]\n    next:", "next:\n", "consent", "next is empty: write a value, or remove the line"),
        ("says: [consent]\n    next: main_menu", "says: [consent]\n    next: 5", "next: 5", "consent", "next is “5”, which is no word: write one, or put it in quotes"),
        ("says: [consent]\n    next: main_menu", "says: [consent]\n    next: [topics]", "next: [topics]", "consent", "next is “['topics']”: write one word, without brackets"),
        ("says: [consent]\n    next: main_menu", "says: [consent]\n    next: Main Menu", "next: Main", "consent", f"next is “Main Menu”: {NAME}"),
        ("says: [consent]", "says: consent", "says: consent", "consent", "says is no list: write it in brackets, as [consent]"),
        ("says: [consent]", "says: []", "says: []", "consent", "says is empty: write at least one"),
        ("says: [consent]", "says: [Consent]", "says: [Consent]", "consent", f"says is “Consent”: {PROMPT}"),
        ("    keys:\n      3: new", "    keys: 3 # new", "keys: 3", "review", "keys is “3”: write lines of name: value in its place"),
        ("      5: again", "      A: again", "A: again", "main_menu", "“A” cannot stand in keys: write one of 0 to 9, * and #"),
        ("1: now", "1: true", "1: true", "callback_when", "answers.1 is “true”, which is no word: write one, or put it in quotes"),
        ("1: now", "1: Now!", "1: Now!", "callback_when", f"answers.1 is “Now!”: {WORD}"),
        ("    seconds: 5", "    seconds: soon", "seconds: soon", "choose_language", "seconds is “soon”: write a whole number"),
        ("    seconds: 5", "    seconds: 5.5", "seconds: 5.5", "choose_language", "seconds is “5.5”: write a whole number"),
        ("    seconds: 5", "    seconds: 0", "seconds: 0", "choose_language", "seconds is “0”: write 1 or more"),
        ("    seconds: 5", "    seconds: 90", "seconds: 90", "choose_language", "seconds is “90”: write 60 or less"),
        ("urgency: danger", "urgency: dangerous", "urgency: dangerous", "danger", "urgency is “dangerous”: did you mean danger?"),
        ("urgency: danger", "urgency: now", "urgency: now", "danger", "urgency is “now”: write danger, urgent or standard"),
        # a node
        ("kind: information", "kind: informaton", "  rights:\n    kind", "rights", "“informaton” is no kind of node: did you mean information?"),
        ("kind: information", "kind: page", "  rights:\n    kind", "rights", f"“page” is no kind of node: {KINDS}"),
        ("    kind: information\n", "", "  rights:\n    says", "rights", f"kind is missing: {KINDS}"),
        ("    kind: information\n", "    kind:\n", "  rights:\n    kind", "rights", f"kind is empty: {KINDS}"),
        ("  goodbye:\n", "  empty:\n\n  goodbye:\n", "  empty:", "empty", "a node is lines of name: value: write them, kind first"),
        ("  goodbye:\n", "  Good Bye:\n", "  Good Bye:", "Good Bye", f"“Good Bye” cannot stand in nodes: {NAME}"),
        # no YAML
        ("    seconds: 5", "\tseconds: 5", "\tseconds", "", "a tab is no blank in YAML: write blanks in its place"),
        ("    seconds: 5", "   seconds: 5", "   seconds", "", "this line does not begin under its neighbours: give it as many blanks as they have"),
        ("start: choose", "  start: choose", "greeted:", "", "this line does not begin under its neighbours: give it as many blanks as they have"),
        ("    seconds: 5", "      seconds: 5", "      seconds", "", COLON),
        ("kind: consent", "kind: consent: yes", "kind: consent:", "", COLON),
        ("says: [consent]", "says: [consent", "says: [consent\n", "", "the bracket that opens here is not closed: close it, and mind the quotes in it"),
        ("  mailbox:\n    kind", "  mailbox:\n    text: 'x\n    kind", "text: 'x", "", "the quote that opens here is not closed: close it"),
        ("says: [consent]", "says: @consent", "says: @consent", "", "a word cannot begin with this sign: put it in quotes"),
        ("      5: again", "      *: again", "*: again", "", 'the key * is no word to YAML: put it in quotes, as "*"'),
        ("  goodbye:\n", "---\n  goodbye:\n", "---", "", "a second document begins here: a file holds one tree, remove the ---"),
        ("5: again", "5: again\x07", "5: again", "", "a sign that cannot be seen is no YAML: remove it, or write the line anew"),
    ],
)  # fmt: skip
def test_a_fault_says_where_it_is_what_it_is_and_how_it_is_mended(
    was: str, now: str, at: str, node: str, says: str
) -> None:
    text = MAIN.replace(was, now, 1)
    assert text != MAIN
    faults = _faults(text)
    assert _told(text, at, node, says) in faults
    assert all(TOLD.fullmatch(fault) for fault in faults), faults


BREAKS = {
    "gone": lambda line: [],
    "twice": lambda line: [line, line],
    "deeper": lambda line: [f"  {line}"],
    "less deep": lambda line: [line[1:]],
    "without its value": lambda line: [line.partition(":")[0] + ":"],
    "without its colon": lambda line: [line.replace(":", "", 1)],
    "with another value": lambda line: [line.partition(":")[0] + ": [5]"],
    "in capitals": lambda line: [line.upper()],
}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, MAIN.count("\n") - 1), st.sampled_from(sorted(BREAKS)))
def test_whatever_becomes_of_a_line_its_fault_is_told_in_our_words(number: int, broken: str) -> None:
    lines = MAIN.splitlines()
    lines[number : number + 1] = BREAKS[broken](lines[number])
    try:
        read_tree("\n".join(lines), "broken")
    except TreeError as faults:
        for fault in faults.faults:
            assert TOLD.fullmatch(f"broken.yaml, {fault}"), fault
            assert 1 <= fault.line <= len(lines)
            assert not re.search(r"Input should|should match|valid |is no YAML|pydantic", fault.says), fault


def test_all_that_is_wrong_is_told_though_a_key_stands_twice() -> None:
    text = MAIN.replace("3: topics", "3: tipocs", 1).replace("5: again\n", "5: again\n      5: help\n", 1)
    unknown, twice = _faults(text)
    assert "keys.3 leads to tipocs" in unknown and "key 5 is used twice" in twice


def test_a_way_that_leads_nowhere_is_told_alone_not_with_all_that_it_was_to_reach() -> None:
    (fault,) = _faults(MAIN.replace("start: choose_language", "start: chose_language"))
    assert "did you mean choose_language?" in fault


def test_what_a_node_takes_over_from_another_is_told_at_its_own_line() -> None:
    text = MAIN.replace("  rights:\n", "  rights: &told\n").replace("  fees:\n", "  fees:\n    <<: *told\n")
    text = text.replace("    text: rights.fees\n    next: documents\n", "    text: rights.fees\n")
    text = text.replace("text: rights\n    next: main_menu", "text: rights\n    next: mani_menu")
    says = "next leads to mani_menu, which is no node: did you mean main_menu?"
    assert _told(text, "  fees:", "fees", says) in _faults(text)


@pytest.mark.parametrize(
    "text", ["[" * 1000, "a: 2026-13-45", f"a: {'9' * 5000}", "nodes: &a {x: *a}", "<<: 3", "? [a]\n: b"]
)
def test_what_yaml_cannot_read_is_told_with_a_mend_and_is_no_error(text: str) -> None:
    assert all(TOLD.fullmatch(fault) for fault in _faults(text))


@pytest.mark.parametrize(
    ("written", "says"),
    [("? [[a]]\n    : b", "a name is one word"), ("says: {[[a]]: b}", "a name is one word"),
     ("next: {{ topics }}", "a name is one word"), ("says: !foo [rights]", "!foo is no kind of value here"),
     ("says: !!bool maybe", "a date or number here cannot be read"),
     ("text: 2024-13-45", "a date or number here cannot be read")],
)  # fmt: skip
def test_what_no_tree_holds_is_told_at_its_line(written: str, says: str) -> None:
    (fault,) = _faults(MAIN.replace("says: [rights.fees]", written, 1))
    assert fault.startswith(f"broken.yaml, line {_line(MAIN, 'says: [rights.fees]')}: {says}")


def test_what_repeats_itself_into_millions_is_told_at_once() -> None:
    more = "".join(
        f"x{number}: &x{number} [{', '.join([f'*x{number - 1}'] * 9)}]\n" for number in range(1, 12)
    )
    for bomb in (MAIN, MAIN.replace("says: [rights]", "says: *x11", 1)):
        assert _faults(f"x0: &x0 [a]\n{more}{bomb}") == [
            "broken.yaml, line 1: what & and * repeat makes this tree too large: write it out"
        ]


def test_a_doubt_says_how_it_is_mended() -> None:
    doubts = list(find_doubts(read_tree(MAIN, "main"), lambda *_: 30.0))
    assert {doubt.says.rpartition(": ")[2] for doubt in doubts} == {
        "say less, or move some to a menu of their own",
        "those of most callers first, others on a line of their own",
    }


def test_a_file_that_is_no_text_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(MAIN.encode().replace(b"    kind: consent", b"    kind: consent # \xe9t\xe9"))
    line = _line(MAIN, "kind: consent")
    said = f"broken.yaml, line {line}: is no UTF-8: save the file as UTF-8"
    with pytest.raises(TreeError, match=said):
        load_tree(path)
    assert said in CliRunner().invoke(main, ["tree", "check", str(path)]).output


def test_check_tells_staff_every_fault_and_doubt_of_their_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(MAIN.replace("    seconds: 5", "    secnds: 5", 1), "utf-8")
    failed = CliRunner().invoke(main, ["tree", "check", str(path)])
    line = _line(MAIN, "    seconds: 5")
    assert failed.exit_code == 1
    assert f"line {line}, node choose_language: secnds is no field" in failed.output
    path.write_text(MAIN.replace("5: again\n", "5: again\n      6: talk\n", 1), "utf-8")
    fine = CliRunner().invoke(main, ["tree", "check", str(path)])
    line = _line(MAIN, "  main_menu:")
    doubt = "has 6 choices; more than 5 are not remembered: move some to a menu of their own"
    assert fine.exit_code == 0
    assert f"broken.yaml, line {line}, node main_menu: {doubt} (a warning)" in fine.output
