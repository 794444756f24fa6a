"""A text that the carrier's list alone told of: read by people, answered while it is fresh, and in its turn."""

from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.callbacks.ask_by_text import ask_by_text
from hotline.callbacks.models import Callback
from hotline.db import make_sessions, utcnow
from hotline.intake.models import Contact, Message, Reconciliation, Report
from hotline.intake.reconcile import Reconciler
from hotline.settings import Settings
from hotline.writer import Writer
from tests.carrier_says import CALLER, LINE, Say
from tests.carriers import RunningCarrier


@pytest.fixture
def compare(carrier: RunningCarrier, engine: sa.Engine, settings: Settings, line: str):  # type: ignore[no-untyped-def]
    def compared() -> Reconciliation:
        wish = lambda session, text, taken: ask_by_text(session, text, taken, settings)  # noqa: E731
        return Reconciler(make_sessions(engine), Writer(settings), carrier.client, settings, wish).compare()

    return compared


def _ago(minutes: float) -> datetime:
    return utcnow() - timedelta(minutes=minutes)


def test_a_text_whose_webhook_may_be_under_way_is_left_to_it(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say
) -> None:
    carrier.texted("SM9", CALLER, LINE, "menu", at=utcnow())
    assert compare().texts == 0
    say("/sms/incoming", MessageSid="SM9", From=CALLER, To=LINE, Body="menu")
    compare()
    assert session.scalars(sa.select(Report)).all() == []
    assert sorted(session.scalars(sa.select(Message.direction))) == ["in", "out"]


def test_who_wrote_a_moment_ago_is_answered_once_though_the_webhook_comes_still_later(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say
) -> None:
    carrier.texted("SM9", CALLER, LINE, "The boss keeps my passport")
    compare()
    answer = session.scalars(sa.select(Message).where(Message.direction == "out")).one()
    assert (answer.status, answer.contact.number) == ("promised", CALLER)
    say("/sms/incoming", MessageSid="SM9", From=CALLER, To=LINE, Body="The boss keeps my passport")
    compare()
    assert len(session.scalars(sa.select(Message)).all()) == 2


@pytest.mark.parametrize("asks", ["call me", "please help", "menu", "my rights", "2"])
def test_what_was_asked_of_the_tree_and_not_answered_in_time_is_read_by_people(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, asks: str
) -> None:
    carrier.texted("SM9", CALLER, LINE, asks, at=utcnow() - timedelta(hours=3))
    compare()
    assert session.scalars(sa.select(Report.state)).one() == "waiting"


def test_danger_that_no_webhook_told_of_is_danger_and_so_is_what_follows(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say
) -> None:
    carrier.texted("SM8", CALLER, LINE, "They beat us", at=utcnow() - timedelta(minutes=2))
    carrier.texted("SM9", CALLER, LINE, "danger", at=utcnow() - timedelta(minutes=3))
    compare()
    assert session.scalars(sa.select(Report.urgency)).all() == ["danger", "danger"]
    say("/sms/incoming", MessageSid="SM10", From=CALLER, To=LINE, Body="Come quickly")
    assert session.scalars(sa.select(Report.urgency)).all() == ["danger"] * 3


@pytest.mark.parametrize(
    ("lost", "said", "refuses"),
    [("YES", "STOP", True), ("STOP", "START", False), ("ရပ်ပါ", "START", False), ("START", "ရပ်ပါ", True)],
)
def test_what_they_said_last_of_texts_counts_whenever_we_hear_of_the_first(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say, lost: str, said: str, refuses: bool
) -> None:
    carrier.texted("SM8", CALLER, LINE, lost, at=_ago(5))
    say("/sms/incoming", MessageSid="SM9", From=CALLER, To=LINE, Body=said)
    compare()
    assert (session.scalars(sa.select(Contact)).one().refuses_texts_since is not None) is refuses


def test_a_wish_to_be_called_is_owed_though_its_number_was_lost(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say
) -> None:
    say("/sms/incoming", MessageSid="SM8", From=CALLER, To=LINE, Body="call me")
    session.execute(sa.text("UPDATE text_places SET at = at - interval '1 minute'"))  # they think it over
    session.commit()
    carrier.texted("SM9", CALLER, LINE, "3")
    compare()
    owed = session.scalars(sa.select(Callback)).one()
    assert (owed.why, owed.state, owed.wished) == ("asked", "due", "tomorrow_morning")


def test_an_evening_that_was_over_when_they_wrote_is_no_wish_that_came_true_but_read_by_people(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    say("/sms/incoming", MessageSid="SM8", From=CALLER, To=LINE, Body="call me")
    session.execute(sa.text("UPDATE text_places SET at = at - interval '1 minute'"))
    session.commit()
    monkeypatch.setattr("hotline.flow.evening.TOO_LATE", time(0))
    carrier.texted("SM9", CALLER, LINE, "2")
    compare()
    assert session.scalars(sa.select(Callback)).all() == []
    assert session.scalars(sa.select(Report.state)).all() == ["waiting"]


def test_a_number_that_is_read_by_people_bears_what_it_stood_for(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say
) -> None:
    carrier.texted("SM9", CALLER, LINE, "3", at=_ago(5))
    compare()
    message = session.scalars(sa.select(Message).where(Message.direction == "in")).one()
    assert (
        message.contact.open(message.body, f"messages.body:{message.id}")
        .decode()
        .startswith("3 (chosen from")
    )


def test_what_they_wrote_before_takes_no_question_away_that_they_were_asked_since(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say
) -> None:
    carrier.texted("SM7", CALLER, LINE, "My boss keeps my wages", at=_ago(5))
    say("/sms/incoming", MessageSid="SM8", From=CALLER, To=LINE, Body="call me")
    compare()
    say("/sms/incoming", MessageSid="SM9", From=CALLER, To=LINE, Body="1")
    assert session.scalars(sa.select(Callback.wished)).all() == ["now"]
