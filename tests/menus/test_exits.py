"""Where callers went: every exit counts those who took it, and the picture says so."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.flow.load_tree import load_tree, read_tree
from hotline.flow.prompts import PROMPTS, read_scripts
from hotline.flow.tree import Tree
from hotline.flow.turn import Clip
from hotline.intake.models import Call
from hotline.menus.exits import Callers, count_callers, way_taken
from hotline.menus.picture import draw, keys_of
from hotline.menus.voices import voices_of_nodes
from hotline.studio.coverage import Cell
from tests.carrier_says import CallFrom, Say
from tests.signing_in import SignIn

TREE = load_tree(PROMPTS / "trees" / "main.yaml")


@pytest.mark.parametrize(
    ("before", "pressed", "node", "taken"),
    [
        (
            "choose_language",
            "1",
            "main_menu",
            [("choose_language", "next"), ("danger_here", "next"), ("consent", "next")],
        ),
        ("choose_language", "0", "danger", [("choose_language", "danger")]),
        ("choose_language", None, "message", [("choose_language", "otherwise")]),
        ("main_menu", "1", "message", [("main_menu", "keys.1")]),
        ("main_menu", "0", "danger", [("main_menu", "keys.0")]),
        ("main_menu", None, "message", [("main_menu", "otherwise")]),
        ("main_menu", "8", "message", [("main_menu", "otherwise")]),
        ("message", None, "review", [("message", "next"), ("thanks", "next")]),
        ("message", None, "message", None),
        ("report_urgent", "1", "report_call", [("report_urgent", "next")]),
        ("topics", "0", "danger", [("topics", "keys.0")]),
        ("main_menu", "*", "choose_language", [("main_menu", "keys.*")]),
        ("callback_text", "1", "way_back", [("callback_text", "next"), ("callback", "next")]),
    ],
)
def test_the_exit_is_the_one_that_the_key_says(
    before: str, pressed: str | None, node: str, taken: list[tuple[str, str]] | None
) -> None:
    assert way_taken(TREE, before, pressed, node) == taken


@pytest.fixture
def week(say: Say, line: str, session: Session) -> None:
    """Five calls: two messages, one danger, one who presses nothing and says nothing, one who hangs up at the menu."""
    for sid, keys in (("CA1", ("1", "1")), ("CA2", ("2", "5", "1")), ("CA3", ("0",))):
        call = CallFrom(say, sid=sid, caller=f"+6681234560{sid[-1]}")
        call.record(call.to_the_microphone(*keys), sid=sid.replace("CA", "RE"))
    silent = CallFrom(say, sid="CA4", caller="+66812345604")
    silent.press(silent.press(silent.start(), ""), "")
    gone = CallFrom(say, sid="CA5", caller="+66812345605")
    gone.press(gone.start(), "1")
    for sid in ("CA1", "CA2", "CA3", "CA4", "CA5"):
        say("/voice/status", CallSid=sid, CallStatus="completed")


def _count(session: Session) -> Callers:
    return count_callers(session, TREE, utcnow().replace(year=2020), rehearsal=False)


def test_every_exit_counts_its_callers(week: None, session: Session) -> None:
    counted = _count(session)
    assert (counted.calls, counted.left_words) == (5, 3)
    assert counted.exits["choose_language", "next"] == 3
    assert counted.exits["choose_language", "danger"] == 1
    assert counted.exits["choose_language", "otherwise"] == 1
    assert counted.exits["main_menu", "keys.1"] == 2
    assert counted.exits["message", "next"] == 2
    assert counted.exits["danger", "next"] == 1
    assert counted.again["main_menu"] == 1 and counted.again["choose_language"] == 1
    assert counted.hung_up["main_menu"] == 1


def test_who_is_known_begins_at_the_menu(week: None, say: Say, session: Session) -> None:
    again = CallFrom(say, sid="CA6", caller="+66812345601")
    again.to_the_microphone("1")
    counted = _count(session)
    assert counted.exits["main_menu", "keys.1"] == 3
    assert counted.exits["choose_language", "next"] == 3


def test_where_hours_lead_several_ways_who_is_known_begins_at_each_of_their_menus(
    week: None, say: Say, session: Session
) -> None:
    CallFrom(say, sid="CA6", caller="+66812345601").to_the_microphone("1")
    whole = TREE.model_dump()
    hours = {"kind": "hours", "open": "main_menu", "closed": "main_menu", "holiday": "other_ways"}
    nodes = {
        **whole["nodes"],
        "consent": {"kind": "consent", "says": ["consent"], "next": "opening"},
        "opening": hours,
    }
    tree = Tree.model_validate({**whole, "nodes": nodes})
    counted = count_callers(session, tree, utcnow().replace(year=2020), rehearsal=False)
    assert counted.exits["main_menu", "keys.1"] == 3


def test_of_hours_whose_ways_meet_again_nobody_is_said_to_have_gone_one(week: None, session: Session) -> None:
    counted = _count(session)
    assert counted.exits["thanks", "next"] == 3
    assert not [place for name, place in counted.exits if name in ("office", "closed_now")]


def test_calls_before_the_time_and_rehearsals_are_not_counted(week: None, session: Session) -> None:
    session.execute(sa.update(Call).where(Call.sid == "CA1").values(rehearsal=True))
    session.commit()
    assert _count(session).calls == 4
    assert count_callers(session, TREE, utcnow(), rehearsal=False) == Callers()


def test_the_picture_has_every_node_once_and_ways_as_wide_as_their_callers(
    week: None, session: Session
) -> None:
    drawn = draw(TREE, _count(session), {})
    assert sorted(box.name for box in drawn.boxes) == sorted(TREE.nodes)
    assert len({(box.x, box.y) for box in drawn.boxes}) == len(drawn.boxes)
    for one in drawn.boxes:
        others = (box for box in drawn.boxes if box.x == one.x and box is not one)
        assert all(one.y + one.height <= other.y or other.y + other.height <= one.y for other in others)
        assert one.x + 172 <= drawn.width and one.y >= 0 and one.y + one.height <= drawn.height
    widths = {(way.key, way.callers): way.width for way in drawn.ways}
    assert widths["1", 2] > widths["2", 0]


def test_keys_that_are_no_exit_are_drawn_and_so_is_which_languages_people_speak_a_node_in() -> None:
    drawn = draw(TREE, Callers(), {"goodbye": ["✓ my th", "ne en: 1 to record"]})
    said = {box.name: box.lines for box in drawn.boxes}
    assert said["goodbye"][-2:] == ["✓ my th", "ne en: 1 to record"]
    assert {"1: hear it again", "2: message"} <= set(said["review"])
    assert "5: again" in said["main_menu"] and "7: again" in said["help"]
    assert {"1: now", "4: tomorrow evening"} <= set(said["callback_when"])
    assert {"1: as a text", "7: again"} <= set(said["rights"])


def test_a_node_is_told_by_what_is_recorded_of_it() -> None:
    scripts = read_scripts(PROMPTS)
    cells: dict[Clip, Cell] = {Clip("goodbye", language): "live" for language in ("my", "th")}
    cells |= {Clip("goodbye", "ne"): "wait", Clip("goodbye", "en"): "old"}
    told = voices_of_nodes(TREE, scripts, cells)
    assert told["goodbye"] == ["✓ my th", "ne en: 1 to record"]
    assert told["main_menu"] == ["my th ne en: 2 to record"]
    assert told["text_menu"] == [], "it is met by texts alone"


def test_the_page_shows_picture_list_and_counts(week: None, signed_in: SignIn, session: Session) -> None:
    client: FlaskClient = signed_in("supervisor")
    page = client.get("/trees", follow_redirects=True).text
    assert "5 calls in the last 7 days" in page and "<b>3</b> left a voicemail" in page
    assert "no key: message: 1" in page and "1 hung up here" in page


def test_danger_and_another_language_are_counted_at_every_node_where_they_were_pressed(
    say: Say, line: str, session: Session
) -> None:
    for sid, key in (("CA1", "0"), ("CA2", "*"), ("CA3", "0")):
        call = CallFrom(say, sid=sid, caller=f"+6681234560{sid[-1]}")
        call.press(call.to_the_microphone("1", "3"), key)
        say("/voice/status", CallSid=sid, CallStatus="completed")
    counted = _count(session)
    assert counted.exits["topics", "keys.0"] == 2 and counted.exits["topics", "keys.*"] == 1
    assert keys_of(TREE, "topics", counted) == [("*", "choose language: 1"), ("0", "danger: 2")]
    assert keys_of(TREE, "topics", Callers()) == []


def test_where_wrong_keys_lead_is_an_exit_of_its_own() -> None:
    main = (PROMPTS / "trees" / "main.yaml").read_text("utf-8")
    elsewhere = main.replace(
        "    wrong_key: 3\n    keys:", "    wrong_key: 3\n    after_wrong: other_ways\n    keys:", 1
    )
    tree = read_tree(elsewhere, "main")
    assert way_taken(tree, "main_menu", "8", "other_ways") == [("main_menu", "after_wrong")]
    assert way_taken(tree, "main_menu", "4", "other_ways") == [("main_menu", "keys.4")]
    assert way_taken(tree, "main_menu", None, "message") == [("main_menu", "otherwise")]
    (box,) = (box for box in draw(tree, Callers(), {}).boxes if box.name == "main_menu")
    assert "wrong key: other ways" in box.lines and "no key: message" in box.lines
