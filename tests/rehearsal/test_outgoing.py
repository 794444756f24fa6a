"""A call that the hotline asks for rings a phone, which answers as it is set to."""

import time
from dataclasses import replace
from itertools import pairwise

import pytest
import requests

from hotline.rehearsal.client import PhoneError
from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal, TinyHotline, wait_for
from tests.rehearsal.outgoing import call_out


def _status(rehearsal: Rehearsal, sid: str) -> str:
    answer = requests.get(f"{rehearsal.account_url}/Calls/{sid}.json", auth=rehearsal.credentials)
    return str(answer.json()["status"])


def test_an_answered_call_follows_its_document_and_is_told_of(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves["/out"] = "<Response><Say>We call you back.</Say></Response>"
    made = call_out(rehearsal)
    assert (made.status_code, made.json()["direction"]) == (201, "outbound-api")
    assert rehearsal.phone.wait_until_ended(made.json()["sid"])["status"] == "completed"
    wait_for(lambda: len(hotline.to("/told")) == 4)
    told = sorted(hotline.to("/told"), key=lambda one: one.form["SequenceNumber"])
    assert [one.form["CallStatus"] for one in told] == ["queued", "ringing", "in-progress", "completed"]
    assert "CallDuration" in told[-1].form
    (asked,) = hotline.to("/out")
    assert (asked.form["To"], asked.form["From"], asked.query) == (CALLER, LINE, {"about": "7"})
    assert asked.form["Direction"] == "outbound-api"
    assert all(one.is_signed() for one in hotline.asked)
    assert not hotline.to("/voice/status"), "that is for calls to a line"


@pytest.mark.parametrize("how", ["busy", "no-answer"])
def test_who_does_not_answer_is_not_asked_about(rehearsal: Rehearsal, hotline: TinyHotline, how: str) -> None:
    rehearsal.phone.set_answer(CALLER, how)
    sid = call_out(rehearsal, StatusCallbackEvent=None, Timeout="5").json()["sid"]
    assert rehearsal.phone.wait_until_ended(sid)["status"] == how
    wait_for(lambda: hotline.to("/told"))
    assert [one.form["CallStatus"] for one in hotline.asked] == [how]
    rehearsal.phone.set_answer(CALLER, "answers")
    sid = call_out(rehearsal).json()["sid"]
    assert rehearsal.phone.wait_until_ended(sid)["status"] == "completed"


def test_one_call_goes_out_a_second_and_the_others_are_queued(rehearsal: Rehearsal) -> None:
    rehearsal.exchange.config = replace(rehearsal.exchange.config, speed=1.0)
    turns = [rehearsal.exchange.queue_call() for _ in range(4)]
    assert turns[0] == 0 and all(0.5 < after - before <= 1 for before, after in pairwise(turns))


def test_a_call_that_is_queued_can_be_taken_back(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.exchange.next_call = time.monotonic() + 60
    sid = call_out(rehearsal).json()["sid"]
    assert _status(rehearsal, sid) == "queued"
    address = f"{rehearsal.account_url}/Calls/{sid}.json"
    requests.post(address, data={"Status": "canceled"}, auth=rehearsal.credentials)
    wait_for(lambda: _status(rehearsal, sid) == "canceled")
    assert not hotline.to("/out")


def test_a_call_ended_while_it_rings_is_canceled(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.phone.set_answer(CALLER, "no-answer")
    sid = call_out(rehearsal, Timeout="600").json()["sid"]
    wait_for(lambda: _status(rehearsal, sid) == "ringing")
    address = f"{rehearsal.account_url}/Calls/{sid}.json"
    requests.post(address, data={"Status": "completed"}, auth=rehearsal.credentials)
    wait_for(lambda: _status(rehearsal, sid) == "canceled")
    assert not hotline.to("/out")


def test_the_document_is_asked_for_by_the_method_given(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    call_out(rehearsal, Method="GET", StatusCallbackMethod="GET", StatusCallbackEvent=None)
    wait_for(lambda: hotline.to("/told"))
    assert [(one.method, one.is_signed()) for one in hotline.asked] == [("GET", True)] * 2


@pytest.mark.parametrize("fallback", ["", "/plan-b"])
def test_a_failing_document_asks_the_calls_own_fallback_if_it_has_one(
    rehearsal: Rehearsal, hotline: TinyHotline, fallback: str
) -> None:
    hotline.serves["/out"] = 404
    call_out(rehearsal, FallbackUrl=fallback and hotline.url + fallback, StatusCallbackEvent=None)
    wait_for(lambda: hotline.to("/told"))
    assert hotline.paths() == ["/out", *([fallback] if fallback else []), "/told"]


@pytest.mark.parametrize(
    ("form", "code"),
    [({"To": ""}, 21201), ({"From": ""}, 21213), ({"Url": ""}, 21205), ({"To": "1909"}, 21211), ({"Url": "/out"}, 21205)],
)  # fmt: skip
def test_a_call_that_cannot_be_made_is_refused(rehearsal: Rehearsal, form: dict[str, str], code: int) -> None:
    refused = call_out(rehearsal, **form)
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert rehearsal.exchange.calls == {}


def test_an_unknown_way_to_answer_is_refused(rehearsal: Rehearsal) -> None:
    with pytest.raises(PhoneError, match="no-answer"):
        rehearsal.phone.set_answer(CALLER, "sulks")
