"""What the REST API answers is what Twilio's own description of it says, name by name.

The description is read as tests/carrier/test_contract.py reads it.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import requests

from hotline.rehearsal.sound import to_wav
from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal, TinyHotline, wait_for
from tests.rehearsal.sounds import heard, voice

ROOT = Path(__file__).parents[2]
OAI = Path(os.environ.get("TWILIO_OAI", ROOT.parent / "shared" / "twilio-oai")) / "twilio_api_v2010.json"
if not OAI.exists() and not os.environ.get("CI"):
    pytest.skip(f"Twilio's API description is not at {OAI}", allow_module_level=True)

ACCOUNTS = "/2010-04-01/Accounts/{AccountSid}"
KINDS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(OAI.read_text())
    return read


def _schema(description: dict[str, Any], path: str, method: str = "get") -> dict[str, Any]:
    """What the answer to this looks like when it goes well."""
    responses = description["paths"][f"{ACCOUNTS}/{path}"][method]["responses"]
    well = next(answer for status, answer in responses.items() if status.startswith("2"))
    schema: dict[str, Any] = well["content"]["application/json"]["schema"]
    return schema


def _wrong(description: dict[str, Any], schema: dict[str, Any], value: Any, at: str = "") -> list[str]:
    """Where the value is not as described."""
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if value is None:
        return [] if schema.get("nullable") else [f"{at} is null"]
    kind = KINDS.get(schema.get("type", ""), object)
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        return [f"{at} is {value!r}, not {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at} is {value!r}, none of {schema['enum']}"]
    if isinstance(value, list):
        return [wrong for item in value for wrong in _wrong(description, schema["items"], item, f"{at}[]")]
    if not isinstance(value, dict):
        return []
    known = schema["properties"]
    unknown = [f"{at}.{name} is not described" for name in value if name not in known]
    return unknown + [
        wrong
        for name, inner in value.items()
        if name in known
        for wrong in _wrong(description, known[name], inner, f"{at}.{name}")
    ]


def _get(rehearsal: Rehearsal, path: str) -> Any:
    return requests.get(f"{rehearsal.account_url}/{path}", auth=rehearsal.credentials).json()


def _post(rehearsal: Rehearsal, path: str, **form: str) -> Any:
    return requests.post(f"{rehearsal.account_url}/{path}", data=form, auth=rehearsal.credentials).json()


def test_calls_recordings_and_texts_are_shown_as_described(
    rehearsal: Rehearsal, hotline: TinyHotline, description: dict[str, Any]
) -> None:
    hotline.serves["/voice/incoming"] = '<Response><Record action="/recorded"/></Response>'
    sid = str(rehearsal.call(heard(voice(1)))["sid"])
    (recording,) = rehearsal.phone.held_recordings()
    pictured = rehearsal.phone.text(from_=CALLER, to=LINE, body="hello", files=[("image/png", b"x")])
    (media,) = rehearsal.phone.held_media()
    text = _post(rehearsal, "Messages.json", From=LINE, To=CALLER, Body="hi")
    call = _post(rehearsal, "Calls.json", From=LINE, To=CALLER, Url=f"{hotline.url}/out")
    wait_for(lambda: _get(rehearsal, f"Messages/{text['sid']}.json")["status"] == "delivered")
    shown = {
        ("Calls.json", "post"): call,
        ("Messages.json", "post"): text,
        ("Calls/{Sid}.json", "get"): _get(rehearsal, f"Calls/{sid}.json"),
        ("Calls/{Sid}.json", "post"): _post(rehearsal, f"Calls/{call['sid']}.json", Status="completed"),
        ("Recordings/{Sid}.json", "get"): _get(rehearsal, f"Recordings/{recording}.json"),
        ("Messages/{Sid}.json", "get"): _get(rehearsal, f"Messages/{text['sid']}.json"),
        ("Messages/{MessageSid}/Media.json", "get"): _get(rehearsal, f"Messages/{pictured}/Media.json"),
        ("Messages/{MessageSid}/Media/{Sid}.json", "get"): _get(
            rehearsal, f"Messages/{pictured}/Media/{media}.json"
        ),
        ("Calls.json", "get"): _get(rehearsal, "Calls.json"),
        ("Recordings.json", "get"): _get(rehearsal, "Recordings.json"),
        ("Messages.json", "get"): _get(rehearsal, "Messages.json?PageSize=1&Page=1"),
    }
    assert [
        len(shown[path, "get"][key])
        for path, key in (
            ("Calls.json", "calls"),
            ("Recordings.json", "recordings"),
            ("Messages.json", "messages"),
        )
    ] == [2, 1, 1]
    for (path, method), value in shown.items():
        assert _wrong(description, _schema(description, path, method), value) == [], (path, method)


def test_a_list_says_all_that_its_pages_need(rehearsal: Rehearsal, description: dict[str, Any]) -> None:
    for number in range(3):
        rehearsal.exchange.keep_recording("CA1", to_wav(b""), 1, f"RE{number}")
    page = _get(rehearsal, "Recordings.json?PageSize=2&Page=1")
    assert set(page) == set(_schema(description, "Recordings.json")["properties"])
    assert (page["start"], page["end"], page["page"], page["page_size"]) == (2, 2, 1, 2)


@pytest.mark.parametrize(
    "value", [{"sid": 1}, {"invented": "x"}, {"status": "asleep"}, {"status": None}, {"channels": "1"}]
)
def test_this_comparison_finds_what_is_wrong(description: dict[str, Any], value: dict[str, Any]) -> None:
    assert _wrong(description, _schema(description, "Recordings/{Sid}.json"), value)
