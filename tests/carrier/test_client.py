"""What goes wrong at the carrier is told apart by what to do about it."""

import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hotline.carrier import asking
from hotline.carrier.client import Carrier
from hotline.carrier.errors import (
    AnswerLost,
    Busy,
    CarrierDown,
    CutOff,
    NotThere,
    RefusedByCarrier,
    TooLarge,
)
from hotline.carrier.numbers import caller_number, is_phone
from hotline.db import utcnow
from tests.carriers import ACCOUNT, TOKEN, RunningCarrier

VOICE = b"\x01\x02" * 8000


def test_a_recording_is_fetched_with_credentials_and_deleted_once(carrier: RunningCarrier) -> None:
    carrier.hold("RE1", VOICE)
    fetched = carrier.client.fetch_recording("RE1")
    assert fetched.body.endswith(VOICE)
    with pytest.raises(RefusedByCarrier):
        Carrier(ACCOUNT, "wrong", carrier.url).fetch_recording("RE1")
    carrier.client.delete_recording("RE1")
    carrier.client.delete_recording("RE1")  # gone already is gone
    with pytest.raises(NotThere):
        carrier.client.fetch_recording("RE1")


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        ({"media_missing_s": 60.0}, NotThere),
        ({"media_status": 429}, Busy),
        ({"media_status": 503}, CarrierDown),
        ({"media_status": 403}, RefusedByCarrier),
        ({"media_cut": True}, CutOff),
    ],
)
def test_faults_are_told_apart(
    carrier: RunningCarrier, faults: dict[str, object], error: type[Exception]
) -> None:
    carrier.hold("RE1", VOICE)
    carrier.faults.set(faults)
    with pytest.raises(error):
        carrier.client.fetch_recording("RE1")


def test_a_byte_a_second_is_given_up_within_seconds(carrier: RunningCarrier) -> None:
    carrier.hold("RE1", VOICE)
    carrier.faults.set({"media_slow": True})
    began = time.monotonic()
    with pytest.raises(CutOff):
        carrier.client.fetch_recording("RE1")
    assert time.monotonic() - began < 10


def test_more_than_a_message_can_be_is_refused(
    carrier: RunningCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 1000)
    carrier.hold("RE1", VOICE)
    with pytest.raises(TooLarge):
        carrier.client.fetch_recording("RE1")


def test_nobody_there_is_the_carrier_down() -> None:
    with pytest.raises((CutOff, CarrierDown)):
        Carrier(ACCOUNT, TOKEN, "http://127.0.0.1:9").fetch_recording("RE1")
    with pytest.raises(AnswerLost):
        Carrier(ACCOUNT, TOKEN, "http://127.0.0.1:9").send_text(
            "+66200", "+66812345678", "hi", "http://h", 60
        )


def test_a_redirect_elsewhere_is_not_followed_and_carries_no_credentials() -> None:
    asked: list[str | None] = []

    class Redirects(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Authorization"])
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Redirects)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with pytest.raises(RefusedByCarrier):
        Carrier(ACCOUNT, TOKEN, f"http://127.0.0.1:{server.server_port}").fetch_recording("RE1")
    server.shutdown()
    assert len(asked) == 1


def test_a_text_is_sent_found_again_and_refused_after_stop(carrier: RunningCarrier) -> None:
    began = utcnow() - timedelta(seconds=5)
    sid = carrier.client.send_text("+6620000142", "+66812345678", "received 771", "http://127.0.0.1:9/s", 60)
    assert carrier.client.find_sent_text("+66812345678", "+6620000142", began, "received 771") == sid
    assert carrier.client.find_sent_text("+66812345678", "+6620000142", began, "another") is None
    carrier.exchange.stopped.add(("+6620000142", "+66812345678"))
    with pytest.raises(RefusedByCarrier) as refused:
        carrier.client.send_text("+6620000142", "+66812345678", "more", "http://127.0.0.1:9/s", 60)
    assert refused.value.code == 21610


@pytest.mark.parametrize(
    ("said", "number", "phone"),
    [
        ("+66812345678", "+66812345678", True),
        ("+66672000000", "+66672000000", True),  # possible, though libraries do not call it valid yet
        ("+266696687", None, False),
        ("Anonymous", None, False),
        ("", None, False),
        ("client:agent", None, False),
        ("1909", "1909", False),
        ("DTAC", "DTAC", False),
    ],
)
def test_whose_number_it_is(said: str, number: str | None, phone: bool) -> None:
    assert caller_number(said) == number
    assert (number is not None and is_phone(number)) is phone


def test_a_text_is_found_behind_many_pages(carrier: RunningCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PAGE", 1)
    began = utcnow() - timedelta(seconds=5)
    sids = [
        carrier.client.send_text("+66200", "+66812345678", word, "http://127.0.0.1:9/s", 60) for word in "abc"
    ]
    assert carrier.client.find_sent_text("+66812345678", "+66200", began, "a") == sids[0]
    assert carrier.client.find_sent_text("+66812345678", "+66200", began, "z") is None


def test_a_carrier_that_cannot_forget_is_not_taken_to_have_forgotten() -> None:
    """Nothing is asked of it: there is no such address in its API."""
    with pytest.raises(RefusedByCarrier):
        Carrier("AC1", "token", "https://api.somleng.org").delete_recording("RE1")
