"""What staff write goes out once, or is said not to have: whatever the carrier answers, and whoever comes between."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from hotline.carrier.client import Carrier
from hotline.casework.models import Case
from hotline.casework.write_text import take_back
from hotline.db import make_sessions, utcnow
from hotline.flow.texts import segments
from hotline.intake.models import Contact, Message
from hotline.intake.send_text import VALID_FOR
from hotline.media.open_store import open_store
from hotline.outbox import OutboxRow
from hotline.retention.erase import erase_contact
from hotline.settings import Settings
from hotline.staff.models import User
from tests.carrier_says import Say
from tests.carriers import RunningCarrier, answers_lost
from tests.signing_in import post
from workers.tools import Tools
from workers.work_due import keep_due

WORDS = "เราได้รับเรื่องแล้ว"
GoOut = Callable[[], list[str]]


@pytest.fixture
def write(case: Case, caseworker: FlaskClient) -> Callable[[], None]:
    def one() -> None:
        post(caseworker, f"/cases/{case.code}/texts", words=WORDS, seen=str(segments(WORDS)))

    return one


@pytest.fixture
def go_out(session: Session, settings: Settings, carrier: RunningCarrier) -> GoOut:
    """Do what is due, at once; the answer is what the carrier has."""

    def one() -> list[str]:
        due = OutboxRow.state == "due", OutboxRow.kind == "send_text"
        session.execute(sa.update(OutboxRow).where(*due).values(due_at=utcnow()))
        session.commit()
        keep_due(Tools(settings.model_copy(update={"twilio_api_url": carrier.url})))
        session.expire_all()
        return [text.body for text in carrier.exchange.texts.values()]

    return one


def _messages(session: Session) -> list[Message]:
    session.expire_all()
    return list(session.scalars(sa.select(Message).order_by(Message.at)))


def _state(session: Session) -> list[str]:
    return list(session.scalars(sa.select(OutboxRow.state).where(OutboxRow.kind == "send_text")))


@pytest.mark.parametrize("taken", [False, True])
def test_the_same_words_a_second_time_are_not_taken_for_the_first(
    write: Callable[[], None],
    go_out: GoOut,
    session: Session,
    taken: bool,
) -> None:
    write()
    assert go_out() == [WORDS]
    write()
    with answers_lost("send_text", taken=taken):
        assert go_out() == [WORDS] * (2 if taken else 1)
    assert go_out() == [WORDS, WORDS] == go_out()
    first, second = _messages(session)
    assert (first.status, second.status) == ("sent", "sent")
    assert first.sid and second.sid and first.sid != second.sid


def test_what_was_taken_back_is_never_sent(
    write: Callable[[], None],
    go_out: GoOut,
    session: Session,
    engine: sa.Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The one who takes back comes between the sender's look at it and its writing that it is being sent."""
    write()
    said: list[bool] = []
    opens = Contact.open

    def open_then_taken_back(self: Contact, *sealed: Any) -> bytes:
        if not said:
            with make_sessions(engine)() as other:
                other.execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
                message, member = (
                    other.scalars(sa.select(Message)).one(),
                    other.scalars(sa.select(User)).first(),
                )
                assert member
                try:
                    said.append(take_back(other, message, member))
                    other.commit()
                except sa.exc.OperationalError:  # who takes back waits until it is known that it goes out
                    said.append(False)
        return opens(self, *sealed)

    monkeypatch.setattr(Contact, "open", open_then_taken_back)
    went_out = go_out()
    (message,) = _messages(session)
    assert (went_out, message.status) == ([], "taken back") if said[0] else ([WORDS], "sent")


def _erase(session: Session, settings: Settings) -> None:
    (message,) = _messages(session)
    sessions = sessionmaker(session.get_bind(), expire_on_commit=False)
    session.commit()
    erase_contact(sessions, open_store(settings), settings, message.contact_id)


def test_what_was_promised_to_somebody_who_was_erased_is_not_owed_any_more(
    write: Callable[[], None], go_out: GoOut, session: Session, settings: Settings
) -> None:
    write()
    _erase(session, settings)
    assert _state(session) == [] and _messages(session)[0].status == "taken back"
    assert go_out() == []


def test_who_is_erased_while_a_text_is_under_way_makes_no_worker_fail(
    write: Callable[[], None], go_out: GoOut, session: Session, settings: Settings
) -> None:
    """An older backup, put back, holds the promise of a text and the erasure of its person."""
    write()
    promised = session.execute(sa.select(OutboxRow.__table__).where(OutboxRow.kind == "send_text")).one()
    _erase(session, settings)
    again = {name: value for name, value in promised._mapping.items() if name != "id"}
    session.execute(sa.delete(OutboxRow).where(OutboxRow.kind == "send_text"))
    session.execute(sa.insert(OutboxRow).values(again))
    session.execute(sa.update(Message).values(status="sending"))
    assert go_out() == [] and _state(session) == ["kept"]


@pytest.mark.parametrize("status", ["promised", "sending"])
def test_what_is_too_old_is_shown_as_failed_and_not_sent(
    write: Callable[[], None],
    go_out: GoOut,
    session: Session,
    case: Case,
    caseworker: FlaskClient,
    status: str,
) -> None:
    write()
    session.execute(sa.update(Message).values(at=utcnow() - VALID_FOR - timedelta(minutes=1), status=status))
    assert go_out() == []
    assert [message.status for message in _messages(session)] == ["failed"] and "due" not in _state(session)
    assert (
        "it was not sent within the hour that it was good for" in caseworker.get(f"/cases/{case.code}").text
    )


def test_what_is_too_old_and_was_taken_by_the_carrier_is_sent(
    write: Callable[[], None], go_out: GoOut, session: Session
) -> None:
    write()
    go_out()
    long_ago = utcnow() - VALID_FOR - timedelta(minutes=1)
    session.execute(sa.update(Message).values(at=long_ago, status="sending", sid=None))
    session.execute(sa.update(OutboxRow).where(OutboxRow.kind == "send_text").values(state="due"))
    assert go_out() == [WORDS] and _messages(session)[0].status == "sent"


def test_nobody_waits_for_ever_for_a_carrier_that_does_not_say_whether_it_took_it(
    write: Callable[[], None],
    go_out: GoOut,
    session: Session,
    case: Case,
    caseworker: FlaskClient,
    carrier: RunningCarrier,
    settings: Settings,
) -> None:
    write()
    session.execute(sa.update(Message).values(at=utcnow() - VALID_FOR * 2, status="sending"))
    session.execute(sa.update(OutboxRow).where(OutboxRow.kind == "send_text").values(due_at=utcnow()))
    session.commit()
    keep_due(Tools(settings))  # where no carrier is
    assert [message.status for message in _messages(session)] == ["failed"] and "due" not in _state(session)
    page = caseworker.get(f"/cases/{case.code}").text
    assert "the carrier did not say in time whether it took it" in page


@pytest.mark.parametrize(
    ("told", "error"), [("delivered", None), ("undelivered", "30005"), ("failed", "21610")]
)
def test_a_callback_that_is_faster_than_the_carriers_own_answer_counts(
    write: Callable[[], None],
    go_out: GoOut,
    session: Session,
    say: Say,
    monkeypatch: pytest.MonkeyPatch,
    told: str,
    error: str | None,
) -> None:
    hand_over = Carrier.send_text

    def answer_late(*given: Any) -> str:
        sid = hand_over(*given)
        say("/sms/status", MessageSid=sid, MessageStatus=told, **({"ErrorCode": error} if error else {}))
        say("/sms/status", MessageSid=sid, MessageStatus="queued")
        return sid

    monkeypatch.setattr(Carrier, "send_text", answer_late)
    write()
    go_out()
    (message,) = _messages(session)
    assert (message.status, message.error) == (told, error)
    assert (message.contact.refuses_texts_since is not None) == (error == "21610")
