"""A text with pictures or voice notes: kept and promised in one act, whatever its fields say."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from hotline.intake.models import Attachment, Contact, Message, Report
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CALLER, LINE, Say

THAI = "นายจ้างยึดหนังสือเดินทาง"
MEDIA = {
    "NumMedia": "1",
    "MediaUrl0": "https://api.twilio.com/x/Media/ME1",
    "MediaContentType0": "image/jpeg",
}


def _send(say: Say, body: str = "", **media: str) -> None:
    answer = say("/sms/incoming", MessageSid="MM1", From=CALLER, To=LINE, Body=body, **media)
    assert answer.status_code == 200 and b"<Message" not in answer.data


def _sids(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Attachment.sid).order_by(Attachment.number)))


def _promised(session: Session, kind: str) -> int:
    return session.scalar(sa.select(sa.func.count()).where(OutboxRow.kind == kind)) or 0


def test_a_text_without_words_is_kept_with_its_media_promised_and_answered_once(
    say: Say, line: str, session: Session
) -> None:
    _send(say, **MEDIA)
    report = session.scalars(sa.select(Report)).one()
    assert (report.kind, report.state, report.language_chosen) == ("text", "arriving", False)
    assert _sids(session) == ["ME1"]
    assert (_promised(session, "take_in_attachment"), _promised(session, "send_text")) == (1, 1)


def test_words_wait_for_no_picture(say: Say, line: str, session: Session) -> None:
    _send(say, THAI, **MEDIA)
    report = session.scalars(sa.select(Report)).one()
    assert (report.state, report.language) == ("waiting", "th")


@pytest.mark.parametrize("number", ["", "0", "-1", "1e9", "99999999999999999999", "NaN", "၁", "x" * 2000])
def test_no_nonsense_of_a_number_loses_words_or_picture(
    say: Say, line: str, session: Session, number: str
) -> None:
    _send(say, THAI, **MEDIA | {"NumMedia": number})
    assert _sids(session) == ["ME1"]
    assert (
        session.scalar(sa.select(sa.func.count()).select_from(Message).where(Message.direction == "in")) == 1
    )


@pytest.mark.parametrize(
    "address", ["", "http://[x/ME1", "nonsense", "https://h.test/", "https://h.test/../%00", "https://h.test/" + "x" * 65, "\0", "x" * 4000 + "/"],
)  # fmt: skip
def test_no_nonsense_of_an_address_loses_the_words(
    say: Say, line: str, session: Session, address: str
) -> None:
    _send(say, THAI, **MEDIA | {"MediaUrl0": address})
    assert _sids(session) in ([], ["nonsense"])
    assert session.scalars(sa.select(Report.state)).one() == "waiting"


def test_only_the_id_is_taken_each_once_and_no_more_than_ten(say: Say, line: str, session: Session) -> None:
    told = {f"MediaUrl{at}": f"https://evil.test/secret?x=1/{at}" for at in range(2)}
    told |= {f"MediaUrl{at}": f"http://evil.test/a/ME{at}?token=1#y" for at in range(2, 14)}
    _send(say, THAI, NumMedia="14", **told)
    assert _sids(session) == ["secret", *(f"ME{at}" for at in range(2, 10))]


def test_a_type_is_kept_only_where_it_is_one(say: Say, line: str, session: Session) -> None:
    said = {"MediaUrl1": "https://h.test/ME2", "MediaContentType1": "They keep my passport"}
    _send(say, **MEDIA | said)
    kept = session.scalars(sa.select(Attachment.announced_as).order_by(Attachment.number)).all()
    assert kept == ["image/jpeg", ""]


def test_a_keyword_with_a_picture_still_leads_on_and_the_picture_queues(
    say: Say, line: str, session: Session
) -> None:
    _send(say, "MENU", **MEDIA)
    report = session.scalars(sa.select(Report)).one()
    assert (report.kind, report.state) == ("text", "waiting") and _sids(session) == ["ME1"]
    told = session.scalars(sa.select(Message).where(Message.direction == "out")).one()
    words = told.contact.open(told.body, f"messages.body:{told.id}").decode()
    assert "1 " in words and "received" not in words.lower(), "the menu, as without a picture"


def test_stop_with_a_picture_is_stop(say: Say, line: str, session: Session) -> None:
    _send(say, "STOP", **MEDIA)
    assert session.scalars(sa.select(Contact.refuses_texts_since)).one() is not None
    assert _sids(session) == ["ME1"] and _promised(session, "send_text") == 0


def test_the_language_that_is_answered_is_that_of_the_voice_note_too(
    say: Say, line: str, session: Session
) -> None:
    _send(say, **MEDIA)
    say("/sms/incoming", MessageSid="SM2", From=CALLER, To=LINE, Body="2")
    report = session.scalars(sa.select(Report)).one()
    assert (report.language, report.language_chosen, report.state) == ("th", True, "arriving")


def test_told_fifty_times_at_once_it_happens_once(
    app: Flask, settings: Settings, session: Session, line: str
) -> None:
    fields = {"MessageSid": "MM1", "From": CALLER, "To": LINE, "Body": ""} | MEDIA
    address = settings.public_url + "/sms/incoming"
    signature = RequestValidator(settings.twilio_auth_tokens[0]).compute_signature(address, fields)

    def tell(_: int) -> int:
        return app.test_client().post(
            "/sms/incoming", data=urlencode(fields), content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        ).status_code  # fmt: skip

    app.extensions[KEY].lines.find(
        line
    )  # who comes while a process reads its lines for the first time knows none
    with ThreadPoolExecutor(16) as carriers:
        assert set(carriers.map(tell, range(50))) == {200}
    assert _sids(session) == ["ME1"]
    assert (_promised(session, "take_in_attachment"), _promised(session, "send_text")) == (1, 1)
    assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 1
