"""One phone, several workers: each mailbox tells of its own, and what a call asks for goes to that call's phone."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.casework.models import Case, VoiceReply
from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.intake.models import Message, Report
from hotline.staff.models import User
from tests.carrier_says import CALLER, CallFrom, Say
from tests.mailbox.test_mailbox import BORROWED, PIN, TODAY, _come_back, _said, code  # noqa: F401
from tests.mailbox.test_voice_reply import _answer, caseworker  # noqa: F401
from tests.signing_in import SignIn

OTHER_PIN = "8305"


@pytest.fixture
def other_code(app: Flask, say: Say, code: str) -> str:  # noqa: F811
    """From the same phone another worker leaves a message and asks for a way back, too."""
    call = CallFrom(say, sid="CAother")
    review = call.record(call.to_the_microphone("1"), sid="REother")
    told = _said(app, call.press(call.press(review, "3"), OTHER_PIN))
    return "".join(prompt[-1] for prompt in told if prompt.startswith("digit."))[:12]


def _open_case(session: Session, call_sid: str) -> Case:
    report = session.scalars(sa.select(Report).where(Report.call_sid == call_sid)).one()
    report.state = "done"
    member = session.scalars(sa.select(User).where(User.name == "Aye")).one()
    made = open_case(session, report, member, urgency="standard", category="wages", now=utcnow())
    session.commit()
    return made


def test_a_mailbox_tells_nothing_of_another_workers_case_on_the_same_phone(
    app: Flask, say: Say, session: Session, caseworker: FlaskClient, code: str, other_code: str  # noqa: F811
) -> None:  # fmt: skip
    assert len(session.scalars(sa.select(Report.contact_id).distinct()).all()) == 1, "one phone"
    case = _open_case(session, "CAother")
    assert "are in their mailbox" in _answer(app, caseworker, case)
    mine = _come_back(say, code, PIN, "CA2")
    assert _said(app, mine) == [*TODAY, "mailbox_waiting", "speak"] and "/reply/" not in "".join(mine.plays)
    assert session.scalars(sa.select(VoiceReply.heard_at)).all() == [None]
    theirs = _come_back(say, other_code, OTHER_PIN, "CA3")
    assert _said(app, theirs)[3:5] == ["mailbox_heard", "mailbox_reply"] and "/reply/" in "".join(
        theirs.plays
    )


def test_staff_answer_by_voice_only_where_a_mailbox_opens_this_case(
    app: Flask, say: Say, session: Session, caseworker: FlaskClient, code: str  # noqa: F811
) -> None:  # fmt: skip
    call = CallFrom(say, sid="CAother")
    call.record(call.to_the_microphone("1"), sid="REother")
    assert "They have no mailbox" in _answer(app, caseworker, _open_case(session, "CAother"))


def test_what_is_left_through_a_mailbox_later_is_told_by_it_and_by_no_other(
    app: Flask, say: Say, session: Session, caseworker: FlaskClient, code: str, other_code: str  # noqa: F811
) -> None:  # fmt: skip
    CallFrom(say, sid="CA2", caller=BORROWED).record(_come_back(say, code, PIN, "CA2"), sid="RE2")
    _answer(app, caseworker, _open_case(session, "CA2"))
    again = _said(app, _come_back(say, code, PIN, "CA3"))
    assert again[3:5] == ["mailbox_heard", "mailbox_reply"]
    assert _said(app, _come_back(say, other_code, OTHER_PIN, "CA4"))[3] == "mailbox_waiting"


def test_a_mailbox_made_inside_another_opens_the_same(
    app: Flask, say: Say, session: Session, caseworker: FlaskClient, code: str, other_code: str  # noqa: F811
) -> None:  # fmt: skip
    call = CallFrom(say, sid="CA2")
    review = call.record(_come_back(say, code, PIN, "CA2"), sid="RE2")
    told = _said(app, call.press(call.press(review, "3"), OTHER_PIN))
    new_code = "".join(prompt[-1] for prompt in told if prompt.startswith("digit."))[:12]
    _answer(app, caseworker, _open_case(session, "CA1"))
    for at, (digits, pin) in enumerate([(code, PIN), (new_code, OTHER_PIN)]):
        assert "mailbox_reply" in _said(app, _come_back(say, digits, pin, f"CAx{at}"))


def test_in_a_mailbox_what_a_caller_asks_for_goes_to_the_phone_of_this_call(
    say: Say, session: Session, code: str  # noqa: F811
) -> None:  # fmt: skip
    call = CallFrom(say, sid="CA2", caller=BORROWED)
    document = call.press(call.press(call.to_the_microphone("1", "4", "4"), code), PIN)
    document = call.record(document, sid="RE2")
    for key in ("*", "1", "3", "5", "1"):  # their rights, as a text
        document = call.press(document, key)
    text = session.scalars(sa.select(Message).where(Message.direction == "out")).one()
    assert text.contact.number == BORROWED
    for key in ("4", "1", "1", "1"):  # a call, now
        document = call.press(document, key)
    assert session.scalars(sa.select(Callback)).one().contact.number == BORROWED
    left = session.scalars(sa.select(Report).where(Report.call_sid == "CA2")).one()
    assert left.contact.number == CALLER, "what they told belongs to their case all the same"


def test_who_calls_back_reads_the_case_of_the_mailbox_and_not_one_of_the_phones_owner(
    say: Say, session: Session, caseworker: FlaskClient, signed_in: SignIn, code: str  # noqa: F811
) -> None:  # fmt: skip
    owner = CallFrom(say, sid="CAowner", caller=BORROWED)
    owner.record(owner.to_the_microphone("1", "1"), sid="REowner")
    mine, owners = _open_case(session, "CA1"), _open_case(session, "CAowner")
    call = CallFrom(say, sid="CA2", caller=BORROWED)
    document = call.press(call.press(call.to_the_microphone("4", "4"), code), PIN)
    document = call.record(document, sid="RE2")
    for key in ("*", "1", "4", "1", "1", "1"):  # another language, then a call, now
        document = call.press(document, key)
    page = caseworker.get("/callbacks").text
    assert f"/cases/{mine.code}" in page and f"/cases/{owners.code}" not in page
    owner = CallFrom(say, sid="CA3", caller=BORROWED)
    owner.to_the_microphone("4", "1", "1", "1")
    assert f"/cases/{owners.code}" in caseworker.get("/callbacks").text


def test_keys_pressed_in_a_mailbox_belong_to_its_case_and_say_from_whose_phone(
    say: Say, session: Session, code: str  # noqa: F811
) -> None:  # fmt: skip
    call = CallFrom(say, sid="CA2", caller=BORROWED)
    document = call.press(call.press(call.to_the_microphone("1", "4", "4"), code), PIN)
    document = call.record(document, sid="RE2")
    for key in ("*", "1", "4", "2", "4", "2", "3", "1"):
        document = call.press(document, key)
    report = session.scalars(sa.select(Report).where(Report.kind == "text")).one()
    message = report.message
    assert message is not None and report.contact.number == CALLER and report.contact.call_safe is None
    words = report.contact.open(message.body, f"messages.body:{message.id}").decode()
    assert words.startswith("By keys, from the phone of K-") and words.endswith("call safe: yes")
    assert (
        report.matter_id == session.scalars(sa.select(Report.matter_id).where(Report.call_sid == "CA1")).one()
    )
