"""A call walks through documents as Twilio would, and every webhook of it is signed."""

import pytest

from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal, TinyHotline, wait_for
from tests.rehearsal.sounds import heard, silence, voice

MENU = """<Response><Gather action="/chosen?from=menu" numDigits="1" timeout="3"><Say>Press one.</Say></Gather>
<Redirect>/nobody</Redirect></Response>"""


def _log(ended: dict[str, object]) -> list[str]:
    return [entry["verb"] for entry in ended["log"] if entry["verb"]]  # type: ignore[attr-defined]


def test_a_call_walks_through_a_small_hotline_and_each_webhook_is_signed(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves |= {
        "/voice/incoming": MENU,
        "/chosen": '<Response><Play>/hello.wav</Play><Pause length="1"/><Record action="/left"/></Response>',
        "/hello.wav": heard(voice(1)),
        "/left": "<Response><Say>Thank you.</Say><Hangup/><Redirect>/never</Redirect></Response>",
    }
    ended = rehearsal.call(heard(voice(2)), keys="1")
    assert hotline.paths() == ["/voice/incoming", "/chosen", "/left", "/voice/status"]
    assert _log(ended) == ["Gather", "Play", "Pause", "Record", "Record", "Say", "Hangup"]
    assert all(one.is_signed() for one in hotline.asked)
    first, chosen, _, last = hotline.asked
    assert {one.form["CallSid"] for one in hotline.asked} == {ended["sid"]}
    assert (first.form["From"], first.form["To"], first.form["Direction"]) == (CALLER, LINE, "inbound")
    assert (chosen.form["Digits"], chosen.query) == ("1", {"from": "menu"})
    assert (first.form["CallStatus"], last.form["CallStatus"]) == ("in-progress", "completed")


def test_who_presses_nothing_falls_through(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = MENU
    rehearsal.call()
    assert hotline.paths() == ["/voice/incoming", "/nobody", "/voice/status"]


def test_a_redirect_by_get_carries_signed_fields_in_its_address(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves["/voice/incoming"] = '<Response><Redirect method="GET">/a/b?x=ส y</Redirect></Response>'
    hotline.serves["/a/b"] = "<Response><Redirect>c</Redirect></Response>"
    rehearsal.call()
    _, second, third, _ = hotline.asked
    assert (second.method, second.form, second.query["x"]) == ("GET", {}, "ส y")
    assert second.query["CallSid"] == third.form["CallSid"]
    assert (third.method, third.path) == ("POST", "/a/c"), "an address is relative to its document"
    assert all(one.is_signed() for one in hotline.asked)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_gather_without_action_asks_its_own_document_again(
    rehearsal: Rehearsal, hotline: TinyHotline, method: str
) -> None:
    hotline.serves["/voice/incoming"] = "<Response><Redirect>/menu?step=2</Redirect></Response>"
    hotline.serves["/menu"] = f'<Response><Gather method="{method}" numDigits="1" timeout="1"/></Response>'
    rehearsal.call(keys="7")
    first, again = hotline.to("/menu")
    assert (again.method, again.query["step"], again.fields["Digits"]) == (method, "2", "7")
    assert "Digits" not in first.fields


def test_a_gather_without_keys_asks_on_where_it_wants_empty_results(
    rehearsal: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves["/voice/incoming"] = (
        '<Response><Gather action="/on" timeout="1" actionOnEmptyResult="true"/></Response>'
    )
    rehearsal.call()
    assert "Digits" not in hotline.to("/on")[0].form


def test_a_key_cuts_off_what_a_gather_plays_and_says(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = (
        '<Response><Gather action="/chosen" finishOnKey="#"><Say>Welcome.</Say>'
        '<Play loop="0">/long.wav</Play><Say>Never said.</Say></Gather></Response>'
    )
    hotline.serves["/long.wav"] = heard(silence(30))
    phone = rehearsal.phone
    sid = phone.dial(from_=CALLER, to=LINE)
    wait_for(lambda: any(entry["verb"] == "Play" for entry in phone.look(sid)["log"]))
    phone.press(sid, "12#")
    ended = phone.wait_until_ended(sid)
    assert [entry["detail"] for entry in ended["log"] if entry["verb"] == "Say"] == ["Welcome."]
    assert hotline.to("/chosen")[0].form["Digits"] == "12"


@pytest.mark.parametrize(("loop", "seconds"), [("", 2), ('loop="3"', 6)])
def test_a_sound_plays_as_often_as_its_loop_says(
    unhurried: Rehearsal, hotline: TinyHotline, loop: str, seconds: int
) -> None:
    hotline.serves["/voice/incoming"] = f"<Response><Play {loop}>/two.wav</Play></Response>"
    hotline.serves["/two.wav"] = heard(voice(2))
    sid = unhurried.phone.dial(from_=CALLER, to=LINE)
    _, played, end = unhurried.phone.wait_until_ended(sid)["log"]
    assert seconds <= end["at"] - played["at"] < seconds + 4


def test_a_sound_without_end_ends_with_the_call(rehearsal: Rehearsal, hotline: TinyHotline) -> None:
    hotline.serves["/voice/incoming"] = '<Response><Play loop="0">/two.wav</Play></Response>'
    hotline.serves["/two.wav"] = heard(voice(2))
    sid = rehearsal.phone.dial(from_=CALLER, to=LINE)
    wait_for(lambda: rehearsal.phone.look(sid)["seconds"] > 10)
    assert rehearsal.phone.look(sid)["status"] == "in-progress"
    rehearsal.phone.hang_up(sid)
    assert rehearsal.phone.wait_until_ended(sid)["log"][-1]["says"] == "The caller hangs up"


@pytest.mark.parametrize(
    ("served", "code"), [(500, "11200"), (404, "11200"), ("<Respon", "12100"), ("<Other/>", "12102")]
)
def test_what_the_carrier_cannot_use_makes_it_ask_the_fallback(
    rehearsal: Rehearsal, hotline: TinyHotline, served: str | int, code: str
) -> None:
    hotline.serves["/voice/incoming"] = served
    hotline.serves["/voice/fallback"] = "<Response><Redirect>../sorry</Redirect></Response>"
    rehearsal.call()
    (fallback,) = hotline.to("/voice/fallback")
    assert fallback.form["ErrorCode"] == code
    assert fallback.form["ErrorUrl"] == f"{hotline.url}/voice/incoming"
    assert hotline.to("/sorry"), "an address in it is relative to the fallback"
