"""Calls that nobody answers, and phones that wait for a person to answer them."""

import pytest
import requests

from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal, TinyHotline, wait_for
from tests.rehearsal.outgoing import call_out

OTHER = "+66812345679"
STAYS = '<Response><Gather timeout="600" action="/chosen"/></Response>'


def _ring(rehearsal: Rehearsal) -> str:
    """The hotline calls; the call that rings."""
    sid = str(call_out(rehearsal, Timeout="600", StatusCallbackEvent=None).json()["sid"])
    wait_for(lambda: rehearsal.phone.look(sid)["status"] == "ringing")
    return sid


@pytest.mark.parametrize(
    ("reject", "status"), [('<Reject reason="busy"/>', "busy"), ("<Reject/>", "no-answer")]
)
def test_a_rejected_ring_was_never_answered(
    rehearsal: Rehearsal, hotline: TinyHotline, reject: str, status: str
) -> None:
    hotline.serves["/voice/incoming"] = f"<Response>{reject}<Say>Never said.</Say></Response>"
    ended = rehearsal.call()
    assert (ended["status"], hotline.asked[-1].form["CallStatus"]) == (status, status)
    assert "CallDuration" not in hotline.asked[-1].form


def test_a_reject_after_other_words_ends_a_call_that_was_answered(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves["/voice/incoming"] = '<Response><Say>Hello.</Say><Reject reason="busy"/></Response>'
    assert rehearsal.call()["status"] == "completed"


def test_who_rings_once_is_gone_before_anything_is_played(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = "<Response><Say>Hello.</Say></Response>"
    ended = rehearsal.call(hang_up="ring")
    assert (ended["status"], hotline.paths()) == ("no-answer", ["/voice/incoming", "/voice/status"])
    assert not [entry for entry in ended["log"] if entry["verb"] == "Say"]  # type: ignore[attr-defined]


def test_a_withheld_number_is_not_shown_to_the_hotline_in_any_webhook(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    form = {"from": CALLER, "to": LINE, "withheld": "1"}
    sid = requests.post(f"{rehearsal.url}/phone/api/calls", form).json()["sid"]
    wait_for(lambda: hotline.to("/voice/status"))
    assert {(one.form["From"], one.form["Caller"]) for one in hotline.asked} == {("+266696687",) * 2}
    assert CALLER not in str(hotline.asked) and rehearsal.phone.look(sid)["from"] == "+266696687"


def test_a_phone_before_a_person_rings_until_they_answer(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    hotline.serves["/out"] = STAYS
    rehearsal.phone.lay_out(CALLER)
    sid = _ring(rehearsal)
    (here, there) = rehearsal.phone.lay_out(CALLER, OTHER)
    assert (here["call"], there["call"]) == (sid, None)
    assert not hotline.to("/out")
    rehearsal.phone.answer(sid)
    wait_for(lambda: rehearsal.phone.look(sid)["waits"])
    rehearsal.phone.hang_up(sid)
    assert rehearsal.phone.wait_until_ended(sid)["status"] == "completed"


def test_who_declines_is_busy_and_who_lets_it_ring_does_not_answer(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    rehearsal.phone.lay_out(CALLER)
    declined = _ring(rehearsal)
    rehearsal.phone.hang_up(declined)
    assert rehearsal.phone.wait_until_ended(declined)["status"] == "busy"
    unheard = str(call_out(rehearsal, Timeout="5").json()["sid"])
    assert rehearsal.phone.wait_until_ended(unheard)["status"] == "no-answer"
    assert not hotline.to("/out")


def test_a_phone_in_a_call_is_busy_though_it_withheld_its_number(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves["/voice/incoming"] = STAYS
    rehearsal.phone.lay_out(CALLER)
    form = {"from": CALLER, "to": LINE, "withheld": "1"}
    talking = requests.post(f"{rehearsal.url}/phone/api/calls", form).json()["sid"]
    called = str(call_out(rehearsal, Timeout="600").json()["sid"])
    assert rehearsal.phone.wait_until_ended(called)["status"] == "busy"
    assert rehearsal.phone.lay_out(CALLER)[0]["call"] == talking


def test_a_phone_that_is_set_to_answer_does_so_whoever_looks_on(rehearsal: Rehearsal) -> None:
    rehearsal.phone.lay_out(CALLER)
    rehearsal.phone.set_answer(CALLER, "answers")
    sid = str(call_out(rehearsal).json()["sid"])
    assert rehearsal.phone.wait_until_ended(sid)["status"] == "completed"


def test_the_hotline_ends_a_call_that_rings_before_a_person(rehearsal: Rehearsal) -> None:
    rehearsal.phone.lay_out(CALLER)
    sid = _ring(rehearsal)
    address = f"{rehearsal.account_url}/Calls/{sid}.json"
    requests.post(address, data={"Status": "canceled"}, auth=rehearsal.credentials)
    assert rehearsal.phone.wait_until_ended(sid)["status"] == "canceled"


def test_a_phone_that_was_put_away_answers_by_itself(rehearsal: Rehearsal) -> None:
    rehearsal.phone.lay_out(CALLER)
    rehearsal.exchange.laid_out[CALLER] -= 91
    sid = str(call_out(rehearsal).json()["sid"])
    assert rehearsal.phone.wait_until_ended(sid)["status"] == "completed"
