"""The carrier misbehaves as it is told to, and no other way."""

import time
from dataclasses import replace

import pytest
import requests

from hotline.rehearsal import webhook
from hotline.rehearsal.client import PhoneError
from hotline.rehearsal.config import Config
from hotline.rehearsal.sound import to_wav
from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal, TinyHotline, wait_for
from tests.rehearsal.sounds import heard, voice

RECORD = """<Response><Record action="/recorded" recordingStatusCallback="/recording"
 recordingStatusCallbackEvent="in-progress completed"/></Response>"""


def _hold(rehearsal: Rehearsal) -> str:
    """A recording at the carrier; the answer is its address."""
    rehearsal.exchange.keep_recording("CA1", to_wav(voice(1)), 1, "RE1")
    return f"{rehearsal.account_url}/Recordings/RE1.wav"


def test_twice_sends_every_webhook_twice(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = "<Response><Redirect>/on</Redirect></Response>"
    rehearsal.phone.misbehave(twice=True)
    rehearsal.call()
    wait_for(lambda: len(hotline.asked) == 6)
    assert sorted(hotline.paths()) == sorted(2 * ["/voice/incoming", "/on", "/voice/status"])
    first, again = hotline.to("/on")
    assert first == again


def test_every_second_callback_is_lost_and_nothing_that_a_call_waits_for(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves["/voice/incoming"] = RECORD
    rehearsal.phone.misbehave(lose_every=2)
    for _ in range(2):
        rehearsal.phone.play(from_=CALLER, to=LINE, speak=heard(voice(1)))
    wait_for(lambda: len(hotline.to("/recording") + hotline.to("/voice/status")) == 3)
    assert [len(hotline.to(path)) for path in ("/voice/incoming", "/recorded")] == [2, 2]
    said = sorted(
        one.form.get("RecordingStatus", "ended") for one in hotline.asked if "Timestamp" in one.form
    )
    assert said == ["completed", "ended", "in-progress"]  # of six: the first, the third, the fifth


def test_shuffled_callbacks_come_late_and_all_of_them(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.phone.misbehave(shuffle=True)
    for _ in range(8):
        rehearsal.phone.play(from_=CALLER, to=LINE)
    placed = list(rehearsal.exchange.calls)
    wait_for(lambda: len(hotline.to("/voice/status")) == 8)
    told = [one.form["CallSid"] for one in hotline.to("/voice/status")]
    assert sorted(told) == sorted(placed)
    assert told != placed


def test_callbacks_and_texts_come_late(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.phone.misbehave(delay_s=0.5)
    began = time.monotonic()
    rehearsal.phone.text(from_=CALLER, to=LINE, body="late")
    assert not hotline.to("/sms/incoming")
    wait_for(lambda: hotline.to("/sms/incoming"))
    assert time.monotonic() - began >= 0.5


def test_a_text_that_is_lost_stands_in_the_carriers_list(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.phone.misbehave(lose_every=1)
    sid = rehearsal.phone.text(from_=CALLER, to=LINE, body="lost")
    listed = requests.get(f"{rehearsal.account_url}/Messages.json", auth=rehearsal.credentials).json()[
        "messages"
    ]
    assert [(one["sid"], one["body"]) for one in listed] == [(sid, "lost")]
    assert not hotline.to("/sms/incoming")


def test_a_text_of_ours_that_does_not_arrive_says_why(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.phone.misbehave(text_error=30003)
    form = {"From": LINE, "To": CALLER, "Body": "x" * 200, "StatusCallback": f"{hotline.url}/told"}
    made = requests.post(
        f"{rehearsal.account_url}/Messages.json", data=form, auth=rehearsal.credentials
    ).json()
    assert made["num_segments"] == "2"
    wait_for(lambda: len(hotline.to("/told")) == 3)
    last = hotline.to("/told")[-1].form
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")
    shown = requests.get(
        f"{rehearsal.account_url}/Messages/{made['sid']}.json", auth=rehearsal.credentials
    ).json()
    assert (shown["status"], shown["error_code"]) == ("undelivered", 30003)


def test_out_of_reach_only_the_fallback_is_asked(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.phone.misbehave(unreachable=True)
    rehearsal.phone.play(from_=CALLER, to=LINE)
    assert hotline.paths() == ["/voice/fallback"]


def test_an_answer_that_fails_leads_to_the_fallback_at_once(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves["/voice/incoming"] = 503
    rehearsal.call()
    assert hotline.paths() == ["/voice/incoming", "/voice/fallback", "/voice/status"]


@pytest.mark.parametrize(
    ("fragment", "tries"),
    [("rc=2&rp=5xx", 3), ("rp=all", 2), ("rc=2", 1), ("rc=0&rp=5xx", 1), ("rc=x&rp=5xx", 2)],
)
def test_the_address_says_how_often_it_is_tried_again(
    rehearsal: Rehearsal, hotline: TinyHotline, fragment: str, tries: int
) -> None:
    again = fragment.replace("&", "&amp;")
    hotline.serves["/voice/incoming"] = f"<Response><Redirect>/on#{again}</Redirect></Response>"
    hotline.serves["/on"] = 503
    rehearsal.call()
    assert len(hotline.to("/on")) == tries


def test_where_no_connection_is_made_it_is_tried_once_more(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, tried = webhook._send, []

    def count(config: Config, address: str, *more: object) -> object:
        tried.append(address)
        return send(config, address, *more)

    monkeypatch.setattr(webhook, "_send", count)
    nobody = replace(rehearsal.exchange.config, webhooks="http://127.0.0.1:1")
    with pytest.raises(webhook.NoAnswer, match="ConnectionError"):
        webhook.ask(nobody, rehearsal.exchange.faults, "/voice/incoming", {})
    assert len(tried) == 2


def test_no_recording_is_announced_though_it_is_held(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = RECORD
    rehearsal.phone.misbehave(never_complete=True)
    rehearsal.call(heard(voice(1)))
    assert hotline.to("/recorded") and not hotline.to("/recording")
    assert len(rehearsal.phone.held_recordings()) == 1


@pytest.mark.parametrize(("faults", "status"), [({"media_missing_s": 60}, 404), ({"media_status": 503}, 503)])
def test_a_recording_cannot_be_had(rehearsal: Rehearsal, faults: dict[str, int], status: int) -> None:
    address = _hold(rehearsal)
    rehearsal.phone.misbehave(**faults)
    assert requests.get(address, auth=rehearsal.credentials).status_code == status
    rehearsal.phone.misbehave(**dict.fromkeys(faults, 0))
    assert requests.get(address, auth=rehearsal.credentials).status_code == 200


def test_a_cut_recording_is_shorter_than_its_announced_length(rehearsal: Rehearsal) -> None:
    address = _hold(rehearsal)
    rehearsal.phone.misbehave(media_cut=True)
    with requests.get(address, auth=rehearsal.credentials, stream=True) as answer:
        promised = int(answer.headers["Content-Length"])
        came = answer.raw.read(promised, decode_content=False) if promised else b""
    assert promised == len(to_wav(voice(1)))
    assert len(came) == promised // 2


def test_a_slow_recording_comes_a_byte_a_second(rehearsal: Rehearsal) -> None:
    address = _hold(rehearsal)
    rehearsal.phone.misbehave(media_slow=True)
    with requests.get(address, auth=rehearsal.credentials, stream=True) as answer:
        assert len(answer.raw.read1(1000)) == 1


@pytest.mark.parametrize("nonsense", [{"lose_every": "often"}, {"media_missing_s": None}])
def test_a_fault_of_the_wrong_kind_is_refused(rehearsal: Rehearsal, nonsense: dict[str, object]) -> None:
    with pytest.raises(PhoneError, match="wrong kind"):
        rehearsal.phone.misbehave(**nonsense)
