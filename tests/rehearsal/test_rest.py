"""The REST API: who may ask, what the lists keep to, and calls that it makes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from hotline.rehearsal.call import Call
from hotline.rehearsal.exchange import Text
from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATHS = (
    "Recordings.json",
    "Calls.json",
    "Messages.json",
    "Recordings/RE1",
    "Recordings/RE1.wav",
    "Calls/CA1.json",
    "Messages/MM1/Media.json",
    "Messages/MM1/Media/ME1",
)


def _get(rehearsal: Rehearsal, path: str, **query: str) -> Any:
    answer = requests.get(f"{rehearsal.account_url}/{path}", params=query, auth=rehearsal.credentials)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _hold_one_a_day(rehearsal: Rehearsal) -> None:
    """A recording, a call and a text at noon of the first, second and third of March."""
    exchange = rehearsal.exchange
    for day in (-1, 0, 1):
        at, name = NOON + timedelta(days=day), str(2 + day)
        exchange.keep_recording(f"CA{name}", b"", 1, f"RE{name}").made_at = at
        exchange.calls[f"CA{name}"] = Call(exchange, CALLER, LINE, sid=f"CA{name}", made_at=at)
        exchange.texts[f"SM{name}"] = Text(f"SM{name}", LINE, CALLER, "hi", False, "sent", at, sent_at=at)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("credentials", [None, ("AC" + "0" * 32, "wrong"), ("AC" + "1" * 32, "test-token")])
def test_wrong_credentials_are_refused(
    rehearsal: Rehearsal, path: str, credentials: tuple[str, str] | None
) -> None:
    answer = requests.get(f"{rehearsal.account_url}/{path}", auth=credentials)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_another_account_is_not_found(rehearsal: Rehearsal) -> None:
    address = rehearsal.account_url.replace("AC0", "AC1")
    assert requests.get(f"{address}/Calls.json", auth=rehearsal.credentials).status_code == 404


@pytest.mark.parametrize(
    ("path", "name"), [("Recordings", "DateCreated"), ("Calls", "StartTime"), ("Messages", "DateSent")]
)
@pytest.mark.parametrize(
    ("sign", "asked", "days"),
    [
        ("", "2026-03-02", "2"),
        (">", "2026-03-02", "32"),
        ("<", "2026-03-03", "21"),
        (">", "2026-03-02T12:00:00Z", "32"),
        (">", "2026-03-02T12:00:01Z", "3"),
        ("<", "2026-03-02T12:00:00+00:00", "21"),
        ("<", "2026-03-02T11:59:59", "1"),
        ("<", "2026-03-02T19:00:00+07:00", "21"),
        ("", "2026-03-02T12:00:00Z", "2"),
        ("", "2026-03-05", ""),
    ],
)  # fmt: skip
def test_a_list_keeps_to_the_moments_asked_for(
    rehearsal: Rehearsal, path: str, name: str, sign: str, asked: str, days: str
) -> None:
    _hold_one_a_day(rehearsal)
    found = _get(rehearsal, f"{path}.json", **{name + sign: asked})[path.lower()]
    if (name, sign, asked) == ("DateSent", "<", "2026-03-03"):
        days = "321"  # a text's day is taken in (Twilio, "Messages", DateSent)
    assert "".join(one["sid"][2:] for one in found) == days


def test_both_ends_may_be_asked_for_and_pages_keep_to_them(rehearsal: Rehearsal) -> None:
    _hold_one_a_day(rehearsal)
    between = {"StartTime>": "2026-03-01", "StartTime<": "2026-03-03", "PageSize": "1"}
    first = _get(rehearsal, "Calls.json", **between)
    assert [one["sid"] for one in first["calls"]] == ["CA2"]
    onward = requests.get(rehearsal.url + first["next_page_uri"], auth=rehearsal.credentials).json()
    assert [one["sid"] for one in onward["calls"]] == ["CA1"]
    assert onward["next_page_uri"] is None and "Page=0" in onward["previous_page_uri"]


def test_a_text_that_is_not_sent_yet_has_no_date_sent(rehearsal: Rehearsal) -> None:
    rehearsal.exchange.texts["SM1"] = Text("SM1", LINE, CALLER, "hi", False, "queued", NOON)
    assert _get(rehearsal, "Messages.json", **{"DateSent>": "2026-03-01"})["messages"] == []
    assert len(_get(rehearsal, "Messages.json")["messages"]) == 1


def test_a_date_that_is_none_is_refused(rehearsal: Rehearsal) -> None:
    answer = requests.get(
        f"{rehearsal.account_url}/Calls.json", params={"StartTime>": "soon"}, auth=rehearsal.credentials
    )
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"To": LINE}, lambda call: call["to"] == LINE),
        ({"From": "+1"}, lambda call: call["from"] == "+1"),
        ({"Status": "completed"}, lambda call: call["status"] == "completed"),
    ],
)
def test_calls_are_listed_by_number_and_by_status(
    rehearsal: Rehearsal, query: dict[str, str], kept: Callable[[dict[str, Any]], bool]
) -> None:
    exchange = rehearsal.exchange
    for sid, from_, to, status in (
        ("CA1", CALLER, LINE, "completed"),
        ("CA2", "+1", "+2", "completed"),
        ("CA3", "+1", LINE, "ringing"),
    ):
        exchange.calls[sid] = Call(exchange, from_, to, sid=sid, status=status)
    everything, found = (
        _get(rehearsal, "Calls.json")["calls"],
        _get(rehearsal, "Calls.json", **query)["calls"],
    )
    assert found == [one for one in everything if kept(one)] and len(found) == 2


def test_a_recording_is_listed_by_its_call_and_deleted_once(rehearsal: Rehearsal) -> None:
    _hold_one_a_day(rehearsal)
    (found,) = _get(rehearsal, "Recordings.json", CallSid="CA2")["recordings"]
    address = rehearsal.url + found["uri"]
    assert [requests.delete(address, auth=rehearsal.credentials).status_code for _ in range(2)] == [204, 404]
    assert requests.get(address, auth=rehearsal.credentials).status_code == 404
