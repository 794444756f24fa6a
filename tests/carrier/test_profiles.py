"""Profiles: complete, each claim with its source, allowing all that we answer, and obeyed by our client."""

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hotline.carrier.errors import LedElsewhere, RefusedByCarrier
from hotline.carrier.profiles import BadProfile, Profile, load_profiles, profile_for, profile_of, read_profile
from hotline.db import utcnow
from hotline.flow.position import Position
from hotline.flow.turn import Dial, Gather, Record, Turn
from hotline.rehearsal.gaps import SOMLENG, Gaps
from hotline.settings import PROFILES, WrongSettings
from hotline.webhooks import twiml
from tests.carriers import run_carrier
from tests.conftest import settings_for

HERE = "https://hotline.test"
CLAIMS = {one.name for one in fields(Profile)} - {"key", "name", "hosts", "sources"}  # type: ignore[arg-type]
VOICE = b"\x01\x02" * 8000


def _documents() -> list[str]:
    """Every kind of document that we answer with."""
    at = Position(tree="main", version=0, node="x")
    waits = (Gather(5, 1), Record(300, 10), None)
    turns = [
        twiml.write_twiml(Turn(at, (), wait), HERE, ("a",), first)
        for wait in waits
        for first in ((), ((0, HERE),))
    ]
    return [
        *turns,
        twiml.put_through(HERE, ["+66811111111"], "+6620000142", Dial(30), "c=1", ("a",)),
        twiml.ask_for_key(HERE, "a", "/voice/accepted", 8),
        twiml.play_and_hang_up(HERE, "a"),
        twiml.EMPTY,
        twiml.GOODBYE,
        twiml.BUSY,
    ]


@pytest.mark.parametrize("key", ["twilio", "somleng", "other"])
def test_a_profile_makes_every_claim_and_says_what_was_read_for_it(key: str) -> None:
    profile = load_profiles()[key]
    assert set(profile.sources) == CLAIMS
    assert all(len(source) > 10 for source in profile.sources.values())
    assert set(profile.filters) == {"Calls", "Messages", "Recordings"}
    assert "completed" in profile.call_events and "completed" in profile.recording_events


def test_what_we_list_as_our_verbs_is_what_our_documents_bear() -> None:
    borne = {verb.tag for document in _documents() for verb in ElementTree.fromstring(document).iter()}
    assert borne - {"Response"} == twiml.VERBS


@pytest.mark.parametrize("key", ["twilio", "somleng", "other"])
def test_each_carrier_plays_all_that_we_answer(key: str) -> None:
    assert load_profiles()[key].verbs >= twiml.VERBS


def test_what_is_nested_in_our_gather_is_played_everywhere() -> None:
    """Somleng takes Say and Play there, and nothing else (models/twiml/gather_verb.rb)."""
    gathers = [one for document in _documents() for one in ElementTree.fromstring(document).iter("Gather")]
    assert {inner.tag for gather in gathers for inner in gather} == {"Play"}
    assert all("numDigits" in gather.attrib or gather.attrib.get("finishOnKey") == "#" for gather in gathers)


def test_only_events_that_come_are_asked_for() -> None:
    turn = Turn(Position(tree="main", version=0, node="x"), (), Record(300, 10))
    events = " ".join(load_profiles()["somleng"].recording_events)
    asked = ElementTree.fromstring(twiml.write_twiml(turn, HERE, (), events=events)).find("Record")
    assert asked is not None and asked.attrib["recordingStatusCallbackEvent"] == "completed"
    usual = ElementTree.fromstring(twiml.write_twiml(turn, HERE, ())).find("Record")
    assert (
        usual is not None and usual.attrib["recordingStatusCallbackEvent"] == "in-progress completed absent"
    )


def test_a_profile_is_found_by_its_host_or_named() -> None:
    assert profile_of("https://api.twilio.com").key == "twilio"
    assert profile_of("https://api.somleng.org").key == "somleng"
    assert profile_of("http://127.0.0.1:9").key == "other"
    assert profile_of("https://calls.union.example", "somleng").name == "Somleng"
    settings = settings_for(
        "postgresql+psycopg://h@/h", "redis://h", Path("data"), HOTLINE_CARRIER="somleng",
        HOTLINE_MEDIA_HOSTS="files.example, s3.example",
    )  # fmt: skip
    assert profile_for(settings).media_hosts == ("files.example", "s3.example")
    assert not profile_for(settings).whispers


def test_a_carrier_that_no_profile_describes_stops_the_start() -> None:
    with pytest.raises(WrongSettings, match="HOTLINE_CARRIER: must be one of other, somleng, twilio"):
        settings_for("postgresql+psycopg://h@/h", "redis://h", Path("data"), HOTLINE_CARRIER="jambonz")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("whispers:", "whisper:", "x.yaml: .*whisper"),
        ("  whispers:\n    is: false", "  whispers:\n    is: perhaps", "x.yaml: whispers"),
        ("    is: [completed]", "    is: [begun]", "x.yaml: call_events"),
        ("claims:", "claim:", "x.yaml: KeyError: 'claims'"),
        (
            "    source: somleng-switch, workflows/execute_dial.rb",
            "    because: x",
            "x.yaml: KeyError: 'source'",
        ),
        ("name: Somleng", "name: [", "x.yaml: "),
    ],
)
def test_a_profile_with_a_fault_names_it(tmp_path: Path, old: str, new: str, says: str) -> None:
    written = (PROFILES / "somleng.yaml").read_text()
    assert old in written
    (tmp_path / "x.yaml").write_text(written.replace(old, new))
    with pytest.raises(BadProfile, match=says):
        read_profile(tmp_path / "x.yaml")


def test_profiles_lie_in_the_package_that_the_wheel_ships() -> None:
    import hotline

    assert PROFILES.is_relative_to(Path(hotline.__file__).parent)
    assert {path.stem for path in PROFILES.glob("*.yaml")} == {"twilio", "somleng", "other"}


def test_without_filters_a_text_and_a_call_are_found_all_the_same() -> None:
    profile = load_profiles()["somleng"]
    with run_carrier(gaps=SOMLENG, profile=profile) as carrier:
        began, ours, theirs = utcnow() - timedelta(seconds=5), "+6620000142", "+66812345678"
        for to in ("+66890000001", theirs, "+66890000002"):
            carrier.client.send_text(ours, to, "received 771", "http://127.0.0.1:9/s", 60)
        sent = next(text for text in carrier.exchange.texts.values() if text.to == theirs)
        assert carrier.client.find_sent_text(theirs, ours, began, "received 771") == sent.sid
        assert carrier.client.find_sent_text(theirs, "+6620000143", began, "received 771") is None
        sid = carrier.client.place_call(ours, theirs, "http://127.0.0.1:9/c", "http://127.0.0.1:9/f", "", 5)
        carrier.client.place_call(ours, "+66890000001", "http://127.0.0.1:9/c", "http://127.0.0.1:9/f", "", 5)
        assert carrier.client.find_placed_call(theirs, ours, began) == sid
        assert carrier.exchange.calls[sid].handling.fallback == "", "it has none, so none is named"


def test_a_recording_is_fetched_from_a_host_that_is_named_and_from_no_other() -> None:
    plain = load_profiles()["somleng"]
    with run_carrier(gaps=SOMLENG, profile=replace(plain, media_hosts=("localhost",))) as carrier:
        carrier.hold("d9a1", VOICE)
        assert carrier.client.fetch_recording("d9a1").body.endswith(VOICE)  # 400, had it borne credentials
        with pytest.raises(RefusedByCarrier):
            carrier.client.delete_recording("d9a1")
        assert "d9a1" in carrier.exchange.recordings
    with run_carrier(gaps=Gaps(media_elsewhere=True), profile=plain) as strict:
        strict.hold("d9a1", VOICE)
        with pytest.raises(LedElsewhere) as led:
            strict.client.fetch_recording("d9a1")
        assert led.value.host == "localhost"
