"""Who sees a picture, who opens an original, and what of that is written down."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.intake.models import Attachment, Report
from hotline.settings import Settings
from hotline.vault.audit import AuditRow
from tests.made_media import PDF, XMP, picture
from tests.signing_in import SignIn, make_member, post
from tests.transcription.reports import attach, make_text, make_voicemail

WHY = "the court asks for it"
WHERE = "13,45.3799N"


@pytest.fixture
def report(session: Session) -> Report:
    return make_text(session, "my payslip")


@pytest.fixture
def photograph(session: Session, settings: Settings, report: Report) -> Attachment:
    return attach(session, settings, report, picture(place=True, xmp=XMP))


def _acts(session: Session, action: str) -> list[AuditRow]:
    session.rollback()
    return list(session.scalars(sa.select(AuditRow).where(AuditRow.action == action)))


def _at(report: Report, one: Attachment) -> tuple[str, str]:
    return f"/reports/{report.id}/pictures/{one.id}", f"/reports/{report.id}/attachments/{one.id}/original"


def test_who_holds_it_sees_the_copy_and_that_is_written_down_once(
    signed_in: SignIn, session: Session, report: Report, photograph: Attachment
) -> None:
    shown, _ = _at(report, photograph)
    client = signed_in("transcriber", ("my",))
    assert client.get(shown).status_code == 403
    page = client.get(f"/reports/{report.id}").text
    assert "Who takes the report sees it" in page and "<img" not in page
    post(client, f"/reports/{report.id}/claim")
    for _ in range(3):
        answer = client.get(shown)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert (
        answer.headers["Cache-Control"] == "no-store"
        and answer.headers["X-Content-Type-Options"] == "nosniff"
    )
    assert WHERE.encode() not in answer.data and not Image.open(io.BytesIO(answer.data)).getexif()
    page = client.get(f"/reports/{report.id}").text
    assert 'alt="Picture 1 of 1, sent ' in page and "the original holds a place" in page
    assert "13,45" not in page and "Open the original" not in page
    assert len(_acts(session, "looked")) == 1


def test_an_original_is_opened_for_a_reason_by_who_may(
    signed_in: SignIn, session: Session, report: Report, photograph: Attachment
) -> None:
    _, original = _at(report, photograph)
    transcriber, caseworker = signed_in("transcriber", ("my",), "A"), signed_in("caseworker", ("my",), "B")
    assert post(transcriber, original, reason=WHY).status_code == 403
    assert post(caseworker, original, reason=WHY).status_code == 403, "they do not hold it"
    post(caseworker, f"/reports/{report.id}/claim")
    assert "Open the original" in caseworker.get(f"/reports/{report.id}").text
    refused = post(caseworker, original, reason="no")
    assert refused.status_code == 302 and _acts(session, "opened original") == []
    answer = post(caseworker, original, reason=WHY)
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=original-")
    assert WHERE.encode() in answer.data
    (act,) = _acts(session, "opened original")
    assert act.subject_id == str(photograph.id) and WHY not in str(act.detail) and act.detail["reason"]


def test_thirty_originals_an_hour(signed_in: SignIn, report: Report, photograph: Attachment) -> None:
    client = signed_in("caseworker", ("my",))
    post(client, f"/reports/{report.id}/claim")
    codes = [post(client, _at(report, photograph)[1], reason=WHY).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]


def test_of_another_report_nothing_is_there(
    signed_in: SignIn, session: Session, settings: Settings, report: Report, photograph: Attachment
) -> None:
    theirs = make_voicemail(session, settings)
    client = signed_in("caseworker", ("my",))
    post(client, f"/reports/{theirs.id}/claim")
    shown, original = _at(theirs, photograph)
    assert client.get(shown).status_code == 404 and post(client, original, reason=WHY).status_code == 404
    stranger = signed_in("transcriber", ("ne",), "Other")
    assert stranger.get(_at(report, photograph)[0]).status_code == 404


def test_every_state_is_said_and_no_file_is_shown(
    signed_in: SignIn, session: Session, settings: Settings, report: Report
) -> None:
    pdf = attach(session, settings, report, PDF, 1)
    attach(session, settings, report, b"", 2, state="arriving")
    attach(session, settings, report, b"", 3, state="not_received")
    client = signed_in("supervisor", ("my",))
    post(client, f"/reports/{report.id}/claim")
    page = client.get(f"/reports/{report.id}").text
    assert "1 of 3 is a file that cannot be shown" in page and "PDF, " in page
    assert "2 of 3 is on its way" in page and "3 of 3 was not received." in page and "as image/jpeg" in page
    assert client.get(_at(report, pdf)[0]).status_code == 404, "there is no copy of it"
    answer = post(client, _at(report, pdf)[1], reason=WHY)
    assert answer.data == PDF and answer.headers["Content-Disposition"].endswith(".pdf")


def test_the_queue_counts_them_and_shows_none(
    signed_in: SignIn, session: Session, settings: Settings, report: Report, photograph: Attachment
) -> None:
    attach(session, settings, report, picture("PNG"), 2)
    attach(session, settings, report, PDF, 3)
    page = signed_in("transcriber", ("my",)).get("/queue").text
    assert "Text, 2 pictures, 1 file" in page and "/pictures/" not in page


def test_in_the_case_who_reads_cases_sees_it(
    signed_in: SignIn, session: Session, report: Report, photograph: Attachment
) -> None:
    opener = make_member(session, "supervisor", ("my",), "Opener")
    case = open_case(session, report, opener, urgency="standard", category="wages", now=utcnow())
    report.state, report.done_at = "done", utcnow()
    session.commit()
    client = signed_in("caseworker", ("th",))
    page = client.get(f"/cases/{case.code}").text
    shown, _ = _at(report, photograph)
    assert f'src="{shown}"' in page and "the original holds a place" in page
    assert client.get(shown).status_code == 200
    assert shown not in signed_in("transcriber", ("my",), "T").get(f"/cases/{case.code}").text


def test_an_unreadable_store_of_an_erased_one_is_not_there(
    signed_in: SignIn, session: Session, report: Report, photograph: Attachment
) -> None:
    client = signed_in("caseworker", ("my",))
    post(client, f"/reports/{report.id}/claim")
    photograph.original = photograph.shown = None
    session.commit()
    shown, original = _at(report, photograph)
    assert client.get(shown).status_code == 404 and post(client, original, reason=WHY).status_code == 404


def test_a_claim_that_lapsed_shows_no_more(
    signed_in: SignIn, session: Session, report: Report, photograph: Attachment
) -> None:
    client = signed_in("transcriber", ("my",))
    post(client, f"/reports/{report.id}/claim")
    session.execute(sa.text("UPDATE claims SET ends_at = :past"), {"past": utcnow() - timedelta(minutes=1)})
    session.commit()
    assert client.get(_at(report, photograph)[0]).status_code == 403
