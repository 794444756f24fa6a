"""A broken tree names file, node and line, and all its faults at once."""

from pathlib import Path

import pytest

from hotline.flow.prompts import Catalogue
from hotline.flow.tree import TreeError, load_tree

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
        ("      3: rights", "      3: rihgts", "main_menu", "rihgts"),
        ("    kind: information", "    kind: informaton", "rights", "informaton"),
        ("    seconds: 5\n    no_key: 2\n    wrong_key: 3\n    next", "    seconds: soon\n    no_key: 2\n    wrong_key: 3\n    next", "choose_language", "seconds"),
        ("    urgency: danger", "    urgency: dangerous", "danger", "urgency"),
        ("    says: [rights]", "    say: [rights]", "rights", "say is not known here"),
        ("      0: again", "      A: again", "main_menu", "keys"),
    ],
)  # fmt: skip
def test_a_fault_names_file_node_and_line(tmp_path: Path, was: str, now: str, node: str, says: str) -> None:
    text = MAIN.replace(was, now, 1)
    assert text != MAIN
    faults = _faults(tmp_path, text)
    assert any(f"node {node}" in fault and says in fault for fault in faults), faults
    assert all(fault.startswith("broken.yaml, line ") for fault in faults)


def test_the_line_is_the_one_that_is_wrong(tmp_path: Path) -> None:
    text = MAIN.replace("      3: rights", "      3: rihgts")
    assert f"line {_line(text, 'rihgts')}," in _faults(tmp_path, text)[0]


def test_several_faults_are_told_together(tmp_path: Path) -> None:
    text = MAIN.replace("      3: rights", "      3: nowhere").replace(
        "microphone: message ", "microphone: rights "
    )
    assert len(_faults(tmp_path, text)) == 2


@pytest.mark.parametrize(
    "text", ["", "[", "a: 1", "- 1", "start: x\nnodes: 3", "\t", "a: 1\na: 2\n", "nodes: {x: {kind: []}}"]
)
def test_what_is_no_tree_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    assert _faults(tmp_path, text)


def test_a_circle_that_never_waits_is_refused(tmp_path: Path) -> None:
    text = MAIN.replace("    says: [rights]\n    next: main_menu", "    says: [rights]\n    next: rights")
    assert any("for ever" in fault for fault in _faults(tmp_path, text))


def test_a_node_nobody_reaches_is_a_mistake(tmp_path: Path) -> None:
    text = MAIN + "\n  lonely:\n    kind: goodbye\n    says: [goodbye]\n"
    assert any("lonely" in fault and "no way leads here" in fault for fault in _faults(tmp_path, text))
