"""A conversation by texts, from the carrier's webhooks to what is sent, queued and owed."""

import re
from dataclasses import replace
from datetime import time

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.flow.texts import segments
from hotline.intake.answer_text import MOST_INFORMED
from hotline.intake.models import Contact, Message, Report, TextPlace
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CALLER, Say

THAI, UNSURE = "นายจ้างยึดหนังสือเดินทาง", "12000 ???"


class Texter:
    """Somebody with a phone: what they write, and what they have been sent."""

    def __init__(self, app: Flask, say: Say, line: str, session: Session) -> None:
        self.app, self.say, self.line, self.session = app, say, line, session
        self.count = 0

    def write(self, body: str) -> str:
        """The answer to it, or nothing."""
        self.count += 1
        before = len(self.sent())
        self.say("/sms/incoming", MessageSid=f"SM{self.count}", From=CALLER, To=self.line, Body=body)
        after = self.sent()
        assert len(after) - before <= 1, "never two texts for one"
        assert all(segments(words) == 1 for words in after)
        return after[-1] if len(after) > before else ""

    def sent(self) -> list[str]:
        self.session.rollback()
        self.session.expire_all()
        out = self.session.scalars(
            sa.select(Message).where(Message.direction == "out").order_by(Message.id)
        ).all()
        return [one.contact.open(one.body, f"messages.body:{one.id}").decode() for one in out]

    def words(self, name: str, language: str) -> str:
        return str(self.app.extensions[KEY].catalogue.written(name, language))

    def reports(self) -> list[tuple[str, str, bool]]:
        self.session.rollback()
        found = self.session.scalars(sa.select(Report).order_by(Report.received_at)).all()
        return [(one.language, one.urgency, one.language_chosen) for one in found]


@pytest.fixture
def texter(app: Flask, say: Say, line: str, session: Session) -> Texter:
    return Texter(app, say, line, session)


@pytest.mark.parametrize(("word", "language"), [("เมนู", "th"), ("मेनु", "ne"), ("MENU", "en")])
def test_the_menu_comes_in_the_language_of_its_word(texter: Texter, word: str, language: str) -> None:
    assert texter.write(word) == texter.words("menu", language)
    assert texter.write("3") == texter.words("topics", language)
    assert texter.write("8") == texter.words("rights", language)
    assert texter.reports() == []


def test_a_number_alone_is_asked_what_it_means(texter: Texter) -> None:
    assert texter.write("1") == texter.words("menu", "my")
    assert texter.write("1") == texter.words("write", "my")
    assert texter.write(THAI) != ""
    assert texter.reports() == [("th", "standard", False)]


def test_this_evening_when_it_is_over_is_asked_again_and_not_owed_on_another_day(
    texter: Texter, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.flow.evening.TOO_LATE", time(0))
    texter.write("เมนู")
    assert texter.write("4") == texter.words("when", "th")
    assert texter.write("2") == texter.words("when_late", "th")
    assert session.scalars(sa.select(Callback)).all() == []
    assert texter.write("4") == texter.words("will_call", "th")
    assert session.scalars(sa.select(Callback.wished)).all() == ["tomorrow_evening"]


def test_danger_is_queued_before_they_write_another_word_and_so_is_what_they_write(texter: Texter) -> None:
    texter.write("เมนู")
    assert texter.write("2") == texter.words("write_danger", "th")
    assert texter.reports() == [("th", "danger", False)]
    texter.write(THAI)
    assert texter.reports() == [("th", "danger", False)] * 2
    texter.write("3")
    assert texter.reports() == [("th", "danger", False)] * 3, "until they ask for something else"
    assert texter.write("เมนู") == texter.words("menu", "th")
    texter.write("1")
    texter.write(THAI)
    assert texter.reports()[-1] == ("th", "standard", False)


@pytest.mark.parametrize("command", ["HELP", "info", "STOP", "หยุด"])
def test_a_command_is_no_less_urgent_than_what_else_they_write_in_danger(
    texter: Texter, command: str
) -> None:
    texter.write("อันตราย")
    texter.write(command)
    assert [urgency for _, urgency, _ in texter.reports()] == ["danger", "danger"]


@pytest.mark.parametrize("body", ["2", "๒", "0", "7"])
def test_where_their_words_are_asked_for_a_number_is_words(texter: Texter, body: str) -> None:
    texter.write("เมนู")
    texter.write("1")
    assert texter.write(body).startswith(texter.words("received", "th").partition("{")[0])
    assert texter.reports() == [("th", "standard", False)]


def test_what_tells_no_language_is_read_in_the_one_that_they_chose_for_their_texts(
    texter: Texter, session: Session
) -> None:
    texter.write("เมนู")
    session.execute(sa.update(Contact).values(language="th"))
    session.commit()
    texter.write("मेनु")
    texter.write("1")
    texter.write(UNSURE)
    assert [language for language, _, _ in texter.reports()] == ["ne"]


def test_help_is_answered_with_the_menu_where_the_carrier_does_not_and_read_by_people_everywhere(
    texter: Texter, app: Flask
) -> None:
    assert texter.write("HELP") == "", "the carrier answers by itself"
    board = app.extensions[KEY]
    app.extensions[KEY] = replace(board, settings=board.settings.model_copy(update={"carrier": "somleng"}))
    assert texter.write("INFO") == texter.words("menu", "my")
    assert texter.write("STOP") == ""
    assert texter.write("START") == texter.words("menu", "my")
    assert len(texter.reports()) == 4


@pytest.mark.parametrize("word", ["danger", "อันตราย", "ကယ်ပါ", "bahaya"])
def test_a_word_for_danger_is_enough(texter: Texter, word: str) -> None:
    assert texter.write(word)
    assert [urgency for _, urgency, _ in texter.reports()] == ["danger"]


def test_who_was_sent_many_texts_today_is_still_answered_in_danger(texter: Texter) -> None:
    for _ in range(MOST_INFORMED):
        assert texter.write("เมนู")
    assert texter.write("เมนู") == ""
    assert texter.write("2") == texter.words("write_danger", "th")


def test_a_wish_to_be_called_is_owed_at_the_time_they_say(texter: Texter, session: Session) -> None:
    assert texter.write("โทรกลับ") == texter.words("when", "th")
    assert texter.write("4") == texter.words("will_call", "th")
    owed = session.scalars(sa.select(Callback)).one()
    assert (owed.why, owed.language, owed.text_safe) == ("asked", "th", True)
    assert (owed.not_before - owed.asked_at).total_seconds() > 3600


def test_who_cannot_be_called_is_told_so_by_text(texter: Texter, session: Session, app: Flask) -> None:
    board = app.extensions[KEY]
    elsewhere = board.settings.model_copy(update={"callback_countries": ("95",)})
    app.extensions[KEY] = replace(board, settings=elsewhere)
    assert texter.write("โทรกลับ") == texter.words("cannot_call", "th")
    assert session.scalars(sa.select(Callback)).all() == []


def test_the_same_webhook_again_owes_nothing_twice(texter: Texter, session: Session) -> None:
    texter.write("โทรกลับ")
    texter.write("1")
    for _ in range(3):
        texter.say("/sms/incoming", MessageSid="SM2", From=CALLER, To=texter.line, Body="1")
    assert session.scalar(sa.select(sa.func.count()).select_from(Callback)) == 1


def test_which_language_is_asked_once_where_nothing_says_it(texter: Texter, session: Session) -> None:
    asked = texter.write(UNSURE)
    assert asked.startswith("1 မြန်မာ 2 ไทย 3 नेपाली 4 English")
    answered = texter.write("3")
    assert answered.startswith(texter.words("received", "ne").partition("{")[0])
    assert texter.reports() == [("ne", "standard", True)]
    assert session.scalars(sa.select(Contact.language)).one() == "ne"
    assert texter.write(UNSURE) == "", "answered at most once an hour"
    assert texter.reports()[-1] == ("ne", "standard", False)


def test_of_more_languages_than_one_text_holds_the_others_are_one_number_away(
    texter: Texter, session: Session
) -> None:
    session.execute(sa.text("UPDATE lines SET languages = '{my,th,km,lo,ne,bn,id,vi,hi,ta,fil,en,shn,kac}'"))
    session.commit()
    asked, chosen = texter.write(UNSURE), ""
    while not chosen:
        offers = dict(re.findall(r"([1-9]) (\S+)", asked))
        chosen = next((key for key, name in offers.items() if name == "Jinghpaw"), "")
        asked = texter.write(chosen or "9")
    assert asked.startswith(texter.words("received", "kac").partition("{")[0])
    assert texter.reports() == [("kac", "standard", True)]


def test_who_writes_words_instead_of_the_number_is_read_all_the_same(texter: Texter) -> None:
    texter.write(UNSURE)
    texter.write(THAI)
    assert [language for language, _, _ in texter.reports()] == ["my", "th"]


def test_after_a_day_a_number_begins_anew(texter: Texter, session: Session) -> None:
    texter.write("เมนู")
    session.execute(sa.update(TextPlace).values(at=sa.func.now() - sa.text("interval '25 hours'")))
    session.commit()
    assert texter.write("2") == texter.words("menu", "my")
    assert texter.reports() == []


def test_a_word_that_two_languages_share_is_answered_in_ones_own(texter: Texter, session: Session) -> None:
    session.execute(sa.text("UPDATE lines SET languages = '{id,fil,en}'"))
    session.commit()
    assert texter.write("menu") == texter.words("menu", "id")


def test_who_refused_texts_is_heard_and_sent_nothing(texter: Texter) -> None:
    texter.write("STOP")
    assert texter.write("เมนู") == ""
    assert texter.write("2") == ""
    assert [urgency for _, urgency, _ in texter.reports()] == ["standard", "danger"]


def test_zawgyi_is_read_as_burmese_and_kept_as_it_was_typed(texter: Texter, session: Session) -> None:
    typed, read = "အလုပ္ရွင္က လုပ္ခ မေပးဘူး", "အလုပ်ရှင်က လုပ်ခ မပေးဘူး"
    texter.write(typed)
    message = session.scalars(sa.select(Message).where(Message.direction == "in")).one()
    assert message.contact.open(message.body, f"messages.body:{message.id}").decode() == read
    assert message.as_typed is not None
    assert message.contact.open(message.as_typed, f"messages.as_typed:{message.id}").decode() == typed
    assert [language for language, _, _ in texter.reports()] == ["my"]
