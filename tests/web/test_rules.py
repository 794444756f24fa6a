"""Who may do what, asked of the table and of every route."""

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from hotline import create_app
from hotline.settings import Settings
from hotline.staff.models import ROLES, User
from hotline.web.rules import (
    CARRIER,
    LIBRARIES,
    MAY,
    PUBLIC,
    RULE,
    allowed,
    i_may,
    may,
    my_id,
    public,
    require_rules,
    rules_of,
)
from tests.signing_in import SignIn, post

# The words, role by role: what each may do, and what nobody of that role may.
TRANSCRIBES = {"see_queue", "claim", "listen", "write_down", "hand_in", "see_case_header"}
WORKS_ON_CASES = TRANSCRIBES | {"open_case", "read_case", "change_case"}
SUPERVISES = WORKS_ON_CASES | {"see_all_languages", "see_board", "reassign"}
ADMINISTERS = {"manage_lines", "manage_staff"}
OUGHT = {
    "transcriber": TRANSCRIBES,
    "caseworker": WORKS_ON_CASES,
    "supervisor": SUPERVISES,
    "administrator": ADMINISTERS,
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_the_hotline_promises(role: str) -> None:
    settled = set().union(*OUGHT.values())
    assert {action for action in settled if may(action, role)} == OUGHT[role]


def test_an_administrator_sees_no_content() -> None:
    counts = {"see_ledger", "announce"}
    content = {action for action in MAY if not action.startswith("manage_")} - counts
    assert not any(may(action, "administrator") for action in content)


def test_only_who_reads_cases_opens_numbers() -> None:
    assert all(may("read_case", role) for role in ROLES if may("unmask", role))


def test_an_unknown_role_may_nothing() -> None:
    assert not any(may(action, "") for action in MAY)


def test_an_unknown_action_stops_the_start() -> None:
    with pytest.raises(LookupError, match="fly"):
        allowed("fly")


def test_every_route_has_a_rule(app: Flask) -> None:
    known = {PUBLIC, CARRIER, *LIBRARIES.values(), *MAY}
    assert {rule for _endpoint, rule in rules_of(app)} <= known


def test_a_route_without_a_rule_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(LookupError, match="forgotten"):
        require_rules(app)


def guarded(app: Flask) -> Iterator[tuple[str, Rule, str]]:
    """(address, route, action) of every route that somebody may use and others may not."""
    anything: dict[str, object] = {"report_id": uuid.uuid4(), "case_id": uuid.uuid4()}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            action = getattr(app.view_functions[rule.endpoint], RULE, None)
            if action in MAY:
                given = {name: anything.get(name, uuid.uuid4()) for name in rule.arguments}
                yield app.url_map.bind("localhost").build(rule.endpoint, given), rule, action


def test_a_stranger_is_sent_to_sign_in_and_learns_nothing(app: Flask) -> None:
    client = app.test_client()
    routes = list(guarded(app))
    assert len(routes) > 10
    for address, rule, _action in routes:
        if "GET" in (rule.methods or ()):
            assert client.get(address).location.startswith("/staff/sign-in"), address
        else:
            assert client.post(address).status_code == 400, address  # no token


@pytest.mark.parametrize("role", ROLES)
def test_every_route_refuses_whom_its_rule_does_not_name(app: Flask, signed_in: SignIn, role: str) -> None:
    """The same answer, whether what the address names exists or not: it is never looked up."""
    client = signed_in(role)
    refused = [(address, rule) for address, rule, action in guarded(app) if not may(action, role)]
    assert refused or role == "supervisor"
    for address, rule in refused:
        answer = client.get(address) if "GET" in (rule.methods or ()) else post(client, address)
        assert answer.status_code == 403, (role, address)


def test_the_carriers_door_serves_no_staff_page(settings: Settings) -> None:
    door = create_app(settings.model_copy(update={"door": "carrier"}))
    rules = {rule for _endpoint, rule in rules_of(door)}
    assert rules == {PUBLIC, CARRIER}
    answer = door.test_client().get("/staff/sign-in")
    assert answer.status_code == 404 and answer.mimetype == "text/plain"


def test_the_consoles_door_answers_no_carrier(settings: Settings) -> None:
    door = create_app(settings.model_copy(update={"door": "console"}))
    assert CARRIER not in {rule for _endpoint, rule in rules_of(door)}


def test_what_one_may_is_told_of_who_is_signed_in_and_of_nobody_else(
    app: Flask, session: Session, signed_in: SignIn
) -> None:
    @app.get("/mine")
    @public
    def mine() -> dict[str, object]:
        return {action: i_may(action) for action in MAY} | {"id": str(my_id()) if i_may("claim") else None}

    stranger = app.test_client().get("/mine").json
    assert stranger is not None and set(stranger.values()) == {False, None}
    told = signed_in("transcriber", ("my",), "Thiri").get("/mine").json
    assert told is not None and told.pop("id") == str(session.scalars(sa.select(User.id)).one())
    assert told == {action: may(action, "transcriber") for action in MAY}
