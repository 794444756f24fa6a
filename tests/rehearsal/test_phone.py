"""The telephone's page is for this machine's own browser only."""

from urllib.parse import urlsplit

import pytest
import requests

from hotline.rehearsal.client import Phone, PhoneError
from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal, TinyHotline, run_hotline, wait_for

OTHER = "+66200000009"


def _hosts(rehearsal: Rehearsal, name: str) -> str:
    return f"{name}:{urlsplit(rehearsal.url).port}"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_this_machines_own_names_are_answered(rehearsal: Rehearsal, name: str) -> None:
    answer = requests.get(rehearsal.url, headers={"Host": _hosts(rehearsal, name)})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "a@127.0.0.1", "[", ""],
)
@pytest.mark.parametrize("path", ["/", "/phone/api/texts?number=1", "/phone/api/held", "/own/phone.js"])
def test_another_name_for_this_machine_is_refused_though_the_origin_agrees(
    rehearsal: Rehearsal, name: str, path: str
) -> None:
    host = _hosts(rehearsal, name)
    known = rehearsal.exchange.address
    headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    assert requests.get(rehearsal.url + path, headers=headers).status_code == 403
    assert requests.post(f"{rehearsal.url}/phone/api/calls", {"to": LINE}, headers=headers).status_code == 403
    assert rehearsal.exchange.calls == {} and rehearsal.exchange.address == known


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_may_not_use_the_telephone(rehearsal: Rehearsal, headers: dict[str, str]) -> None:
    answer = requests.post(f"{rehearsal.url}/phone/api/calls", {"to": LINE}, headers=headers)
    assert answer.status_code == 403
    assert rehearsal.exchange.calls == {}


def test_rest_asks_for_credentials_and_not_for_a_name(rehearsal: Rehearsal) -> None:
    answer = requests.get(
        f"{rehearsal.account_url}/Calls.json", auth=rehearsal.credentials, headers={"Host": "carrier:5001"}
    )
    assert answer.status_code == 200
    assert rehearsal.exchange.account_url.startswith("http://carrier:5001/"), "recordings are fetched there"


def test_what_is_no_sound_is_refused_in_words(rehearsal: Rehearsal) -> None:
    with pytest.raises(PhoneError, match="no sound"):
        rehearsal.phone.play(from_=CALLER, to=LINE, speak=b"not a sound")


def test_nobody_to_call_is_refused_in_words(rehearsal: Rehearsal) -> None:
    with pytest.raises(PhoneError, match="whom"):
        Phone(rehearsal.url).dial(from_=CALLER, to="")


def test_a_number_of_somebody_elses_asks_there_until_it_is_given_back(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    with run_hotline() as other:
        rehearsal.phone.lead(OTHER, other.url)
        rehearsal.phone.play(from_=CALLER, to=OTHER)
        rehearsal.phone.text(from_=CALLER, to=OTHER, body="hello")
        wait_for(lambda: len(other.asked) == 3)
        assert sorted(other.paths()) == ["/sms/incoming", "/voice/incoming", "/voice/status"]
        assert not hotline.asked
    rehearsal.phone.lead(OTHER, "")
    rehearsal.phone.play(from_=CALLER, to=OTHER)
    assert hotline.to("/voice/incoming")
    with pytest.raises(PhoneError, match="no line of the hotline"):
        rehearsal.phone.lead(LINE, hotline.url)
