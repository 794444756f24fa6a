"""Texts: what their sender is told of them, and the words that the carrier acts on."""

import pytest
import requests

from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal, TinyHotline, wait_for


def _send(rehearsal: Rehearsal, **more: str) -> requests.Response:
    form = {"From": LINE, "To": CALLER, "Body": "received 771"} | more
    return requests.post(f"{rehearsal.account_url}/Messages.json", data=form, auth=rehearsal.credentials)


def test_each_status_is_told_in_its_order(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    sid = _send(rehearsal, StatusCallback=f"{hotline.url}/told").json()["sid"]
    wait_for(lambda: len(hotline.to("/told")) == 3)
    assert [one.form["MessageStatus"] for one in hotline.to("/told")] == ["queued", "sent", "delivered"]
    assert {one.form["MessageSid"] for one in hotline.asked} == {sid}
    assert all(one.is_signed() for one in hotline.asked)


def test_nobody_is_told_without_a_status_callback(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    _send(rehearsal)
    wait_for(lambda: rehearsal.phone.thread(CALLER)[0]["status"] == "delivered")
    assert hotline.asked == []


def test_a_text_to_a_line_is_a_signed_webhook(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.phone.text(from_=CALLER, to=LINE, body="मेरो तलब")
    (asked,) = hotline.to("/sms/incoming")
    assert (asked.form["Body"], asked.form["From"], asked.is_signed()) == ("मेरो तलब", CALLER, True)


@pytest.mark.parametrize("word", ["STOP", "stop ", "Unsubscribe"])
def test_after_stop_nothing_is_sent_until_start(
    rehearsal: Rehearsal, hotline: TinyHotline, word: str
) -> None:
    rehearsal.phone.text(from_=CALLER, to=LINE, body=word)
    assert hotline.asked[0].form["OptOutType"] == "STOP"
    refused = _send(rehearsal)
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    rehearsal.phone.text(from_=CALLER, to=LINE, body="start")
    assert _send(rehearsal).status_code == 201
    assert [one["by_carrier"] for one in rehearsal.phone.thread(CALLER)] == [False, True, False, True, False]
