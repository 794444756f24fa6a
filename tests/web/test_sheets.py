"""What is taken away as a table: what the list shows, nobody's words, and no formula in any cell."""

import csv
import io
import zipfile

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.staff.models import User
from hotline.vault.audit import AuditRow
from hotline.web.sheets import send_sheet
from tests.carrier_says import CALLER, Say
from tests.signing_in import SignIn, make_member

EVIL = ('=HYPERLINK("http://evil.example";"x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1")
WORDS = "ယောက်ျား၏ စကား"


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_of_either_kind_is_a_formula(evil: str) -> None:
    text = send_sheet("a", "csv", ["said"], [[evil]]).get_data().decode("utf-8-sig")
    (_, row) = csv.reader(io.StringIO(text, newline=""))
    assert row == [f"'{evil}"]
    book = zipfile.ZipFile(io.BytesIO(send_sheet("a", "xlsx", ["said"], [[evil]]).get_data()))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in book.namelist()  # nor a link


def test_numbers_nothing_and_any_script_come_out_as_they_went_in() -> None:
    text = send_sheet("a", "csv", ["a", "b", "c"], [[7, None, WORDS]]).get_data().decode("utf-8-sig")
    assert text.splitlines() == ["a,b,c", f"7,,{WORDS}"]


@pytest.fixture
def fifty_two_cases(say: Say, line: str, session: Session) -> User:
    """More than a page of the list holds; who opened them is named like a formula."""
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=line, Body=WORDS)
    report = session.scalars(sa.select(Report)).one()
    opener = make_member(session, "caseworker", ("my",), "=Opener")
    for _ in range(52):
        open_case(session, report, opener, urgency="standard", category="wages", now=utcnow())
    session.commit()
    return opener


@pytest.mark.usefixtures("fifty_two_cases")
def test_a_supervisor_takes_away_what_the_list_shows_without_words_or_numbers(
    signed_in: SignIn, session: Session
) -> None:
    supervisor = signed_in("supervisor")
    assert "/cases/export?as=csv" in supervisor.get("/cases").text
    answer = supervisor.get("/cases/export")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(rows) == 53 and rows[1][8] == "'=Opener"
    assert WORDS not in answer.text and CALLER not in answer.text and CALLER[1:] not in answer.text
    narrowed = supervisor.get("/cases/export?category=safety").get_data().decode("utf-8-sig")
    assert len(narrowed.splitlines()) == 1
    assert supervisor.get("/cases/export?as=xlsx").get_data()[:2] == b"PK"
    taken = session.scalars(sa.select(AuditRow.detail).where(AuditRow.action == "exported")).all()
    assert [detail["rows"] for detail in taken] == [52, 0, 52]


def test_a_caseworker_takes_nothing_away(app: Flask, signed_in: SignIn) -> None:
    caseworker = signed_in("caseworker")
    assert caseworker.get("/cases/export").status_code == 403
    assert "/cases/export" not in caseworker.get("/cases").text
