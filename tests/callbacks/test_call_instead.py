"""A text of staff's that did not arrive is tried by another way: only where they said that it is safe."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.callbacks.call_instead import call_instead
from hotline.callbacks.models import Callback
from hotline.casework.models import Case
from hotline.db import utcnow
from hotline.flow.texts import segments
from hotline.intake.models import Contact, Message
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from tests.carrier_says import CallFrom, Say
from tests.signing_in import post
from workers.tools import Tools
from workers.work_due import keep_due

WORDS = "เราได้รับเรื่องแล้ว"
Lose = Callable[..., Message]


@pytest.fixture
def lose(case: Case, caseworker: FlaskClient, session: Session, say: Say) -> Lose:
    """Staff write a text, and the carrier says that it was not delivered."""

    def one(error: str = "30003") -> Message:
        post(caseworker, f"/cases/{case.code}/texts", words=WORDS, seen=str(segments(WORDS)))
        message = session.scalars(sa.select(Message).where(Message.sid.is_(None))).one()
        message.sid, message.status = f"SM{message.id.hex}", "sent"
        session.commit()
        say("/sms/status", MessageSid=message.sid, MessageStatus="undelivered", ErrorCode=error)
        return message

    return one


def _says(session: Session, safe: bool | None) -> None:
    session.execute(sa.update(Contact).values(call_safe=safe))
    session.commit()


def _owed(session: Session) -> list[Callback]:
    session.expire_all()
    return list(session.scalars(sa.select(Callback).where(Callback.why == "text")))


@pytest.mark.parametrize("safe", [None, False])
def test_nobody_is_called_who_did_not_say_that_it_is_safe(
    lose: Lose, case: Case, caseworker: FlaskClient, session: Session, settings: Settings, safe: bool | None
) -> None:
    lose()
    _says(session, safe)
    assert call_instead(session, settings, utcnow()) == 0 and _owed(session) == []
    page = caseworker.get(f"/cases/{case.code}").text
    assert "the phone is off or out of reach" in page and ("so no call" in page or "so none is owed" in page)


def test_who_said_that_a_call_is_safe_is_owed_one_however_many_texts_were_lost(
    lose: Lose, case: Case, caseworker: FlaskClient, session: Session, settings: Settings
) -> None:
    _says(session, safe=True)
    lose()
    lose("30007")
    assert call_instead(session, settings, utcnow()) == 1
    session.commit()
    (owed,) = _owed(session)
    assert (owed.state, owed.contact_id) == ("due", case.contact_id)
    assert "Our text did not arrive" in caseworker.get("/callbacks").text
    assert "one is owed instead" in caseworker.get(f"/cases/{case.code}").text
    owed.end("reached", utcnow())
    session.commit()
    assert call_instead(session, settings, utcnow()) == 0, "they were spoken to since"


def test_what_they_asked_not_to_be_sent_is_written_anew_not_spoken(
    lose: Lose, case: Case, caseworker: FlaskClient, session: Session, settings: Settings
) -> None:
    _says(session, safe=True)
    message = lose()
    session.execute(sa.update(Message).where(Message.id == message.id).values(error="names the hotline"))
    assert call_instead(session, settings, utcnow()) == 0
    session.commit()
    assert "one is owed instead" not in caseworker.get(f"/cases/{case.code}").text


def test_a_text_that_arrived_and_one_of_long_ago_owe_no_call(
    lose: Lose, say: Say, session: Session, settings: Settings
) -> None:
    _says(session, safe=True)
    message = lose()
    assert call_instead(session, settings, utcnow() + timedelta(days=3)) == 0
    session.execute(sa.update(Message).where(Message.id == message.id).values(status="delivered"))
    assert call_instead(session, settings, utcnow()) == 0


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [("08:00-20:00", (3, 12), (3, 12)), ("08:00-20:00", (3, 21), (4, 8)), ("", (3, 23), (3, 23))],
)
def test_without_a_time_of_theirs_they_are_called_within_our_hours(
    lose: Lose,
    session: Session,
    settings: Settings,
    hours: str,
    now: tuple[int, int],
    expected: tuple[int, int],
) -> None:
    _says(session, safe=True)
    message = lose()
    zone = ZoneInfo("Asia/Bangkok")
    at = datetime(2026, 11, now[0], now[1], tzinfo=zone)
    session.execute(sa.update(Message).where(Message.id == message.id).values(at=at))
    known = settings.model_copy(update={"callback_hours": f"mon-sun {hours}" if hours else ""})
    call_instead(session, known, at)
    (owed,) = _owed(session)
    said = owed.not_before.astimezone(zone)
    assert (said.day, said.hour) == expected


def test_they_are_called_at_the_time_of_day_that_they_said_last(
    say: Say, lose: Lose, session: Session, settings: Settings
) -> None:
    call = CallFrom(say, "CA2")
    # Known by now: tomorrow morning, which is never over, and a text is safe.
    call.press(call.to_the_microphone("4", "1", "3"), "1")
    asked = session.scalars(sa.select(Callback)).one()
    morning = asked.not_before
    asked.end("reached", utcnow())
    session.execute(sa.update(Callback).values(asked_at=utcnow() - timedelta(hours=1)))
    session.commit()
    lose()
    assert session.scalars(sa.select(Contact.call_safe)).one() is True
    call_instead(session, settings, utcnow())
    (owed,) = _owed(session)
    zone = ZoneInfo("Asia/Bangkok")
    assert owed.not_before.astimezone(zone).time() == morning.astimezone(zone).time()
    assert owed.not_before >= utcnow()


def test_the_last_word_counts(call: CallFrom, session: Session) -> None:
    call.press(call.to_the_microphone("2", "4", "2", "1", "1", "3"), "2")  # by keys: not safe to call
    assert session.scalars(sa.select(Contact.call_safe)).one() is False


def test_who_was_not_texted_for_days_because_nothing_went_out_is_owed_a_call(
    case: Case, caseworker: FlaskClient, session: Session, settings: Settings
) -> None:
    post(caseworker, f"/cases/{case.code}/texts", words=WORDS, seen=str(segments(WORDS)))
    _says(session, safe=True)
    session.execute(sa.update(Message).values(at=utcnow() - timedelta(days=3)))
    session.execute(sa.update(OutboxRow).where(OutboxRow.kind == "send_text").values(due_at=utcnow()))
    session.commit()
    keep_due(Tools(settings))
    assert session.scalars(sa.select(Message.status)).all() == ["failed"]
    assert call_instead(session, settings, utcnow()) == 1
