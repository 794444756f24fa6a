"""Every form of the console, filled in with nonsense by somebody who may: no answer of 500, nothing half written.

There is no API that describes itself, so Schemathesis has nothing to read.
"""

import itertools
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.flow.prompts import PROMPTS
from hotline.flow.turn import Clip
from hotline.intake.models import Line, Report
from hotline.menus.change_tree import write_version
from hotline.settings import Settings
from hotline.studio.models import Take
from hotline.studio.take import add_take
from hotline.vault.verify import verify
from hotline.web import limits
from hotline.web.rules import MAY, RULE, may
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CallFrom, Say
from tests.fuzzing import make_form_requests
from tests.places import make_place
from tests.signing_in import make_member, sign_in, token_of
from tests.webhooks.test_fuzz import HALF_WRITTEN

REQUESTS, SEED = 1500, 20261125
NOT_HERE = ("security.logout", "me.token")  # it would sign the tester out; it is no form
TEMPLATES = Path(__file__).parents[2] / "hotline"


def names_of_fields() -> list[str]:
    """As the pages name them."""
    pages = (path.read_text("utf-8") for path in TEMPLATES.glob("*/templates/**/*.html"))
    return sorted({name for page in pages for name in re.findall(r'name="([a-z_]+)"', page)} - {"csrf_token"})


def routes_of(app: Flask, role: str) -> list[tuple[str, str, str]]:
    """(endpoint, rule, method) of what this role may do; of nobody, those of signing in."""
    found = []
    for rule in app.url_map.iter_rules():
        action = getattr(app.view_functions[rule.endpoint], RULE, None)
        signing_in = not role and rule.endpoint.startswith("security.")
        mine = signing_in or (role and action in MAY and may(str(action), role))
        if mine and rule.endpoint not in NOT_HERE:
            found += [
                (rule.endpoint, rule.rule, method)
                for method in ("GET", "POST")
                if method in (rule.methods or ())
            ]
    return [one for one in found if one[2] == "POST"] * 4 + found  # forms above all


@pytest.mark.parametrize("role", ["supervisor", "caseworker", "administrator", ""])
def test_no_form_breaks(
    app: Flask,
    settings: Settings,
    session: Session,
    say: Say,
    call: CallFrom,
    role: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "ANYTHING", limits.parse("1000000 per minute"))
    app.extensions["hotline.settings"] = settings.model_copy(update={"env": "demo"})
    call.press(call.to_the_microphone("1", "4", "1", "1"), "1")
    for number in range(3):
        say(
            "/sms/incoming",
            MessageSid=f"SM{number}",
            From=f"+6681000000{number}",
            To=call.fields["To"],
            Body="ค่าแรง",
        )
    reports = session.scalars(sa.select(Report)).all()
    other = make_member(session, "supervisor", ("th",), "Other")
    case = open_case(session, reports[0], other, urgency="standard", category="wages", now=utcnow())
    write_version(session, "main", (PROMPTS / "trees" / "main.yaml").read_text("utf-8"), other.id, utcnow())
    sound = app.extensions[KEY].catalogue.sound(Clip("rights", "th")).audio
    add_take(session, "th", "main_menu", "an older script", sound, "file", other, utcnow())
    place = make_place()
    session.add(place)
    session.commit()
    ids = {
        "place_id": [str(place.id)],
        "report_id": [str(one.id) for one in reports], "code": [case.code], "member_id": [str(other.id)],
        "case_id": [str(case.id)], "contact_id": [str(case.contact_id)],
        "line_id": [str(one) for one in session.scalars(sa.select(Line.id))],
        "callback_id": [str(one) for one in session.scalars(sa.select(Callback.id))],
        "name": ["main"], "number": ["1"], "language": ["th"], "prompt": ["main_menu"],
        "take_id": [str(one) for one in session.scalars(sa.select(Take.id))], "*": [str(case.id), case.code],
    }  # fmt: skip
    client = app.test_client()
    if role:
        member = make_member(session, role, () if role == "administrator" else ("my", "th"), "Fuzzer")
        sign_in(client, member.email)
    token = token_of(client.get("/me" if role else "/staff/sign-in").text)
    codes: list[int] = []
    for request in itertools.islice(
        make_form_requests(SEED, routes_of(app, role), names_of_fields(), ids), REQUESTS // 4
    ):
        data = {} if request.json else {"data": b"&".join(
            name.replace(b"&", b"%26") + b"=" + value.replace(b"&", b"%26")
            for name, value in (*request.fields, (b"csrf_token", token.encode()))
        ), "content_type": "application/x-www-form-urlencoded"}  # fmt: skip
        if request.json:
            data = {"data": request.json, "content_type": "application/json"}
        answer = client.open(request.path, method=request.method, headers={"X-CSRFToken": token}, **data)
        assert answer.status_code < 500, f"seed {SEED}: {request}"
        codes.append(answer.status_code)
    assert 200 in codes and (not role or 302 in codes), "the forms were really used"
    for what, query in HALF_WRITTEN.items():
        assert session.scalar(sa.text(query)) == 0, what
    verify(settings)
