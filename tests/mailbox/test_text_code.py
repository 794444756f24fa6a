"""The code of a mailbox is texted once to who said that a text is safe, and to nobody else; staff never see it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.casework.models import Case
from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.flow.prompts import PROMPTS, read_scripts
from hotline.intake.models import Contact, Message, Report
from hotline.mailbox.models import Mailbox
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from tests.carrier_says import CALLER, CallFrom, Document, Say
from tests.carriers import RunningCarrier, answers_lost
from tests.mailbox.test_mailbox import BORROWED, PIN, _come_back, _said
from tests.signing_in import SignIn, make_member
from workers.tools import Tools
from workers.work_due import keep_due

YES, NO, SILENT = "1", "2", ""
GoOut = Callable[[], list[str]]


def _ask_to_be_called(call: CallFrom, may_text: str) -> Document:
    """In Burmese, tomorrow morning; they are asked whether they want a way back."""
    asked = call.to_the_microphone("1", "4", "1", "3")
    told = call.press(asked, may_text)
    return told if may_text else call.press(told, may_text)


def _make_mailbox(app: Flask, call: CallFrom, may_text: str) -> str:
    """The code that they are told, however often the webhook comes."""
    asked = call.press(_ask_to_be_called(call, may_text), "1")
    for _ in range(2):
        told = _said(app, call.press(asked, PIN))
    return "".join(prompt[-1] for prompt in told if prompt.startswith("digit."))[:12]


def _grouped(code: str) -> str:
    return " ".join(code[at : at + 3] for at in range(0, 12, 3))


@pytest.fixture
def go_out(session: Session, settings: Settings, carrier: RunningCarrier) -> GoOut:
    """Do what is due, at once; the answer is what the phones show."""

    def one() -> list[str]:
        texts = OutboxRow.state == "due", OutboxRow.kind == "send_text"
        session.execute(sa.update(OutboxRow).where(*texts).values(due_at=utcnow()))
        session.commit()
        keep_due(Tools(settings.model_copy(update={"twilio_api_url": carrier.url})))
        session.expire_all()
        return [f"{text.to}: {text.body}" for text in carrier.exchange.texts.values()]

    return one


def _kept(session: Session) -> str:
    message = session.scalars(sa.select(Message).where(Message.direction == "out")).one()
    return message.contact.open(message.body, f"messages.body:{message.id}").decode()


def test_who_said_that_a_text_is_safe_has_the_code_once_in_their_language_without_the_pin(
    app: Flask, call: CallFrom, settings: Settings, session: Session, go_out: GoOut
) -> None:
    code = _make_mailbox(app, call, YES)
    words = read_scripts(PROMPTS)["my"].texts["mailbox_code"]
    for _ in range(2):
        assert go_out() == [f"{CALLER}: {words.replace('{code}', _grouped(code))}"]
    assert PIN not in words and all(name not in words for name in settings.known_as)
    assert _kept(session) == words, "the digits are not kept"


@pytest.mark.parametrize("may_text", [NO, SILENT])
def test_nobody_is_texted_who_did_not_say_that_it_is_safe(
    app: Flask, call: CallFrom, session: Session, may_text: str
) -> None:
    assert _make_mailbox(app, call, may_text)
    assert session.scalars(sa.select(Message)).all() == []


@pytest.mark.parametrize(("before", "texted"), [(YES, 1), (NO, 0)])
def test_what_they_answered_in_an_earlier_call_counts(
    app: Flask, say: Say, line: str, session: Session, before: str, texted: int
) -> None:
    _ask_to_be_called(CallFrom(say, sid="CA0"), before)
    later = CallFrom(say, sid="CA1")
    review = later.record(later.to_the_microphone("1"))
    later.press(later.press(review, "3"), PIN)
    assert len(session.scalars(sa.select(Mailbox)).all()) == 1
    assert len(session.scalars(sa.select(Message)).all()) == texted


@pytest.mark.parametrize("what", ["shared_phone", "refuses_texts_since"])
def test_a_phone_of_many_and_one_that_refused_texts_have_none(
    app: Flask, call: CallFrom, session: Session, what: str
) -> None:
    asked = call.press(_ask_to_be_called(call, YES), "1")
    session.execute(sa.update(Contact).values({what: True if what == "shared_phone" else utcnow()}))
    session.commit()
    call.press(asked, PIN)
    assert len(session.scalars(sa.select(Mailbox)).all()) == 1
    assert session.scalars(sa.select(Message)).all() == []


def test_a_borrowed_phone_is_texted_no_code_whatever_its_owner_said(
    app: Flask, say: Say, call: CallFrom, session: Session
) -> None:
    code = _make_mailbox(app, call, SILENT)
    _ask_to_be_called(CallFrom(say, sid="CA0", caller=BORROWED), YES)
    inside = _come_back(say, code, PIN, "CA2", BORROWED)
    borrowed = CallFrom(say, sid="CA2", caller=BORROWED)
    borrowed.press(borrowed.press(borrowed.record(inside, sid="RE2"), "3"), PIN)
    assert len(session.scalars(sa.select(Mailbox)).all()) == 2
    assert session.scalars(sa.select(Message)).all() == []


def test_a_send_whose_answer_was_lost_is_looked_up_by_the_words_that_went_out(
    app: Flask, call: CallFrom, go_out: GoOut
) -> None:
    _make_mailbox(app, call, YES)
    with answers_lost("send_text", taken=True):
        assert len(go_out()) == 1
    assert len(go_out()) == 1


def test_staff_see_that_the_code_was_texted_and_never_the_code(
    app: Flask, say: Say, line: str, session: Session, signed_in: SignIn, go_out: GoOut
) -> None:
    _ask_to_be_called(CallFrom(say, sid="CA0"), YES)
    call = CallFrom(say, sid="CA1")
    review = call.record(call.to_the_microphone("1"))
    told = _said(app, call.press(call.press(review, "3"), PIN))
    code = "".join(prompt[-1] for prompt in told if prompt.startswith("digit."))[:12]
    case = _with_case(session)
    assert _grouped(code) in "".join(go_out())
    page = signed_in("caseworker", ("my",)).get(f"/cases/{case.code}").get_data(as_text=True)
    assert "The mailbox code by text, sent" in page
    assert code not in page and _grouped(code) not in page and "{code}" not in page


def _with_case(session: Session) -> Case:
    report = session.scalars(sa.select(Report)).one()
    report.state = "done"
    member = make_member(session, "caseworker", ("my",), "Opener")
    made = open_case(session, report, member, urgency="standard", category="wages", now=utcnow())
    session.commit()
    return made
