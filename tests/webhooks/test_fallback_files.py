"""The documents for another host, followed over plain HTTP as a carrier follows them."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.flow.load_tree import load_trees
from hotline.flow.position import Position
from hotline.flow.prompts import PROMPTS
from hotline.flow.turn import Facts
from hotline.intake.models import Report
from hotline.rehearsal.sound import wav_seconds
from hotline.rehearsal.twiml import Verb, read_twiml
from hotline.settings import Settings
from hotline.webhooks.fallback_files import FallbackLine, write_fallback_files
from hotline.webhooks.switchboard import load_catalogue
from tests.carrier_says import LINE, Say


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """A plain web server on the folder, which knows GET only."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def pasted(host: str, tmp_path: Path, settings: Settings) -> str:
    line = FallbackLine(LINE, load_trees(PROMPTS)["main"], Facts(("my", "en"), voicemail_seconds=120))
    (address,) = write_fallback_files(
        tmp_path, host + "/", settings.public_url, [line], load_catalogue(settings)
    )
    return address


def fetch(address: str) -> tuple[Verb, ...]:
    answer = requests.get(address, timeout=5)
    assert answer.status_code == 200, address
    assert answer.headers["Content-Type"].partition(";")[0] in ("text/xml", "application/xml")
    return read_twiml(answer.content)


def onward(verb: Verb) -> list[str]:
    if verb.name == "Redirect":
        assert verb.attributes["method"] == "GET", "a static host answers no POST"
        return [verb.text]
    if verb.name == "Record":
        assert verb.attributes["method"] == "GET"
        return [verb.attributes["action"]]
    return []


def test_the_pasted_address_leads_to_sorry_consent_and_the_microphone(
    pasted: str, settings: Settings
) -> None:
    assert pasted.endswith("/6620000142/incoming.xml")
    verbs = fetch(pasted)
    assert [verb.name for verb in verbs] == ["Play", "Play", "Play", "Record", "Redirect"]
    catalogue = load_catalogue(settings)
    heard = [catalogue.by_sha(Path(urlsplit(verb.text).path).stem) for verb in verbs[:3]]
    assert [(sound.prompt, sound.language) for sound in heard if sound] == [
        ("sorry", "my"), ("consent", "my"), ("speak", "my"),
    ]  # fmt: skip
    record = verbs[3].attributes
    assert (record["maxLength"], record["timeout"], record["finishOnKey"]) == ("120", "10", "#")
    assert record["playBeep"] == "true" and record["trim"] == "do-not-trim"


def test_every_way_ends_without_a_loop_and_every_sound_is_there(pasted: str) -> None:
    def follow(address: str, before: tuple[str, ...]) -> set[str]:
        assert address not in before, "a caller would go round in circles"
        verbs = fetch(address)
        ways = [way for verb in verbs for way in onward(verb)]
        assert ways or verbs[-1].name == "Hangup"
        plays = {verb.text for verb in verbs if verb.name == "Play"}
        return plays.union(*(follow(way, (*before, address)) for way in ways))

    sounds = follow(pasted, ())
    assert len(sounds) >= 5
    for sound in sounds:
        assert wav_seconds(requests.get(sound, timeout=5).content) > 0.3, sound


def test_what_was_said_is_a_report_like_any_other_once_we_are_back(
    pasted: str, settings: Settings, say: Say, line: str, session: Session
) -> None:
    record = fetch(pasted)[3].attributes
    callback = record["recordingStatusCallback"]
    assert callback.startswith(settings.public_url + "/voice/recording?")
    assert record["recordingStatusCallbackMethod"] == "POST"
    position = Position.from_address(urlsplit(callback).query)
    assert (position.tree, position.node, position.language) == ("main", "message", "my")
    assert position.consented and position == replace(position, chosen=False, reference="")

    fields = {"RecordingSid": "RE9", "RecordingStatus": "completed", "RecordingDuration": "7"}
    told = say(callback, CallSid="CA9", **fields)  # names neither line nor caller, and is the first we hear
    assert told.status_code == 200
    (report,) = session.scalars(sa.select(Report))
    assert (report.language, report.language_chosen, report.recording_sid) == ("my", False, "RE9")
