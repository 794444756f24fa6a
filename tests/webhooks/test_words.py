"""One word is enough: to be texted no more, to be texted again, to have what one asks for."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.intake.answer_text import MOST_INFORMED
from hotline.intake.models import Contact, Message, Report
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CALLER, Say


def _answers(session: Session) -> list[str]:
    session.rollback()
    out = session.scalars(sa.select(Message).where(Message.direction == "out").order_by(Message.at)).all()
    return [one.contact.open(one.body, f"messages.body:{one.id}").decode() for one in out]


@pytest.mark.parametrize("word", ["หยุด", "ရပ်ပါ", "Berhenti", "đừng gửi nữa", "STOP",
                                  "Please stop!", "STOP pls", "หยุดครับ", "stop sending"])  # fmt: skip
def test_a_word_in_any_language_stops_texts_and_is_kept_for_staff(
    say: Say, line: str, session: Session, word: str
) -> None:
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=line, Body=f" {word} ")
    assert session.scalars(sa.select(Contact.refuses_texts_since)).one() is not None
    assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 1


@pytest.mark.parametrize(
    "words", ["ช่วยด้วยค่ะ", "Danger! Help", "tolong bahaya", "खतरा है", "emergency, please sir"]
)
def test_danger_is_heard_in_a_few_words_whatever_the_others_are(
    say: Say, line: str, session: Session, words: str
) -> None:
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=line, Body=words)
    assert session.scalars(sa.select(Report.urgency)).one() == "danger"


def test_a_sentence_that_holds_such_a_word_is_a_message(say: Say, line: str, session: Session) -> None:
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=line, Body="นายจ้างไม่ให้หยุด")
    assert session.scalars(sa.select(Contact.refuses_texts_since)).one() is None
    assert len(_answers(session)) == 1


def test_who_asks_for_their_rights_has_them_at_once_and_nobody_has_to_read_it(
    app: Flask, say: Say, line: str, session: Session
) -> None:
    for number in range(MOST_INFORMED + 3):
        say("/sms/incoming", MessageSid=f"SM{number}", From=CALLER, To=line, Body="สิทธิ")
    assert _answers(session) == [app.extensions[KEY].catalogue.written("rights", "th")] * MOST_INFORMED
    assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0
