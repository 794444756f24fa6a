"""A text is kept once, queued once, and answered at most once an hour."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.intake.models import Contact, Message, Report
from hotline.outbox import OutboxRow
from tests.carrier_says import CALLER, LINE, Say

NEPALI = "मेरो तलब दुई महिनादेखि आएको छैन।"


def _text(say: Say, sid: str, body: str, sender: str = CALLER, to: str = LINE) -> None:
    answer = say("/sms/incoming", MessageSid=sid, From=sender, To=to, Body=body)
    assert answer.status_code == 200
    assert b"<Message" not in answer.data


def _answers(session: Session) -> int:
    session.rollback()
    return (
        session.scalar(sa.select(sa.func.count()).select_from(OutboxRow).where(OutboxRow.kind == "send_text"))
        or 0
    )


def test_a_text_is_a_report_in_the_language_of_its_script(say: Say, line: str, session: Session) -> None:
    _text(say, "SM1", NEPALI)
    report = session.scalars(sa.select(Report)).one()
    assert (report.kind, report.language, report.language_chosen, report.state) == (
        "text",
        "ne",
        False,
        "waiting",
    )
    message = report.message
    assert message is not None
    assert report.contact.open(message.body, f"messages.body:{message.id}").decode() == NEPALI
    assert _answers(session) == 1


def test_the_answer_is_one_neutral_segment_with_the_number(say: Say, line: str, session: Session) -> None:
    _text(say, "SM1", NEPALI)
    answer = session.scalars(sa.select(Message).where(Message.direction == "out")).one()
    words = answer.contact.open(answer.body, f"messages.body:{answer.id}").decode()
    reference = session.scalars(sa.select(Report.reference)).one()
    assert f"{reference[:3]} {reference[3:6]}-{reference[6]}" in words
    assert len(words) <= 70
    assert "hotline" not in words.lower()


def test_a_repeated_webhook_sends_nothing_twice(say: Say, line: str, session: Session) -> None:
    for _ in range(5):
        _text(say, "SM1", NEPALI)
    assert _answers(session) == 1
    assert len(session.scalars(sa.select(Report)).all()) == 1


def test_a_contact_is_answered_once_an_hour(say: Say, line: str, session: Session) -> None:
    for number in range(4):
        _text(say, f"SM{number}", NEPALI)
    assert _answers(session) == 1
    session.execute(sa.update(Contact).values(answered_at=sa.func.now() - sa.text("interval '61 minutes'")))
    session.commit()
    _text(say, "SM9", NEPALI)
    assert _answers(session) == 2
    assert len(session.scalars(sa.select(Report)).all()) == 5


@pytest.mark.parametrize("sender", ["1909", "90012", "DTAC", "AIS-Info", LINE, "+266696687", ""])
def test_short_codes_names_our_own_lines_and_nobody_are_never_answered(
    say: Say, line: str, session: Session, sender: str
) -> None:
    _text(say, "SM1", "You have won", sender=sender)
    assert _answers(session) == 0
    assert len(session.scalars(sa.select(Report)).all()) == 1


def test_a_line_can_be_told_not_to_answer(say: Say, line: str, session: Session) -> None:
    session.execute(sa.text("UPDATE lines SET answers_texts = false"))
    session.commit()
    _text(say, "SM1", NEPALI)
    assert _answers(session) == 0


@pytest.mark.parametrize(
    ("body", "refuses"), [("STOP", True), (" stop ", True), ("START", False), ("HELP", False)]
)
def test_stop_start_and_help_are_kept_and_the_carrier_answers_them(
    say: Say, line: str, session: Session, body: str, refuses: bool
) -> None:
    _text(say, "SM1", body)
    contact = session.scalars(sa.select(Contact)).one()
    assert (contact.refuses_texts_since is not None) is refuses
    assert session.scalars(sa.select(Message.kind)).one() == body.strip().lower()
    assert _answers(session) == 0


def test_who_sent_stop_is_not_texted_until_they_send_start(say: Say, line: str, session: Session) -> None:
    _text(say, "SM1", "STOP")
    _text(say, "SM2", NEPALI)
    assert _answers(session) == 0
    _text(say, "SM3", "START")
    _text(say, "SM4", NEPALI)
    assert _answers(session) == 1


def test_the_language_of_the_contact_serves_where_the_script_says_nothing(
    say: Say, line: str, session: Session
) -> None:
    _text(say, "SM1", NEPALI)
    session.execute(sa.text("UPDATE contacts SET language = 'ne'"))
    session.commit()
    _text(say, "SM2", "👍 12000")
    assert session.scalars(sa.select(Report.language)).all() == ["ne", "ne"]


def test_a_text_with_nul_and_lone_surrogates_is_kept(say: Say, line: str, session: Session) -> None:
    _text(say, "SM1", "wages\0 12000")
    message = session.scalars(sa.select(Message).where(Message.direction == "in")).one()
    assert message.contact.open(message.body, f"messages.body:{message.id}").decode() == "wages 12000"


def test_a_text_in_letters_of_two_languages_is_queued_for_who_reads_its_words(
    say: Say, line: str, session: Session
) -> None:
    session.execute(sa.text("UPDATE lines SET languages = '{ne,hi,en}'"))
    session.commit()
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=line, Body="मुझे तनख्वाह नहीं मिली")
    assert session.scalars(sa.select(Report.language)).all() == ["hi"]
