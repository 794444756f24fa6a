"""From a report to a case, and who sees what of it."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.casework.models import Case, CaseChange
from hotline.intake.models import Contact, Report
from hotline.vault.audit import AuditRow
from tests.carrier_says import CALLER, Say
from tests.signing_in import SignIn, post

WORDS = "မေရီက ပတ်စပို့ သိမ်းထားတယ်"


@pytest.fixture
def report(say: Say, line: str, session: Session) -> Report:
    """A text in Burmese, waiting."""
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=line, Body="လစာ မရသေးပါဘူး")
    return session.scalars(sa.select(Report)).one()


def _take_and_write(client: FlaskClient, report: Report) -> None:
    assert post(client, f"/reports/{report.id}/claim").status_code == 302
    token = re.search(r'data-csrf="([^"]+)"', client.get("/queue").text)
    assert token
    saved = client.post(
        f"/reports/{report.id}/draft",
        json={"version": 0, "segments": [{"at": 0, "spoken": WORDS, "meaning": "Mary keeps the passport"}]},
        headers={"X-CSRFToken": token[1]},
    )
    assert saved.status_code == 200, saved.text


@pytest.fixture
def case(signed_in: SignIn, report: Report, session: Session) -> Case:
    """Handed in by a transcriber."""
    client = signed_in("transcriber", ("my",), "Thiri")
    _take_and_write(client, report)
    answer = post(client, f"/reports/{report.id}/hand-in", urgency="urgent", category="documents", case="new")
    assert answer.status_code == 302
    return session.scalars(sa.select(Case)).one()


def test_handing_in_opens_a_case_once(case: Case, report: Report, session: Session) -> None:
    session.refresh(report)
    assert (case.urgency, case.category, case.state, case.language) == ("urgent", "documents", "new", "my")
    assert (report.state, report.case_id, report.urgency) == ("done", case.id, "urgent")
    acts = session.scalars(sa.select(AuditRow.action).order_by(AuditRow.id)).all()
    assert {"claimed", "handed in", "opened"} <= set(acts)


def test_the_next_report_of_the_same_person_may_join_it(
    case: Case,
    signed_in: SignIn,
    say: Say,
    line: str,
    session: Session,
) -> None:
    say("/sms/incoming", MessageSid="SM2", From=CALLER, To=line, Body="ကူညီပါ")
    second = session.scalars(sa.select(Report).where(Report.state == "waiting")).one()
    client = signed_in("transcriber", ("my",), "Aye")
    _take_and_write(client, second)
    page = client.get(f"/reports/{second.id}").text
    assert f'value="{case.id}"' in page
    post(client, f"/reports/{second.id}/hand-in", urgency="danger", category="other", case=str(case.id))
    session.refresh(case)
    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
    assert case.urgency == "danger", "no case waits longer than its report may"


def test_a_case_of_another_person_cannot_be_joined(
    case: Case,
    signed_in: SignIn,
    say: Say,
    line: str,
    session: Session,
) -> None:
    say("/sms/incoming", MessageSid="SM2", From="+66899999999", To=line, Body="ကူညီပါ")
    second = session.scalars(sa.select(Report).where(Report.state == "waiting")).one()
    client = signed_in("transcriber", ("my",), "Aye")
    _take_and_write(client, second)
    answer = post(
        client, f"/reports/{second.id}/hand-in", urgency="danger", category="other", case=str(case.id)
    )
    assert answer.status_code == 400
    session.refresh(second)
    assert (second.state, second.case_id) == ("waiting", None)


SEES: dict[tuple[str, tuple[str, ...]], tuple[int, bool]] = {
    ("transcriber", ("my",)): (200, False),
    ("transcriber", ("ne",)): (404, False),
    ("caseworker", ("ne",)): (200, True),
    ("supervisor", ()): (200, True),
    ("administrator", ()): (403, False),
}


@pytest.mark.parametrize("who", SEES, ids=[f"{role}-{''.join(tags)}" for role, tags in SEES])
def test_who_sees_what_of_a_case(
    case: Case, signed_in: SignIn, app: Flask, who: tuple[str, tuple[str, ...]]
) -> None:
    client = signed_in(*who, "Somebody")
    code, words = SEES[who]
    answer = client.get(f"/cases/{case.code}")
    assert answer.status_code == code
    assert ("Mary keeps the passport" in answer.text) is words
    assert CALLER not in answer.text
    listed = client.get("/cases")
    assert (f"/cases/{case.code}" in listed.text) is (code == 200)


def test_a_number_is_opened_for_a_reason_and_that_is_written_down(
    case: Case, signed_in: SignIn, session: Session
) -> None:
    client = signed_in("caseworker", ("my",), "Htet")
    assert CALLER not in post(client, f"/cases/{case.code}/number", reason="").text
    opened = post(client, f"/cases/{case.code}/number", reason="She asked us to call tonight")
    assert CALLER in opened.text and opened.headers["Cache-Control"] == "no-store"
    act = session.scalars(sa.select(AuditRow).where(AuditRow.action == "unmasked")).one()
    contact = session.scalars(sa.select(Contact)).one()
    assert (act.subject, act.subject_id) == ("contacts", str(contact.id))
    assert (
        post(
            signed_in("transcriber", ("my",), "Thi"), f"/cases/{case.code}/number", reason="curious"
        ).status_code
        == 403
    )


def test_changes_and_notes_are_kept_in_the_time_line(case: Case, signed_in: SignIn, session: Session) -> None:
    client = signed_in("caseworker", ("my",), "Htet")
    post(client, f"/cases/{case.code}", state="in_progress", urgency="danger", category="documents")
    post(client, f"/cases/{case.code}/notes", words="Called the <b>embassy</b>")
    page = client.get(f"/cases/{case.code}").text
    assert "new → in progress" in page and "urgent → danger" in page
    assert "Called the &lt;b&gt;embassy&lt;/b&gt;" in page
    assert session.scalar(sa.select(sa.func.count()).select_from(CaseChange)) == 2
    post(client, f"/cases/{case.code}", state="new")  # not a way that a case goes
    session.refresh(case)
    assert case.state == "in_progress"


def test_a_case_is_found_by_its_number_and_a_wrong_digit_is_noticed(case: Case, signed_in: SignIn) -> None:
    client = signed_in("caseworker", ("my",), "Htet")
    written = f"{case.code[:3]} {case.code[3:6]}-{case.code[6]}"
    assert client.get("/cases", query_string={"q": written}).headers["Location"].endswith(case.code)
    wrong = case.code[:-1] + str((int(case.code[-1]) + 1) % 10)
    assert "One digit is wrong" in client.get("/cases", query_string={"q": wrong}).text


@pytest.mark.parametrize("sql", ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_audit_trail_is_only_ever_added_to(case: Case, session: Session, sql: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        session.execute(sa.text(sql))
    session.rollback()
