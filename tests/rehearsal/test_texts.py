"""Texts: what their sender is told of them, and the words that the carrier acts on."""

from urllib.parse import urlsplit

import pytest
import requests

from hotline.rehearsal.client import PhoneError
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


def test_what_comes_with_a_text_is_named_in_its_webhook_and_lies_on_another_host(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    files = [("image/png", b"a picture"), ("audio/amr", b"a voice")]
    sid = rehearsal.phone.text(from_=CALLER, to=LINE, files=files)
    (asked,) = hotline.to("/sms/incoming")
    assert (asked.form["NumMedia"], asked.form["Body"], asked.is_signed()) == ("2", "", True)
    assert [asked.form[f"MediaContentType{at}"] for at in (0, 1)] == ["image/png", "audio/amr"]
    address = asked.form["MediaUrl1"]
    assert address.startswith(f"{rehearsal.account_url}/Messages/{sid}/Media/ME")
    leads = requests.get(address, auth=rehearsal.credentials, allow_redirects=False)
    there = leads.headers["Location"]
    assert leads.status_code == 302 and urlsplit(there).hostname != urlsplit(address).hostname
    assert requests.get(there).content == b"a voice"
    assert requests.get(there, auth=rehearsal.credentials).status_code == 400, "they are not for this host"
    assert requests.delete(f"{address}.json", auth=rehearsal.credentials).status_code == 204
    assert len(rehearsal.phone.held_media()) == 1
    assert requests.get(address, auth=rehearsal.credentials).status_code == 404
    assert rehearsal.phone.thread(CALLER)[0]["media"] == 2, "the phone has not forgotten"


def test_a_text_of_nothing_is_none(rehearsal: Rehearsal) -> None:
    with pytest.raises(PhoneError, match="to whom, and what"):
        rehearsal.phone.text(from_=CALLER, to=LINE)


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
