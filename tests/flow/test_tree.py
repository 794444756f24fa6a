"""A broken tree names file, node and line, and all its faults at once."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hotline.cli import main
from hotline.flow.check_tree import find_doubts
from hotline.flow.load_tree import load_tree, read_tree, schema_of_trees
from hotline.flow.prompts import Catalogue
from hotline.flow.tree import TreeError

ROOT = Path(__file__).parents[2]
MAIN = (ROOT / "ivr_prompts" / "trees" / "main.yaml").read_text("utf-8")


def _faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "broken.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(TreeError) as broken:
        load_tree(path)
    return str(broken.value).splitlines()


def _line(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_the_shipped_trees_are_sound_and_every_prompt_has_words() -> None:
    scripts = Catalogue.load(ROOT / "ivr_prompts", ROOT / "none").scripts
    for path in (ROOT / "ivr_prompts" / "trees").glob("*.yaml"):
        tree = load_tree(path)
        for language in set(tree.languages) & set(scripts):
            assert tree.prompts() <= set(scripts[language].prompts)


@pytest.mark.parametrize(
    ("was", "now", "node", "says"),
    [
        ("      3: topics", "      3: tipocs", "main_menu", "tipocs"),
        ("    kind: information", "    kind: informaton", "rights", "informaton"),
        ("    seconds: 5\n    no_key: 2\n    wrong_key: 3\n    next", "    seconds: soon\n    no_key: 2\n    wrong_key: 3\n    next", "choose_language", "seconds"),
        ("    urgency: danger", "    urgency: dangerous", "danger", "urgency"),
        ("    says: [rights]", "    say: [rights]", "rights", "say is no field of a node of kind information: did you mean says?"),
        ("      5: again", "      A: again", "main_menu", "keys"),
    ],
)  # fmt: skip
def test_a_fault_names_file_node_and_line(tmp_path: Path, was: str, now: str, node: str, says: str) -> None:
    text = MAIN.replace(was, now, 1)
    assert text != MAIN
    faults = _faults(tmp_path, text)
    assert any(f"node {node}" in fault and says in fault for fault in faults), faults
    assert all(fault.startswith("broken.yaml, line ") for fault in faults)


def test_the_line_is_the_one_that_is_wrong(tmp_path: Path) -> None:
    text = MAIN.replace("      3: topics", "      3: tipocs")
    assert f"line {_line(text, 'tipocs')}," in _faults(tmp_path, text)[0]


def test_several_faults_are_told_together(tmp_path: Path) -> None:
    text = MAIN.replace("      3: topics", "      3: nowhere", 1).replace(
        "microphone: message ", "microphone: rights "
    )
    assert len(_faults(tmp_path, text)) == 2


@pytest.mark.parametrize(
    "text", ["", "[", "a: 1", "- 1", "start: x\nnodes: 3", "\t", "a: 1\na: 2\n", "nodes: {x: {kind: []}}"]
)
def test_what_is_no_tree_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    assert _faults(tmp_path, text)


def test_a_circle_that_never_waits_is_refused(tmp_path: Path) -> None:
    text = MAIN.replace("    text: rights\n    next: main_menu", "    text: rights\n    next: rights")
    assert any("for ever" in fault for fault in _faults(tmp_path, text))


def test_a_node_nobody_reaches_is_a_mistake(tmp_path: Path) -> None:
    text = MAIN + "\n  lonely:\n    kind: hang_up\n    says: [goodbye]\n"
    assert any("lonely" in fault and "no way leads here" in fault for fault in _faults(tmp_path, text))


def test_a_key_used_twice_is_a_mistake_however_it_is_written(tmp_path: Path) -> None:
    text = MAIN.replace("      0: danger\n\n  message", '      0: danger\n      "1": danger\n\n  message')
    assert any("key 1 is used twice" in fault and "main_menu" in fault for fault in _faults(tmp_path, text))


def test_a_loop_that_no_key_leaves_is_refused(tmp_path: Path) -> None:
    text = MAIN.replace("    otherwise: goodbye", "    otherwise: round") + (
        "\n  round:\n    kind: menu\n    says: [goodbye]\n    keys: {1: again}\n    otherwise: round_too"
        "\n  round_too:\n    kind: menu\n    says: [goodbye]\n    keys: {1: round}\n    otherwise: round\n"
    )
    assert any("round" in fault and "can be reached" in fault for fault in _faults(tmp_path, text))


def _unwritten(text: str) -> list[str]:
    scripts = Catalogue.load(ROOT / "ivr_prompts", ROOT / "none").scripts
    with pytest.raises(TreeError) as broken:
        read_tree(text, "broken", scripts=scripts)
    return str(broken.value).splitlines()


def test_a_prompt_without_words_is_a_fault_with_its_node_line_and_mend() -> None:
    text = MAIN.replace("    says: [speak]", "    says: [speak, nobody_wrote_this]")
    faults = _unwritten(text)
    assert len(faults) == 4, "one in each language of the tree"
    line = _line(text, "nobody_wrote_this")
    assert faults[0] == (
        f"broken.yaml, line {line}, node message: nobody_wrote_this has no words in my:"
        " write it in ivr_prompts/my/script.yaml, or mend the name"
    )
    assert read_tree(text, "main").nodes["message"], "a tree that answers calls is read all the same"


def test_words_are_asked_for_in_the_languages_of_a_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalogue.load(ROOT / "ivr_prompts", ROOT / "none")
    khmer = catalogue.scripts["km"]
    lacks = {prompt: words for prompt, words in khmer.prompts.items() if prompt != "speak"}
    catalogue.scripts["km"] = replace(khmer, prompts=lacks)
    assert read_tree(MAIN, "main", scripts=catalogue.scripts).languages, "the tree offers no Khmer"
    with pytest.raises(TreeError, match="node message: speak has no words in km"):
        read_tree(MAIN, "main", scripts=catalogue.scripts, offered=("my", "km"))
    monkeypatch.setattr("hotline.cli.tree._catalogue", lambda: catalogue)
    assert CliRunner().invoke(main, ["tree", "check", "main"]).exit_code == 0
    said = CliRunner().invoke(main, ["tree", "check", "main", "--languages", "my, km"])
    assert said.exit_code == 1 and "speak has no words in km" in said.output
    said = CliRunner().invoke(main, ["tree", "check", "main", "--languages", "my,xx"])
    assert said.exit_code == 1 and "No prompts are written in xx" in said.output
    monkeypatch.setattr("hotline.flow.check_tree.MOST_SECONDS", 1)
    said = CliRunner().invoke(main, ["tree", "check", "main", "--languages", "my,th"])
    assert said.exit_code == 0 and "for 2 languages" in said.output, "judged as that line hears it"


def test_a_text_and_what_the_tree_itself_says_are_looked_for_too() -> None:
    text = MAIN.replace("    text: menu\n", "    text: no_text\n").replace(
        "languages:", "says_sorry: [no_excuse]\nlanguages:"
    )
    faults = _unwritten(text)
    assert len(faults) == 8
    sorry, asked = _line(text, "no_excuse"), _line(text, "no_text")
    mend = "write it in ivr_prompts/my/script.yaml, or mend the name"
    assert f"broken.yaml, line {sorry}: no_excuse has no words in my: {mend}" in faults
    assert f"broken.yaml, line {asked}, node text_menu: no_text has no words in my: {mend}" in faults


@pytest.mark.parametrize(
    ("languages", "says"),
    [
        ("my, th, ne, xx", "xx has no script"),
        ("my, TH", "TH has no script"),
        ("my, my, en", "my is offered twice"),
    ],
)
def test_a_language_that_is_none_or_comes_twice_is_a_fault(languages: str, says: str) -> None:
    text = MAIN.replace("languages: [my, th, ne, en]", f"languages: [{languages}]")
    (fault,) = _unwritten(text)
    assert says in fault and f"line {_line(text, 'languages: [')}" in fault


def test_a_consent_that_says_nothing_is_refused(tmp_path: Path) -> None:
    assert any(
        "consent" in fault for fault in _faults(tmp_path, MAIN.replace("    says: [consent]", "    says: []"))
    )


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (
            "    next: thanks\n    nothing: nothing_heard\n\n  danger:",
            "    next: thanks\n    nothing: message\n\n  danger:",
        ),
        (
            "    next: thanks\n    nothing: nothing_heard\n\n  danger:",
            "    next: thanks\n    nothing: topics\n\n  danger:",
        ),
    ],
)
def test_a_loop_that_silence_never_leaves_is_refused(tmp_path: Path, was: str, now: str) -> None:
    text = MAIN.replace(was, now)
    assert text != MAIN
    assert any("says and presses nothing goes round for ever" in fault for fault in _faults(tmp_path, text))


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        (
            "    keys:\n      3: new_mailbox",
            "    keys:\n      1: new_mailbox",
            "key 1 is keys.1 and hear_key",
        ),
        (
            "    keys:\n      3: new_mailbox",
            "    keys:\n      2: new_mailbox",
            "key 2 is keys.2 and anew_key",
        ),
        ("    anew: message", '    anew: message\n    anew_key: "1"', "key 1 is hear_key and anew_key"),
        ("    text: rights\n", '    text: rights\n    again_key: "1"\n', "key 1 is text_key and again_key"),
    ],
)
def test_a_key_that_does_something_here_leads_nowhere_as_well(
    tmp_path: Path, was: str, now: str, says: str
) -> None:
    text = MAIN.replace(was, now, 1)
    (fault,) = _faults(tmp_path, text)
    node = "rights" if "text_key" in says else "review"
    assert f", node {node}: {says}: give one of them another key" in fault
    assert int(fault.partition("line ")[2].partition(",")[0]) > _line(text, f"  {node}:")


def test_a_list_of_languages_that_takes_too_long_is_doubted(tmp_path: Path) -> None:
    doubts = [
        str(doubt)
        for doubt in find_doubts(load_tree(ROOT / "ivr_prompts" / "trees" / "main.yaml"), lambda *_: 3.0)
    ]
    (told,) = [doubt for doubt in doubts if "choose_language" in doubt]
    assert "takes 27 s for 4 languages; after 25 s people hang up" in told


def test_menus_that_are_not_remembered_are_doubted_and_still_answer(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(
        MAIN.replace("      0: danger\n\n  message", "      0: danger\n      6: talk\n\n  message"), "utf-8"
    )
    doubts = [str(doubt) for doubt in find_doubts(load_tree(path), lambda prompt, language: 2.0)]
    assert doubts == [
        f"line {_line(MAIN, '  main_menu:')}, node main_menu: has 6 choices; more than 5 are not remembered:"
        " move some to a menu of their own"
    ]
    slow = list(find_doubts(load_tree(path), lambda prompt, language: 30.0 if language == "ne" else 5.0))
    assert any("takes 30 s in ne" in doubt.says for doubt in slow)


def test_an_editor_knows_the_shape_of_a_tree() -> None:
    kept = ROOT / "ivr_prompts" / "trees" / "tree.schema.json"
    assert json.loads(kept.read_text("utf-8")) == schema_of_trees()
    known = jsonschema_kinds(schema_of_trees())
    assert {"menu", "language", "record", "hours", "mailbox", "transfer", "go_to", "hang_up"} <= known


def jsonschema_kinds(schema: dict[str, Any]) -> set[str]:
    return set(
        next(iter(schema["properties"]["nodes"]["patternProperties"].values()))["discriminator"]["mapping"]
    )
