"""A carrier with Somleng's gaps lacks what Somleng lacks, and each gap can be had alone."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from urllib.parse import urlsplit

import pytest
import requests

from hotline.rehearsal.gaps import SOMLENG, TWILIO, Gaps
from hotline.rehearsal.sound import to_wav
from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal, TinyHotline, run_carrier, wait_for
from tests.rehearsal.sounds import heard, voice

RECORD = """<Response><Record action="/recorded" recordingStatusCallback="/recording"
 recordingStatusCallbackEvent="in-progress completed absent"/><Redirect>/unrecorded</Redirect></Response>"""
DIAL = """<Response><Dial action="/dialled"><Number url="/accept">+66811111111</Number></Dial></Response>"""
COLLEAGUE = "+66811111111"


@contextmanager
def lacking(hotline: TinyHotline, *names: str) -> Iterator[Rehearsal]:
    with run_carrier(hotline, gaps=Gaps.read(",".join(names))) as running:
        yield running


@pytest.fixture
def somleng(hotline: TinyHotline) -> Iterator[Rehearsal]:
    with lacking(hotline, "somleng") as running:
        yield running


def test_gaps_are_read_by_name_and_unknown_ones_refused() -> None:
    assert Gaps.read("") == TWILIO
    assert Gaps.read("no_filters, plain_ids") == Gaps(no_filters=True, plain_ids=True)
    assert all(getattr(SOMLENG, one.name) for one in fields(SOMLENG))
    with pytest.raises(ValueError, match="no such gap: no_sense"):
        Gaps.read("no_sense,no_filters")


def test_a_voicemail_takes_the_call_where_nobody_is_asked_for_a_key(hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = DIAL
    with lacking(hotline, "no_whisper") as rehearsal:
        rehearsal.phone.set_answer(COLLEAGUE, "answers")
        rehearsal.call()
    (told,) = hotline.to("/dialled")
    assert told.form["DialCallStatus"] == "completed" and "DialBridged" not in told.form
    assert not hotline.to("/accept")


def test_an_unknown_verb_ends_the_call_where_it_stands(hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = (
        "<Response><Say>hello</Say><Pause/><Redirect>/on</Redirect></Response>"
    )
    with lacking(hotline, "few_verbs") as rehearsal:
        ended = rehearsal.call()
    assert hotline.paths() == ["/voice/incoming", "/voice/status"]
    assert "Say" in [line["verb"] for line in ended["log"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("sound", [heard(voice(2)), None], ids=["words", "nothing"])
def test_record_always_asks_its_action_and_tells_it_little(hotline: TinyHotline, sound: bytes | None) -> None:
    hotline.serves["/voice/incoming"] = RECORD
    with lacking(hotline, "record_acts", "plain_ids") as rehearsal:
        rehearsal.call(sound)
        held = rehearsal.phone.held_recordings()
    (told,) = hotline.to("/recorded")
    assert {"RecordingUrl", "RecordingDuration"} <= set(told.form)
    assert not {"RecordingSid", "Digits"} & set(told.form)
    assert not hotline.to("/unrecorded")
    assert [told.form["RecordingUrl"].rpartition("/")[2]] == held
    assert (told.form["RecordingDuration"] == "0") is (sound is None)


def test_of_a_recording_only_its_completion_is_told(hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = RECORD
    with lacking(hotline, "only_completed") as rehearsal:
        rehearsal.call(heard(voice(1)))
        wait_for(lambda: hotline.to("/recording"))
    assert [one.form["RecordingStatus"] for one in hotline.to("/recording")] == ["completed"]


def test_one_status_is_told_a_call_and_its_number_is_0(hotline: TinyHotline) -> None:
    with lacking(hotline, "one_status") as rehearsal:
        form = {
            "From": LINE,
            "To": CALLER,
            "Url": f"{hotline.url}/out",
            "StatusCallback": f"{hotline.url}/st",
        }
        form["StatusCallbackEvent"] = "initiated ringing answered completed"
        requests.post(f"{rehearsal.account_url}/Calls.json", data=form, auth=rehearsal.credentials)
        wait_for(lambda: hotline.to("/st"))
        (told,) = hotline.to("/st")
    assert (told.form["CallStatus"], told.form["SequenceNumber"]) == ("completed", "0")


def test_nobody_else_is_asked_without_a_fallback(hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = "no XML"
    with lacking(hotline, "no_fallback") as rehearsal:
        rehearsal.call()
    assert hotline.paths() == ["/voice/incoming", "/voice/status"]


def test_an_answer_is_read_whatever_its_status(hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = 503
    with lacking(hotline, "any_status") as rehearsal:
        rehearsal.call()
    assert len(hotline.to("/voice/incoming")) == 1, "it is not asked again"


def test_ids_are_uuids(somleng: Rehearsal) -> None:
    sid = somleng.phone.dial(from_=CALLER, to=LINE)
    text = somleng.phone.text(from_=CALLER, to=LINE, body="hello")
    assert [str(uuid.UUID(one)) for one in (sid, text)] == [sid, text]


def test_lists_are_whole_and_newest_first(somleng: Rehearsal) -> None:
    for number in "12":
        somleng.exchange.keep_recording(f"CA{number}", to_wav(voice(1)), 1, f"RE{number}")
    query = {"CallSid": "CA1", "DateCreated": "1999-01-01"}
    address = f"{somleng.account_url}/Recordings.json"
    listed = requests.get(address, params=query, auth=somleng.credentials).json()["recordings"]
    assert [one["sid"] for one in listed] == ["RE2", "RE1"]


def test_a_recording_stays_and_is_fetched_from_another_host_without_credentials(somleng: Rehearsal) -> None:
    somleng.exchange.keep_recording("CA1", to_wav(voice(1)), 1, "RE1")
    address = f"{somleng.account_url}/Recordings/RE1"
    assert requests.delete(address + ".json", auth=somleng.credentials).status_code == 404
    leads = requests.get(address + ".wav", allow_redirects=False)
    there = leads.headers["Location"]
    assert leads.status_code == 302 and urlsplit(there).hostname != urlsplit(address).hostname
    assert requests.get(there).content == to_wav(voice(1))
    assert requests.get(there, auth=somleng.credentials).status_code == 400, "they are not for this host"


def test_files_that_come_with_a_text_are_dropped_on_the_way(somleng: Rehearsal, hotline: TinyHotline) -> None:
    sid = somleng.phone.text(from_=CALLER, to=LINE, body="look", files=[("image/png", b"x")])
    (told,) = hotline.to("/sms/incoming")
    assert (told.form["NumMedia"], told.form["Body"]) == ("0", "look") and "MediaUrl0" not in told.form
    address = f"{somleng.account_url}/Messages/{sid}/Media.json"
    assert requests.get(address, auth=somleng.credentials).status_code == 404
    assert somleng.phone.held_media() == []


def test_a_refusal_bears_no_code_and_stop_stops_nothing(somleng: Rehearsal, hotline: TinyHotline) -> None:
    somleng.phone.text(from_=CALLER, to=LINE, body="STOP")
    assert "OptOutType" not in hotline.to("/sms/incoming")[0].form
    address = f"{somleng.account_url}/Messages.json"
    sent = requests.post(address, data={"From": LINE, "To": CALLER, "Body": "a"}, auth=somleng.credentials)
    bad = requests.post(address, data={"From": LINE, "To": "x", "Body": "a"}, auth=somleng.credentials)
    assert (sent.status_code, bad.status_code) == (201, 400) and "code" not in bad.json()
