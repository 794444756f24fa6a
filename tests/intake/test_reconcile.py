"""What the webhooks did not deliver is taken in from the carrier's lists, once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.carrier.client import Carrier
from hotline.carrier.errors import CarrierError
from hotline.db import make_sessions, utcnow
from hotline.intake.clear_rehearsal import clear_rehearsal
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Attachment, Call, Contact, Line, Message, Reconciliation, Recording, Report
from hotline.intake.reconcile import Reconciler
from hotline.media.open_store import open_store
from hotline.settings import Settings
from hotline.writer import Writer
from tests.carrier_says import CALLER, LINE, CallFrom, Say
from tests.carriers import ACCOUNT, RunningCarrier
from workers.tools import Tools
from workers.work_due import keep_due

SPEECH = bytes(range(256)) * 1000


@pytest.fixture
def compare(carrier: RunningCarrier, engine: sa.Engine, settings: Settings, line: str):  # type: ignore[no-untyped-def]
    def compared() -> Reconciliation:
        made = make_sessions(engine)
        return Reconciler(made, Writer(settings), carrier.client, settings).compare()

    return compared


def test_a_call_and_a_voicemail_that_no_webhook_told_of_become_a_report(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, settings: Settings
) -> None:
    carrier.called("CA9", CALLER, LINE)
    carrier.hold("RE9", SPEECH, "CA9")
    found = compare()
    assert (found.calls, found.recordings, found.taken_in) == (1, 1, 2)
    report = session.scalars(sa.select(Report)).one()
    assert (report.call_sid, report.language, report.language_chosen) == ("CA9", "my", False)
    assert report.contact.number == CALLER and len(report.reference) == 7
    call = session.get_one(Call, "CA9")
    assert call.ended_at is not None and call.status == "completed"
    tools = Tools(settings)
    tools.__dict__["carrier"] = carrier.client
    keep_due(tools)
    session.expire_all()
    assert report.state == "waiting"
    assert keep_ledger(session).stored == 1


def test_comparing_again_takes_in_nothing(carrier: RunningCarrier, compare, session: Session) -> None:  # type: ignore[no-untyped-def]
    carrier.called("CA9", CALLER, LINE)
    carrier.hold("RE9", SPEECH, "CA9")
    carrier.texted("SM9", CALLER, LINE, "Help")
    assert compare().taken_in == 3
    assert compare().taken_in == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 2


def test_what_the_webhooks_brought_is_left_as_it_is(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, call: CallFrom
) -> None:
    call.record(call.to_the_microphone("2", "2"), sid="RE1")
    call.say("/voice/status", **call.fields | {"CallStatus": "completed"})
    carrier.called(call.sid, CALLER, LINE)
    carrier.hold("RE1", SPEECH, call.sid)
    assert compare().taken_in == 0
    report = session.scalars(sa.select(Report)).one()
    assert (report.language, report.language_chosen, report.urgency) == ("th", True, "danger")


def test_a_voicemail_whose_announcement_was_lost_keeps_the_language_and_urgency_of_its_call(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, call: CallFrom
) -> None:
    call.to_the_microphone("3", "2")
    carrier.called(call.sid, CALLER, LINE)
    carrier.hold("RE1", SPEECH, call.sid)
    assert compare().taken_in == 2  # the recording, and the end of the call
    report = session.scalars(sa.select(Report)).one()
    assert (report.language, report.language_chosen, report.urgency) == ("ne", True, "danger")


def test_a_text_is_taken_in_and_not_answered_late(carrier: RunningCarrier, compare, session: Session) -> None:  # type: ignore[no-untyped-def]
    carrier.texted("SM9", CALLER, LINE, "They keep my passport", at=utcnow() - timedelta(minutes=61))
    compare()
    texts = session.scalars(sa.select(Message)).all()
    assert [(text.sid, text.direction) for text in texts] == [("SM9", "in")]
    assert session.scalars(sa.select(Report.state)).all() == ["waiting"]


def test_what_is_found_on_a_line_for_practice_is_marked_as_practice(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session
) -> None:
    session.execute(sa.update(Line).values(rehearsal=True))
    session.commit()
    carrier.called("CA9", CALLER, LINE)
    carrier.texted("SM9", CALLER, LINE, "Is this thing on?")
    compare()
    assert session.scalars(sa.select(Call.rehearsal)).all() == [True]
    assert session.scalars(sa.select(Message.rehearsal)).all() == [True] * 2


def test_what_came_with_a_text_is_taken_in_from_the_carriers_list(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session
) -> None:
    files = [("ME1", "image/jpeg", b"x"), ("ME2", "audio/amr", b"y")]
    carrier.texted("MM9", CALLER, LINE, "", *files)
    assert compare().taken_in == 1
    found = session.scalars(sa.select(Attachment).order_by(Attachment.number)).all()
    assert [(one.sid, one.announced_as) for one in found] == [("ME1", "image/jpeg"), ("ME2", "audio/amr")]
    assert session.scalars(sa.select(Report.state)).all() == ["arriving"]
    session.rollback()
    carrier.exchange.media.clear()  # taken in and deleted there: its text still says that there were two
    assert compare().taken_in == 0


def test_what_a_webhook_did_not_name_is_found_later(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say
) -> None:
    said = {"NumMedia": "2", "MediaUrl0": "https://h.test/ME1", "MediaUrl1": "nonsense/"}
    say("/sms/incoming", MessageSid="MM9", From=CALLER, To=LINE, Body="look", **said)
    carrier.texted("MM9", CALLER, LINE, "look", ("ME1", "image/jpeg", b"x"), ("ME2", "image/png", b"y"))
    assert compare().taken_in == 1
    assert sorted(session.scalars(sa.select(Attachment.sid))) == ["ME1", "ME2"]
    assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 1


def test_nothing_comes_back_to_who_was_erased(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session
) -> None:
    carrier.texted("MM9", CALLER, LINE, "look", ("ME1", "image/jpeg", b"x"))
    compare()
    session.execute(sa.delete(Attachment))
    session.execute(sa.update(Contact).values(key=b"", erased_at=utcnow()))
    session.commit()
    assert compare().taken_in == 0
    assert session.scalars(sa.select(Attachment)).all() == []


def test_a_call_that_still_goes_on_is_left_to_its_webhooks(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session
) -> None:
    carrier.called("CA9", CALLER, LINE, status="in-progress")
    assert compare().taken_in == 0
    assert session.scalars(sa.select(Call)).all() == []


def test_another_number_of_the_account_is_none_of_our_business(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session
) -> None:
    carrier.called("CA9", CALLER, "+15550000000")
    carrier.hold("RE9", SPEECH, "CA9")
    carrier.texted("SM9", CALLER, "+15550000000", "not for us")
    assert compare().taken_in == 0
    assert session.scalars(sa.select(Report)).all() == []


def test_who_called_is_learned_where_the_first_webhook_was_lost(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, say: Say
) -> None:
    address = "/voice/recording?at=message&f=110&l=my&m=0&r=7712043&t=main&u=s&w=0&z=2"
    say(address, CallSid="CA9", RecordingSid="RE9", RecordingStatus="completed", RecordingDuration="16")
    assert session.scalars(sa.select(Contact.number)).all() == [None]
    session.rollback()
    carrier.called("CA9", CALLER, LINE)
    compare()
    assert session.scalars(sa.select(Contact.number)).all() == [CALLER]
    assert session.scalars(sa.select(Recording.sid)).all() == ["RE9"]


def test_a_call_known_from_the_carrier_alone_is_unknown_in_the_ledger_until_its_webhook_comes(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, call: CallFrom
) -> None:
    carrier.called(call.sid, CALLER, LINE)
    compare()
    assert keep_ledger(session).unknown == 1
    session.rollback()
    call.start()
    after = keep_ledger(session)
    assert (after.unknown, after.elsewhere, after.calls) == (0, 1, 1)


def test_a_carrier_that_will_not_say_is_an_error_by_which_it_is_asked_later(
    carrier: RunningCarrier, compare
) -> None:  # type: ignore[no-untyped-def]
    carrier.called("CA9", CALLER, LINE)
    carrier.client = Carrier(ACCOUNT, "wrong", carrier.url)
    with pytest.raises(CarrierError):
        compare()


def test_what_was_cleared_does_not_come_back(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session, settings: Settings
) -> None:
    carrier.called("CA9", CALLER, LINE)
    carrier.texted("SM9", CALLER, LINE, "Help")
    session.execute(sa.update(Contact).values(rehearsal=True))
    clear_rehearsal(session, open_store(settings))
    assert compare().taken_in == 0
    carrier.called("CA10", CALLER, LINE, at=utcnow() + timedelta(seconds=2))  # the carrier counts in seconds
    assert compare().taken_in == 1


def test_what_is_older_than_two_days_is_not_asked_for(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session
) -> None:
    carrier.called("CA9", CALLER, LINE, at=utcnow() - timedelta(hours=49))
    assert compare().calls == 0


def test_a_word_that_stops_texts_holds_though_only_the_carrier_has_heard_it(  # type: ignore[no-untyped-def]
    carrier: RunningCarrier, compare, session: Session
) -> None:
    carrier.texted("SM9", CALLER, LINE, "ရပ်ပါ")
    assert compare().taken_in == 1
    assert session.scalars(sa.select(Contact)).one().refuses_texts_since is not None
