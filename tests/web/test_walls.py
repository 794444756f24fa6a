"""Every route, every role, one's own records and others': deny by default, and a refusal reveals nothing."""

import re
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from hotline.casework.models import Case
from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.intake.models import Line, Report
from hotline.settings import Settings
from hotline.web.rules import MAY, RULE, may
from tests.carrier_says import CallFrom, Say
from tests.signing_in import make_member, sign_in, token_of

ROLES = ("transcriber", "caseworker", "supervisor", "administrator")
WORDS = "तलब आएको छैन"  # of the report in Nepali, and nowhere else
Clients = dict[str, FlaskClient]


@pytest.fixture
def people(app: Flask, session: Session, settings: Settings) -> Clients:
    """One of each role, who reads Burmese and Thai; and nobody."""
    app.extensions["hotline.settings"] = settings.model_copy(update={"env": "demo"})
    emails = {
        role: make_member(session, role, () if role == "administrator" else ("my", "th"), f"A {role}").email
        for role in ROLES
    }
    return {role: sign_in(app.test_client(), email) for role, email in emails.items()} | {
        "": app.test_client()
    }


@pytest.fixture
def records(session: Session, say: Say, call: CallFrom, people: Clients) -> dict[str, tuple[Report, Case]]:
    """By language: a text and its case, in one's own (Thai) and another (Nepali)."""
    for sid, body, number in (("SM1", "ยึดหนังสือเดินทาง", "1"), ("SM2", WORDS, "2")):
        say("/sms/incoming", MessageSid=sid, From=f"+6681000000{number}", To=call.fields["To"], Body=body)
    opener = make_member(session, "supervisor", ("ne",), "Opener")
    made = {}
    for report in session.scalars(sa.select(Report)).all():
        case = open_case(session, report, opener, urgency="standard", category="wages", now=utcnow())
        made[report.language] = (report, case)
    session.commit()
    return made


def _rules(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """(route, method, action) of everything that a role is needed for."""
    for rule in app.url_map.iter_rules():
        action = getattr(app.view_functions[rule.endpoint], RULE, None)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if action in MAY:
                yield rule, method, str(action)


def _ask(client: FlaskClient, app: Flask, rule: Rule, method: str, ids: dict[str, object]) -> tuple[int, str]:
    """The answer, without what differs from one answer to the next."""
    address = app.url_map.bind("").build(rule.endpoint, {name: ids[name] for name in rule.arguments})
    me = client.get("/me")  # takes along what an earlier answer left to be said
    token = token_of(me.text) if method == "POST" and me.status_code == 200 else ""
    answer = client.open(address, method=method, data={"csrf_token": token} if method == "POST" else None)
    text = re.sub(r'csrf[^>]*value="[^"]*"|data-csrf="[^"]*"', "", answer.text)
    for name in rule.arguments:
        text = re.sub(
            rf"((?<=\w/)|(?<=%2F)){re.escape(str(ids[name]))}\b", name, text
        )  # where addresses name it
    return answer.status_code, re.sub(r"\b[0-9A-F]{6}\b", "", text)


def _ids(report: Report, case: Case, session: Session) -> dict[str, object]:
    member = session.execute(sa.text("SELECT id FROM users WHERE name = 'Opener'")).scalar_one()
    return {
        "report_id": report.id, "code": case.code, "case_id": case.id, "member_id": member,
        "contact_id": case.contact_id, "callback_id": uuid.uuid4(), "message_id": uuid.uuid4(),
        "line_id": session.scalars(sa.select(Line.id)).first(),
        "name": "main", "number": 1, "language": "th", "prompt": "main_menu", "take_id": uuid.uuid4(), "sha": "x",
        "attachment_id": uuid.uuid4(), "reply_id": uuid.uuid4(), "spoken_id": uuid.uuid4(),
        "place_id": uuid.uuid4(), "name_id": uuid.uuid4(),
    }  # fmt: skip


UNKNOWN: dict[str, object] = {
    "report_id": uuid.uuid4(), "code": "9999999", "case_id": uuid.uuid4(), "member_id": uuid.uuid4(),
    "contact_id": uuid.uuid4(), "callback_id": uuid.uuid4(), "message_id": uuid.uuid4(), "line_id": uuid.uuid4(),
    "name": "nowhere", "number": 77, "language": "xx", "prompt": "none", "take_id": uuid.uuid4(), "sha": "y",
    "attachment_id": uuid.uuid4(), "reply_id": uuid.uuid4(), "spoken_id": uuid.uuid4(),
    "place_id": uuid.uuid4(), "name_id": uuid.uuid4(),
}  # fmt: skip


def test_who_may_not_is_refused_on_every_route_whatever_exists(
    app: Flask, people: Clients, records: dict[str, tuple[Report, Case]], session: Session
) -> None:
    asked, wrong = 0, []
    ids = _ids(*records["th"], session)
    for rule, method, action in _rules(app):
        for role, client in people.items():
            if role and may(action, role):
                continue
            there, gone = (_ask(client, app, rule, method, of) for of in (ids, UNKNOWN))
            asked += 1
            refused = there[0] == 403 if role else there[0] in (302, 400, 401)
            if not refused or there[0] != gone[0] or (role and there[1] != gone[1]):
                wrong.append(
                    f"{role or 'nobody'} {method} {rule.rule}: {there[0]}, of what is not there {gone[0]}"
                )
    assert asked > 60
    assert wrong == []


def test_a_record_in_a_language_that_one_does_not_read_is_not_there(
    app: Flask, people: Clients, records: dict[str, tuple[Report, Case]], session: Session
) -> None:
    """Reports, for transcribers and caseworkers; cases, for transcribers (caseworkers read every case)."""
    wrong, asked = [], 0
    others = _ids(*records["ne"], session)
    for rule, method, action in _rules(app):
        for role, names in (("transcriber", {"report_id", "code"}), ("caseworker", {"report_id"})):
            if not rule.arguments & names or not may(action, role):
                continue
            there, gone = (_ask(people[role], app, rule, method, of) for of in (others, UNKNOWN))
            asked += 1
            if there != gone or there[0] == 200:
                wrong.append(f"{role} {method} {rule.rule}: {there[0]}, of what is not there {gone[0]}")
    assert asked > 10
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("role", ["transcriber", "caseworker", "administrator"])
def test_no_list_count_or_search_shows_it(
    app: Flask, people: Clients, records: dict[str, tuple[Report, Case]], role: str
) -> None:
    report, case = records["ne"]
    client = people[role]
    for rule, method, action in _rules(app):
        if method != "GET" or rule.arguments or not may(action, role):
            continue
        for address in (
            rule.rule,
            f"{rule.rule}?q={case.code}",
            f"{rule.rule}?language=ne",
            f"{rule.rule}?version=",
        ):
            page = client.get(address, headers={"X-Requested-With": "live"} if "rows" in address else {}).text
            codes = () if role == "caseworker" else (case.code, report.reference)  # they read every case
            for planted in (WORDS, *codes):
                shown = page.replace(f'value="{planted}"', "").replace(
                    f"q={planted}", ""
                )  # what was typed comes back
                assert planted not in shown, (role, address, planted)


def test_an_administrator_sees_no_content_anywhere(
    app: Flask, people: Clients, records: dict[str, tuple[Report, Case]]
) -> None:
    for rule, method, action in _rules(app):
        if method == "GET" and not rule.arguments and may(action, "administrator"):
            page = people["administrator"].get(rule.rule).text
            assert WORDS not in page and "+6681000000" not in page and "หนังสือเดินทาง" not in page, rule.rule
