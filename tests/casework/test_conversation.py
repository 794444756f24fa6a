"""A conversation by texts between staff and the person of a case, and how it stands in the case."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.casework.models import Case
from hotline.db import utcnow
from hotline.flow.texts import segments
from hotline.intake.models import Contact, Message, Report
from tests.carrier_says import CALLER, LINE, Say
from tests.signing_in import SignIn, post

ASKED = "มาพบเราวันไหนดี 1 หรือ 2"


class Worker:
    """Who the case is about, with their phone in hand."""

    def __init__(self, say: Say, session: Session) -> None:
        self.say, self.session, self.count = say, session, 0

    def write(self, body: str) -> str:
        """The answer that goes out by itself, at once, or nothing."""
        self.count += 1
        sid = f"SMW{self.count}"
        self.say("/sms/incoming", MessageSid=sid, From=CALLER, To=LINE, Body=body)
        self.session.rollback()
        theirs = self.session.scalars(sa.select(Message).where(Message.sid == sid)).one()
        answer = self.session.scalars(sa.select(Message).where(Message.answers == theirs.id)).one_or_none()
        if answer:
            answer.status = "sent"
            self.session.commit()
        return answer.contact.open(answer.body, f"messages.body:{answer.id}").decode() if answer else ""

    def reports(self) -> list[tuple[str, bool]]:
        """(urgency, whether it is part of a case) of what they wrote here."""
        self.session.rollback()
        of = (
            sa.select(Report)
            .join(Report.message)
            .where(Message.sid.like("SMW%"))
            .order_by(Report.received_at)
        )
        return [(one.urgency, one.case_id is not None) for one in self.session.scalars(of)]


@pytest.fixture
def worker(say: Say, session: Session) -> Worker:
    return Worker(say, session)


@pytest.fixture
def asked(case: Case, caseworker: FlaskClient, session: Session) -> Message:
    """Staff wrote to them, and it went out."""
    post(caseworker, f"/cases/{case.code}/texts", words=ASKED, seen=str(segments(ASKED)))
    session.execute(sa.update(Message).where(Message.case_id == case.id).values(status="sent"))
    session.commit()
    return session.scalars(sa.select(Message).where(Message.case_id == case.id)).one()


@pytest.mark.parametrize("body", ["1", "๒", "Yes", "YES", "ได้ค่ะ", "HELP", "*"])
def test_whatever_comes_back_is_an_answer_to_staff_and_part_of_their_case(
    asked: Message, worker: Worker, caseworker: FlaskClient, case: Case, body: str
) -> None:
    assert worker.write(body) == "", "they talk with people"
    assert worker.write(body) == ""
    assert worker.reports() == [("standard", True)] * 2
    assert body in caseworker.get(f"/cases/{case.code}").text


def test_stop_is_obeyed_and_who_refused_texts_may_want_them_again(
    asked: Message, worker: Worker, session: Session
) -> None:
    refuses = sa.select(Contact.refuses_texts_since)
    worker.write("Stop!")
    assert session.scalars(refuses).one() is not None
    worker.write("START")
    session.rollback()
    assert session.scalars(refuses).one() is None
    assert worker.reports() == [("standard", True)] * 2


def test_a_word_of_the_menu_is_obeyed_and_then_a_number_is_the_menus(asked: Message, worker: Worker) -> None:
    menu = worker.write("เมนู")
    assert menu and worker.reports() == [("standard", True)], "staff read it, too"
    assert worker.write("3") not in ("", menu)
    assert len(worker.reports()) == 1


def test_danger_is_danger_whoever_wrote_last(asked: Message, worker: Worker) -> None:
    worker.write("อันตราย")
    assert worker.reports() == [("danger", True)]


def _rewrite(session: Session, message: Message, **values: object) -> None:
    session.execute(sa.update(Message).where(Message.id == message.id).values(**values))
    session.commit()


@pytest.mark.parametrize(
    "values",
    [
        {"status": "taken back"}, {"status": "failed"}, {"status": "undelivered"}, {"status": "promised"},
        {"at": utcnow() - timedelta(days=8)},
    ],
)  # fmt: skip
def test_what_they_cannot_have_read_lately_is_not_answered_by_a_number(
    asked: Message, worker: Worker, session: Session, values: dict[str, object]
) -> None:
    _rewrite(session, asked, **values)
    assert worker.write("1") != ""
    assert worker.reports() == []


def test_a_closed_case_takes_nothing_in_by_itself(
    asked: Message, worker: Worker, case: Case, caseworker: FlaskClient
) -> None:
    for state in ("in_progress", "closed"):
        post(caseworker, f"/cases/{case.code}", state=state)
    worker.write("ได้ค่ะ")
    assert worker.reports() == [("standard", False)]


def test_all_that_went_to_and_fro_stands_in_the_case_and_what_is_of_another_case_does_not(
    case: Case, worker: Worker, caseworker: FlaskClient, session: Session
) -> None:
    menu = worker.write("เมนู")
    topics = worker.write("3")
    page = caseworker.get(f"/cases/{case.code}").text
    assert "เมนู" in page and menu in page and topics in page
    received = worker.write("นายจ้างยึดหนังสือเดินทาง")
    page = caseworker.get(f"/cases/{case.code}").text
    assert "นายจ้างยึดหนังสือเดินทาง" in page and "in no case yet" in page and received in page
    assert page.index(received) < page.index("นายจ้างยึดหนังสือเดินทาง"), (
        "newest first, an answer above what it answers"
    )
    other = _another(case)
    session.add(other)
    session.flush()
    session.execute(
        sa.update(Report)
        .where(Report.message_id.is_not(None), Report.case_id.is_(None))
        .values(case_id=other.id)
    )
    session.commit()
    page = caseworker.get(f"/cases/{case.code}").text
    assert "นายจ้างยึดหนังสือเดินทาง" not in page and received not in page
    assert "เมนู" in page


def test_an_answer_waits_in_the_list_of_cases_and_who_hands_it_in_finds_its_case_chosen(
    asked: Message, worker: Worker, case: Case, caseworker: FlaskClient, signed_in: SignIn, session: Session
) -> None:
    session.add(_another(case))
    session.commit()
    worker.write("ได้ค่ะ")
    listed = caseworker.get("/cases").text
    assert listed.count("2 to be read") == 1, "with the voicemail that the case was opened from"
    assert listed.count("to be read") == 1
    answer = session.scalars(sa.select(Report).order_by(Report.received_at.desc()).limit(1)).one()
    client = signed_in("transcriber", (answer.language,), "Nok")
    post(client, f"/reports/{answer.id}/claim")
    page = client.get(f"/reports/{answer.id}").text
    assert re.findall(r'name="case" value="([^"]+)" checked', page) == [str(case.id)]


def _another(case: Case) -> Case:
    return Case(
        code="1111111", contact_id=case.contact_id, language="th", urgency="standard", category="other",
        opened_by_id=case.opened_by_id, opened_at=utcnow(),
    )  # fmt: skip
