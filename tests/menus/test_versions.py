"""Staff change a tree: checked, rehearsed, live; calls under way end on theirs; back with one click."""

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline import create_app
from hotline.db import utcnow
from hotline.embedded import postgres
from hotline.flow.load_tree import load_trees
from hotline.flow.prompts import PROMPTS, read_scripts
from hotline.flow.tree import TreeError
from hotline.menus.change_tree import live_tree, write_version
from hotline.menus.models import TreeRelease, TreeVersion
from hotline.settings import Settings
from hotline.vault.audit import AuditRow
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CallFrom, Say
from tests.signing_in import SignIn, make_member, post
from tests.webhooks.test_away import frozen

MAIN = (PROMPTS / "trees" / "main.yaml").read_text("utf-8")
# The way to the microphone has another name, so that it can be told which version a call is on.
RENAMED = re.sub(r"\bmessage\b", "tell_us", MAIN)


@pytest.fixture
def supervisor(signed_in: SignIn, line: str) -> FlaskClient:
    return signed_in("supervisor")


def _write(client: FlaskClient, source: str) -> None:
    answer = post(client, "/trees/main/write", source=source)
    assert answer.status_code == 302, answer.text


def _rehearse(client: FlaskClient, number: int) -> None:
    page = client.get(f"/trees/main/versions/{number}").text
    for key in ("1", "1"):
        page = post(client, f"/trees/main/versions/{number}", at=_at(page), keys=key).text
    assert "The microphone." in page


def _at(page: str) -> str:
    found = re.search(r'name="at" value="([^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def _release(client: FlaskClient, number: int) -> str:
    return post(client, "/trees/main/release", number=str(number)).location


def _look_again(app: Flask) -> None:
    app.extensions[KEY].trees._released._looked_at = float("-inf")


def _node(document: object) -> str:
    found = re.search(r"at=(\w+)", document.next("Record"))  # type: ignore[attr-defined]
    assert found
    return found[1]


def test_a_version_is_checked_rehearsed_and_live_and_calls_under_way_end_on_theirs(
    app: Flask, supervisor: FlaskClient, say: Say, session: Session
) -> None:
    before = CallFrom(say, sid="CA1")
    menu = before.press(before.start(), "1")
    _write(supervisor, RENAMED)
    assert _release(supervisor, 1) == "/trees/main/versions/1"
    assert "not rehearsed yet" in supervisor.get("/trees/main/versions/1").text
    _rehearse(supervisor, 1)
    assert _release(supervisor, 1) == "/trees/main"
    _look_again(app)
    assert _node(before.press(menu, "1")) == "message"
    after = CallFrom(say, sid="CA2", caller="+66812345600")
    microphone = after.to_the_microphone("1", "1")
    assert _node(microphone) == "tell_us" and "v=1" in microphone.next("Record")

    assert _release(supervisor, 0) == "/trees/main"
    _look_again(app)
    assert "Record" in after.record(microphone).verbs or after.record(microphone, sid="RE2").plays
    assert _node(CallFrom(say, sid="CA3", caller="+66812345601").to_the_microphone("1", "1")) == "message"
    acts = session.scalars(
        sa.select(AuditRow.action).where(AuditRow.subject == "tree_versions").order_by(AuditRow.id)
    ).all()
    assert acts == ["wrote", "rehearsed", "released", "released"]


def test_a_fault_is_told_with_its_line_and_what_was_typed_stays(
    supervisor: FlaskClient, session: Session
) -> None:
    typed = MAIN.replace("      3: topics", "      3: tipocs")
    answer = post(supervisor, "/trees/main/write", source=typed)
    assert answer.status_code == 400
    line = next(number for number, words in enumerate(typed.splitlines(), 1) if "tipocs" in words)
    assert (
        f"line {line}, node main_menu: keys.3 leads to tipocs, which is no node: did you mean topics?"
        in answer.text
    )
    assert "3: tipocs" in answer.text and "kind: question" in answer.text
    assert session.scalars(sa.select(TreeVersion)).all() == []


def test_a_version_is_checked_in_the_languages_of_its_lines(line: str, session: Session) -> None:
    scripts = read_scripts(PROMPTS)
    lacks = {prompt: words for prompt, words in scripts["km"].prompts.items() if prompt != "speak"}
    scripts["km"] = replace(scripts["km"], prompts=lacks)
    by = make_member(session, "supervisor", ("my",), "Ko").id
    assert write_version(session, "main", MAIN, by, utcnow(), scripts).number == 1
    session.execute(sa.text("UPDATE lines SET languages = '{my,km}'"))
    with pytest.raises(TreeError, match="speak has no words in km"):
        write_version(session, "main", MAIN, by, utcnow(), scripts)


@pytest.mark.parametrize(
    "source", ["", "a: [", "- 1", "start: 1", "\x07", "a: &a [*a, *a]", "x" * 100_000, "[" * 1000]
)
def test_nonsense_is_a_fault_and_no_error(supervisor: FlaskClient, source: str) -> None:
    assert post(supervisor, "/trees/main/write", source=source).status_code == 400


def test_a_key_that_stands_twice_is_told_with_its_node_and_the_mend(supervisor: FlaskClient) -> None:
    typed = MAIN.replace("5: again\n", "5: again\n      5: help\n", 1)
    page = post(supervisor, "/trees/main/write", source=typed).text
    line = typed[: typed.index("5: help")].count("\n") + 1
    says = f"key 5 is used twice, first in line {line - 1}: give one another key, or remove it"
    assert f"line {line}, node main_menu: {says}" in page


def test_a_doubt_names_its_line_and_the_mend(supervisor: FlaskClient) -> None:
    _write(supervisor, MAIN.replace("5: again\n", "5: again\n      6: talk\n", 1))
    line = MAIN[: MAIN.index("  main_menu:\n")].count("\n") + 1
    says = f"more than 5 are not remembered: move some to a menu of their own (line {line})"
    assert says in supervisor.get("/trees/main/versions/1").text


def test_the_same_words_are_the_same_version(supervisor: FlaskClient, session: Session) -> None:
    for _ in range(2):
        _write(supervisor, RENAMED)
    _write(supervisor, MAIN)
    assert session.scalars(sa.select(TreeVersion.number).order_by(TreeVersion.number)).all() == [1, 2]


def test_releasing_twice_is_one_release(supervisor: FlaskClient, session: Session) -> None:
    _write(supervisor, RENAMED)
    _rehearse(supervisor, 1)
    for _ in range(2):
        _release(supervisor, 1)
    assert session.scalar(sa.select(sa.func.count()).select_from(TreeRelease)) == 1


def test_a_process_that_starts_without_the_database_answers_with_the_tree_that_was_live(
    app: Flask,
    supervisor: FlaskClient,
    say: Say,
    settings: Settings,
    database_server: postgres.Server,
) -> None:
    _write(supervisor, RENAMED)
    _rehearse(supervisor, 1)
    _release(supervisor, 1)
    _look_again(app)
    CallFrom(say, sid="CA1").start()
    with frozen(database_server):
        board = create_app(settings).extensions[KEY]
        assert (board.tree_of(None).version, board.tree_of(None).microphone) == (1, "tell_us")


def test_a_transcriber_changes_no_tree(signed_in: SignIn) -> None:
    assert signed_in("transcriber").get("/trees/main").status_code == 403


def test_a_tree_that_there_is_not_is_not_there(supervisor: FlaskClient) -> None:
    for path in ("/trees/other", "/trees/other/write", "/trees/main/versions/7"):
        assert supervisor.get(path).status_code == 404
    for number in ("7", "-1", "x", "9" * 30):
        assert post(supervisor, "/trees/main/release", number=number).status_code == 404


def test_a_version_that_this_release_cannot_read_any_more_is_told_and_left_in_one_press(
    supervisor: FlaskClient, session: Session, say: Say, line: str
) -> None:
    _write(supervisor, RENAMED)
    _rehearse(supervisor, 1)
    _release(supervisor, 1)
    session.execute(
        sa.update(TreeVersion).values(source=MAIN.replace("start: choose_language", "start: nowhere"))
    )
    session.commit()
    page = supervisor.get("/trees/main").text
    assert "Version 1 is live, and this hotline cannot read it any more" in page
    assert "start names nowhere, which is no node" in page and "Go back to 0" in page
    assert "start names nowhere" in supervisor.get("/trees/main/versions/1").text
    assert live_tree(session, load_trees(PROMPTS)["main"]).version == 0, "as callers hear it"
    _release(supervisor, 0)
    assert "cannot read it" not in supervisor.get("/trees/main").text


# Who was not heard is asked in the same words once more: one prompt fewer than in the shipped tree.
FEWER = MAIN.replace("[speak_again]", "[speak]")


@pytest.fixture
def in_production(app: Flask, supervisor: FlaskClient, settings: Settings) -> Settings:
    """Version 1 is live, and nobody has recorded anything."""
    _write(supervisor, FEWER)
    _rehearse(supervisor, 1)
    _release(supervisor, 1)
    app.extensions["hotline.settings"] = made = settings.model_copy(update={"env": "production"})
    return made


def test_going_back_is_refused_with_the_reason_where_more_would_not_be_recorded(
    in_production: Settings, supervisor: FlaskClient, session: Session, line: str
) -> None:
    assert _release(supervisor, 0) == "/trees/main"
    page = supervisor.get("/trees/main").text
    assert f"{line} lacks 1 approved recordings in Burmese (speak_again)." in page
    assert live_tree(session, load_trees(PROMPTS)["main"]).version == 1


def test_what_callers_miss_already_keeps_nobody_from_going_back(
    app: Flask, in_production: Settings, supervisor: FlaskClient, settings: Settings, session: Session
) -> None:
    app.extensions["hotline.settings"] = settings
    _write(supervisor, FEWER.replace("seconds: 5", "seconds: 6", 1))
    _rehearse(supervisor, 2)
    _release(supervisor, 2)
    app.extensions["hotline.settings"] = in_production
    _write(supervisor, FEWER.replace("seconds: 5", "seconds: 7", 1))
    _rehearse(supervisor, 3)
    assert "versions/3" in _release(supervisor, 3), "forwards all must be recorded"
    _release(supervisor, 1)
    session.rollback()
    assert live_tree(session, load_trees(PROMPTS)["main"]).version == 1


def test_after_going_back_the_page_shows_the_shipped_tree_at_once(
    app: Flask, supervisor: FlaskClient, line: str, call: CallFrom
) -> None:
    _write(supervisor, RENAMED)
    _rehearse(supervisor, 1)
    _release(supervisor, 1)
    app.extensions[KEY].trees.live("main")  # callers hear it
    _release(supervisor, 0)
    page = supervisor.get("/trees/main").text
    assert "As it is shipped" in page and "Version 1, live" not in page
