"""A version is walked through as any caller would meet it, without a hotline behind it."""

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from hotline.cli import main
from hotline.flow.load_tree import load_tree
from hotline.flow.prompts import PROMPTS
from hotline.flow.turn import Dial, Turn
from hotline.menus.rehearse import CODE, next_turn
from tests.menus.test_versions import MAIN, _at, _write, supervisor  # noqa: F401
from tests.signing_in import post

TREE = load_tree(PROMPTS / "trees" / "main.yaml")
LANGUAGES = ("my", "th")


def _walk(*answers: str, caller: str = "new") -> Turn:
    """Keys, or what was done instead of pressing one."""
    turn = next_turn(TREE, LANGUAGES, "", "", "", caller)
    for answer in answers:
        keys, did = (answer, "") if answer[0].isdigit() else ("", answer)
        turn = next_turn(TREE, LANGUAGES, turn.position.to_query(), keys, did, caller)
    return turn


def _said(turn: Turn) -> list[str]:
    return [clip.prompt for clip in turn.plays]


def test_a_mailbox_is_made_with_a_good_pin_and_opened_with_any_code() -> None:
    asked = ("1", "1", "spoke", "3")
    assert _said(_walk(*asked, "1234"))[0] == "new_mailbox_easy"
    told = _walk(*asked, "4829")
    assert [prompt for prompt in _said(told) if prompt.startswith("digit.")][:12] == [
        f"digit.{n}" for n in CODE
    ]
    (key,) = (place[-1] for place, to in TREE.nodes["other_ways"].targets() if to == "mailbox")
    at_pin = _walk("1", "4", key, CODE)
    assert at_pin.position.node == "mailbox" and at_pin.position.page
    assert _said(_walk("1", "4", key, CODE, "4829"))[0] == "mailbox_waiting"


@pytest.mark.parametrize(
    ("caller", "said"),
    [("new", "language.press"), ("before", "consent"), ("holiday", "announce_holiday")],
)
def test_it_begins_as_it_does_for_such_a_caller(caller: str, said: str) -> None:
    assert _said(_walk(caller=caller))[0] == said


def test_with_staff_on_duty_they_are_rung_and_talk() -> None:
    (key,) = (place[-1] for place, to in TREE.nodes["other_ways"].targets() if to == "talk")
    assert isinstance(_walk("1", "4", key, caller="staff").wait, Dial)
    assert not isinstance(_walk("1", "4", key).wait, Dial), "nobody is on duty"
    assert _walk("1", "4", key, "talked", caller="staff").position.node != "talk"


def test_the_page_stays_with_the_caller_that_was_chosen(supervisor: FlaskClient) -> None:  # noqa: F811
    _write(supervisor, MAIN.replace("no_key: 2", "no_key: 3", 1))
    page = supervisor.get("/trees/main/versions/1?caller=staff").text
    for keys in ("1", "4", "3"):
        page = post(supervisor, "/trees/main/versions/1", at=_at(page), keys=keys, caller="staff").text
    assert "Staff are rung." in page
    assert supervisor.get("/trees/main/versions/1?caller=nonsense").status_code == 200


def test_the_terminal_walks_to_the_microphone_through_a_mailbox() -> None:
    said = CliRunner().invoke(
        main, ["tree", "walk", "main", "--languages", "en,my"], input="1\n1\nsay\n3\n4829\n\n\n"
    )
    assert said.exit_code == 0, said.output
    assert "● microphone" in said.output and "the call ends" in said.output
