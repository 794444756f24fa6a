"""What the caller says is recorded until a key, silence or the end of the call."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests

from hotline.rehearsal.sound import wav_seconds
from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal, TinyHotline, wait_for
from tests.rehearsal.sounds import heard, silence, voice

RECORD = """<Response><Record action="/recorded" timeout="3" finishOnKey="#" maxLength="60"
 recordingStatusCallback="/recording" recordingStatusCallbackEvent="in-progress completed absent"/>
 <Redirect>/unrecorded</Redirect></Response>"""


@pytest.fixture(autouse=True)
def records(hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = RECORD


def _told(hotline: TinyHotline) -> set[str]:
    return {one.form["RecordingStatus"] for one in hotline.to("/recording")}


def test_silence_inside_a_sound_ends_the_recording(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.call(heard(voice(2), silence(4), voice(2)))
    (recorded,) = hotline.to("/recorded")
    assert (recorded.form["RecordingDuration"], recorded.form["Digits"]) == ("5", "")
    (kept,) = rehearsal.exchange.recordings.values()
    assert wav_seconds(kept.wav) == pytest.approx(5, abs=0.2)


def test_a_short_pause_is_part_of_the_recording(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.call(heard(voice(2), silence(2), voice(2)))
    (recorded,) = hotline.to("/recorded")
    assert (recorded.form["RecordingDuration"], recorded.form["Digits"]) == ("6", "#")


@pytest.mark.parametrize("sound", [None, heard(silence(1)), heard(silence(8)), heard(silence(4), voice(2))])
def test_a_caller_who_says_nothing_in_time_falls_through(
    rehearsal: Rehearsal, hotline: TinyHotline, sound: bytes | None
) -> None:
    rehearsal.call(sound)
    assert hotline.to("/unrecorded") and not hotline.to("/recorded")
    assert rehearsal.exchange.recordings == {}
    wait_for(lambda: _told(hotline) == {"in-progress", "absent"})


def test_absent_is_told_only_to_those_who_want_it(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = RECORD.replace(" absent", "")
    rehearsal.call()
    wait_for(lambda: _told(hotline) == {"in-progress"})


def _listens(rehearsal: Rehearsal) -> str:
    """A live call that waits for words; the answer is its id."""
    sid = rehearsal.phone.dial(from_=CALLER, to=LINE)
    wait_for(lambda: rehearsal.phone.look(sid)["waits"].get("for") == "voice")
    return sid


@pytest.mark.parametrize(
    ("parts", "keys", "digits"),
    [
        ((voice(1),), "#", ["#"]),
        ((voice(1),), "", [""]),
        ((voice(1), silence(4)), "", [""]),
        ((silence(3.5), voice(1)), "", []),
    ],
)
def test_a_live_caller_ends_by_key_or_by_silence(
    unhurried: Rehearsal, hotline: TinyHotline, parts: tuple[bytes, ...], keys: str, digits: list[str]
) -> None:
    sid = _listens(unhurried)
    unhurried.phone.speak(sid, heard(*parts))
    unhurried.phone.press(sid, keys)
    unhurried.phone.wait_until_ended(sid)
    assert [one.form["Digits"] for one in hotline.to("/recorded")] == digits
    assert bool(hotline.to("/unrecorded")) is not bool(digits)


@pytest.mark.parametrize("said", [True, False])
def test_hanging_up_while_recording_still_delivers_what_was_said(
    rehearsal: Rehearsal, hotline: TinyHotline, said: bool
) -> None:
    rehearsal.call(heard(voice(2)) if said else None, hang_up="recording")
    wait_for(lambda: _told(hotline) == {"in-progress", "completed" if said else "absent"})
    assert [one.form["Digits"] for one in hotline.to("/recorded")] == ["hangup"] * said
    assert len(rehearsal.exchange.recordings) == said
    assert not hotline.to("/unrecorded")


def test_the_recordings_address_leads_to_it(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    rehearsal.call(heard(voice(2)))
    wait_for(lambda: "completed" in _told(hotline))
    for told in (*hotline.to("/recorded"), *hotline.to("/recording")):
        address = told.form["RecordingUrl"]
        assert address.startswith(f"{rehearsal.account_url}/Recordings/RE")
    for ending in ("", ".wav"):
        answer = requests.get(address + ending, auth=rehearsal.credentials)
        assert wav_seconds(answer.content) == pytest.approx(2, abs=0.1)
    as_mp3 = requests.get(address + ".mp3", auth=rehearsal.credentials)
    assert as_mp3.headers["Content-Type"] == "audio/mpeg"
    assert as_mp3.content[:3] == b"ID3" or as_mp3.content[0] == 0xFF
    assert requests.get(address).status_code == 401


def test_a_record_without_action_asks_its_own_document_again(
    unhurried: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves["/voice/incoming"] = "<Response><Redirect>/ask?again=1</Redirect></Response>"
    hotline.serves["/ask"] = '<Response><Record method="GET" timeout="3"/></Response>'
    sid = _listens(unhurried)
    unhurried.phone.speak(sid, heard(voice(1), silence(4)))
    wait_for(lambda: len(hotline.to("/ask")) == 2)
    unhurried.phone.hang_up(sid)
    again = hotline.to("/ask")[1]
    assert (again.method, again.form) == ("GET", {})
    assert again.query["again"] == "1" and again.query["RecordingSid"].startswith("RE")


def test_a_microphone_that_is_on_keeps_the_line_open(unhurried: Rehearsal, hotline: TinyHotline) -> None:
    sid = _listens(unhurried)
    requests.post(f"{unhurried.url}/phone/api/calls/{sid}/talking", data={"on": "1"})
    began = unhurried.phone.look(sid)["seconds"]
    wait_for(lambda: unhurried.phone.look(sid)["seconds"] > began + 4)
    unhurried.phone.speak(sid, heard(voice(2)))
    unhurried.phone.wait_until_ended(sid)
    assert hotline.to("/recorded")[0].form["RecordingDuration"] == "2"


def test_a_sound_that_takes_long_to_arrive_is_not_taken_for_silence(
    unhurried: Rehearsal, hotline: TinyHotline
) -> None:
    sid, sound = _listens(unhurried), heard(voice(2))
    sending = HTTPConnection(urlsplit(unhurried.url).netloc)
    sending.putrequest("POST", f"/phone/api/calls/{sid}/sound")
    sending.putheader("Content-Length", str(len(sound)))
    sending.endheaders(sound[:1000])
    began = unhurried.phone.look(sid)["seconds"]
    wait_for(lambda: unhurried.phone.look(sid)["seconds"] > began + 4)
    sending.send(sound[1000:])
    assert sending.getresponse().status == 204
    unhurried.phone.wait_until_ended(sid)
    assert hotline.to("/recorded")[0].form["RecordingDuration"] == "2"
