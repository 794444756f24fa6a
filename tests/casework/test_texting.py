"""Staff text the person of a case: what it costs is seen first, it can be taken back, and "do not text me" holds."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.casework.models import Case
from hotline.casework.write_text import count_text
from hotline.db import utcnow
from hotline.flow.texts import plain_form, segments
from hotline.intake.models import Contact, Message
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from tests.carrier_says import CALLER, LINE, CallFrom, Say
from tests.carriers import RunningCarrier, answers_lost
from tests.signing_in import SignIn, post
from workers.tools import Tools
from workers.work_due import keep_due

WORDS = "เราได้รับเรื่องแล้ว"


def _send(client: FlaskClient, case: Case, words: str = WORDS) -> int:
    return post(client, f"/cases/{case.code}/texts", words=words, seen=str(segments(words))).status_code


def _go_out(session: Session, settings: Settings, carrier: RunningCarrier) -> list[str]:
    session.execute(sa.update(OutboxRow).where(OutboxRow.kind == "send_text").values(due_at=utcnow()))
    session.commit()
    keep_due(Tools(settings.model_copy(update={"twilio_api_url": carrier.url})))
    session.expire_all()
    return [text.body for text in carrier.exchange.texts.values()]


def test_what_it_costs_is_seen_before_it_goes_and_what_was_typed_stays(
    app: Flask, settings: Settings, case: Case, caseworker: FlaskClient, session: Session
) -> None:
    app.extensions["hotline.settings"] = settings.model_copy(update={"text_price": "0.05 USD"})
    page = post(caseworker, f"/cases/{case.code}/texts", words="It’s " + "a" * 80).text
    assert "2 segments, 0.10 USD" in page and "It’s aaa" in page and "It&#39;s aaa" in page
    assert session.scalars(sa.select(Message)).all() == []


def test_it_goes_out_once_and_shows_in_the_case_with_what_became_of_it(
    case: Case,
    caseworker: FlaskClient,
    session: Session,
    settings: Settings,
    carrier: RunningCarrier,
    say: Say,
) -> None:
    assert _send(caseworker, case) == 302
    keep_due(Tools(settings.model_copy(update={"twilio_api_url": carrier.url})))
    assert not carrier.exchange.texts, "there are ten seconds for a second thought"
    assert _go_out(session, settings, carrier) == [WORDS] == _go_out(session, settings, carrier)
    message = session.scalars(sa.select(Message)).one()
    say("/sms/status", MessageSid=message.sid or "", MessageStatus="undelivered", ErrorCode="30003")
    page = caseworker.get(f"/cases/{case.code}").text
    assert WORDS in page and "Our text, undelivered (carrier’s error 30003)" in page and CALLER not in page


def test_it_can_be_taken_back_while_it_waits(
    case: Case, caseworker: FlaskClient, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    _send(caseworker, case)
    message = session.scalars(sa.select(Message)).one()
    post(caseworker, f"/cases/{case.code}/texts/{message.id}/take-back")
    assert _go_out(session, settings, carrier) == []
    assert "taken back" in caseworker.get(f"/cases/{case.code}").text


def test_do_not_text_me_holds_even_for_what_was_promised_before(
    case: Case, caseworker: FlaskClient, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    _send(caseworker, case)
    session.execute(sa.update(Contact).values(refuses_texts_since=utcnow()))
    assert _go_out(session, settings, carrier) == []
    assert _send(caseworker, case) == 400
    page = caseworker.get(f"/cases/{case.code}").text
    assert "They said not to text them." in page and "failed: they said not to text them" in page


@pytest.mark.parametrize("was_taken", [False, True])
@pytest.mark.parametrize("mark", [{"refuses_texts_since": utcnow()}, {"unnamed": True}])
def test_what_they_say_between_two_attempts_holds_for_the_second(
    case: Case, caseworker: FlaskClient, session: Session, settings: Settings, carrier: RunningCarrier,
    mark: dict[str, object], was_taken: bool,
) -> None:  # fmt: skip
    words = "The hotline has your message."
    _send(caseworker, case, words)
    with answers_lost("send_text", taken=was_taken):
        _go_out(session, settings, carrier)
    session.execute(sa.update(Contact).values(**mark))
    assert _go_out(session, settings, carrier) == ([words] if was_taken else [])
    assert session.scalars(sa.select(Message.status)).one() == ("sent" if was_taken else "failed")


def test_who_says_by_key_that_texts_are_not_safe_is_sent_none(call: CallFrom, session: Session) -> None:
    call.press(call.to_the_microphone("2", "4", "1", "1"), "2")
    assert session.scalars(sa.select(Contact.refuses_texts_since)).one() is not None


def test_the_case_says_by_which_way_they_asked_for_no_texts(
    case: Case, caseworker: FlaskClient, session: Session, say: Say
) -> None:
    def told() -> str:
        found = re.search("<dt>Texts</dt><dd>(.*?)</dd>", caseworker.get(f"/cases/{case.code}").text)
        return found[1] if found else ""

    assert told() == ""
    session.execute(sa.update(Contact).values(refuses_texts_since=utcnow()))
    session.commit()
    assert told() == "none, they said"
    again = CallFrom(say, sid="CA2")
    again.press(again.to_the_microphone("4", "1", "1"), "2")  # called now, and no text
    assert told() == "none, they said by keys"
    for sid, said, tells in (
        ("SM1", "STOP", "sent STOP"),
        ("SM2", "START", ""),
        ("SM3", "STOP", "sent STOP"),
    ):
        say("/sms/incoming", MessageSid=sid, From=CALLER, To=LINE, Body=said)
        assert told() == tells


def test_the_case_tells_a_stop_that_the_carrier_alone_knows_of(
    case: Case, caseworker: FlaskClient, session: Session, say: Say
) -> None:
    _send(caseworker, case)
    session.execute(sa.update(Message).values(sid="SM1", status="sent"))
    session.commit()
    say("/sms/status", MessageSid="SM1", MessageStatus="failed", ErrorCode="21610")
    page = caseworker.get(f"/cases/{case.code}").text
    assert "none: the carrier says that they sent STOP" in page


def test_who_may_not_write_into_cases_texts_nobody(case: Case, signed_in: SignIn, session: Session) -> None:
    assert _send(signed_in("transcriber", ("th",)), case) == 403
    assert session.scalars(sa.select(Message)).all() == []


def test_plain_signs_are_offered_only_where_they_save() -> None:
    assert count_text("It’s late", "").plain == ""
    assert count_text("It’s " + "a" * 80, "").plain == "It's " + "a" * 80
    assert plain_form("“so” – it…") == '"so" - it...'
    assert count_text(WORDS, "0.05 THB").price == "0.05 THB"


def test_the_plain_form_is_one_press_away_and_is_what_is_sent(
    case: Case, caseworker: FlaskClient, session: Session
) -> None:
    words = "We’ll meet you at the gate.\n" + "a" * 60
    page = post(caseworker, f"/cases/{case.code}/texts", words=words).text
    assert "Take the plain form: 1 segment" in page
    (plain,) = re.findall(r'<input type="hidden" name="words" value="([^"]+)">', page)
    plain = unescape(plain)
    assert plain == plain_form(words)
    page = post(caseworker, f"/cases/{case.code}/texts", words=plain).text
    assert "1 segment" in page and "Take the plain form" not in page and "Send it" in page
    _send(caseworker, case, plain)
    message = session.scalars(sa.select(Message)).one()
    assert message.contact.open(message.body, f"messages.body:{message.id}").decode() == plain


def test_what_is_too_long_is_said_when_it_is_counted_and_kept(case: Case, caseworker: FlaskClient) -> None:
    page = post(caseworker, f"/cases/{case.code}/texts", words="a" * 700).text
    assert "at most 4 segments" in page and "Send it" not in page and "a" * 700 in page


@pytest.mark.parametrize(
    ("price", "words", "told"),
    [
        ("0.004 USD", "a", "0.004 USD"), ("0.004 USD", "a" * 400, "0.012 USD"), ("0.0465 USD", "a" * 161, "0.093 USD"),
        ("0.05 USD", "a" * 161, "0.10 USD"), ("100 KHR", "a", "100.00 KHR"), ("0.00000001 BTC", "a", "0.00000001 BTC"),
        ("", "a", ""),
    ],
)  # fmt: skip
def test_a_price_has_as_many_digits_as_it_needs(price: str, words: str, told: str) -> None:
    assert count_text(words, price).price == told


@pytest.mark.parametrize("words", ["This is the HOTLINE", "Samut Sakhon office here", "call ＨＯＴＬＩＮＥ"])
def test_who_asked_not_to_have_the_hotline_named_is_never_sent_its_name(
    case: Case,
    caseworker: FlaskClient,
    session: Session,
    settings: Settings,
    carrier: RunningCarrier,
    words: str,
) -> None:
    assert _send(caseworker, case, words) == 302, "promised before they asked"
    post(caseworker, f"/cases/{case.code}/naming", unnamed="1")
    assert _go_out(session, settings, carrier) == [], "the function that sends looks, too"
    assert "they asked not to have the hotline named" in caseworker.get(f"/cases/{case.code}").text
    answer = post(caseworker, f"/cases/{case.code}/texts", words=words, seen=str(segments(words)))
    assert answer.status_code == 400 and "and this says" in answer.text and words in answer.text
    assert _send(caseworker, case) == 302
    assert _go_out(session, settings, carrier) == [WORDS]
    post(caseworker, f"/cases/{case.code}/naming")
    assert _send(caseworker, case, words) == 302


def _once(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page[page.index('id="tx"') :])
    assert found
    return found[1]


def _press(client: FlaskClient, case: Case, once: str, words: str = WORDS) -> str:
    path = f"/cases/{case.code}/texts"
    answer = post(client, path, words=words, seen=str(segments(words)), once=once)
    assert answer.status_code == 302
    return client.get(answer.location).text


def test_a_button_pressed_twice_sends_one_text_and_says_the_same_again(
    case: Case, caseworker: FlaskClient, session: Session, settings: Settings, carrier: RunningCarrier
) -> None:
    once = _once(post(caseworker, f"/cases/{case.code}/texts", words=WORDS).text)
    pages = [_press(caseworker, case, once) for _ in range(2)]
    assert all(
        "It goes out in ten seconds" in page and page.count("Our text, promised") == 1 for page in pages
    )
    assert _go_out(session, settings, carrier) == [WORDS]
    assert "was written already" in _press(caseworker, case, once), "an old page, from the browser's memory"
    assert _go_out(session, settings, carrier) == [WORDS]


def test_two_presses_at_once_send_one_text(
    app: Flask, case: Case, signed_in: SignIn, session: Session
) -> None:
    clients = [signed_in("caseworker", ("th",), name) for name in ("Suda", "Malee")]
    once = _once(post(clients[0], f"/cases/{case.code}/texts", words=WORDS).text)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda client: _press(client, case, once), clients))
    assert len(session.scalars(sa.select(Message)).all()) == 1


def test_the_same_words_in_a_new_form_and_other_words_in_the_old_one_are_texts_of_their_own(
    case: Case, caseworker: FlaskClient, session: Session
) -> None:
    first, second = (_once(post(caseworker, f"/cases/{case.code}/texts", words=WORDS).text) for _ in range(2))
    _press(caseworker, case, first)
    _press(caseworker, case, second)
    _press(caseworker, case, first, "ใช่")
    assert len(session.scalars(sa.select(Message)).all()) == 3
