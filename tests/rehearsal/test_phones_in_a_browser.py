"""Several phones on the telephone's page: who calls, who is called, who texts, each with a number of its own."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browsing import faults
from tests.rehearsal.hotlines import LINE, Rehearsal, TinyHotline, run_carrier, wait_for
from tests.rehearsal.outgoing import call_out
from tests.rehearsal.sounds import heard, voice

MENU = """<Response><Gather action="/chosen" numDigits="1" timeout="600"><Say>Press one.</Say></Gather></Response>"""
STRANGER = "+66812345601"
expect.set_options(timeout=15_000)  # two cores may be busy with other tests


@pytest.fixture
def lifelike(hotline: TinyHotline) -> Iterator[Rehearsal]:
    with run_carrier(hotline, speed=1) as running:
        yield running


@pytest.fixture
def table(watched: Page, lifelike: Rehearsal, hotline: TinyHotline) -> Page:
    """The page, before a hotline that waits for a key."""
    hotline.serves |= {"/voice/incoming": MENU, "/out": MENU, "/chosen": MENU}
    watched.goto(lifelike.url)
    return watched


def _add_phone(table: Page) -> Locator:
    """One more; it is named by its place."""
    count = table.get_by_role("article").count()
    table.get_by_role("button", name="Add a phone").click()
    return table.get_by_role("article").nth(count)


def _press(phone: Locator, name: str) -> None:
    phone.get_by_role("button", name=name, exact=True).click()


def _number(phone: Locator) -> str:
    return phone.get_by_label("You are").input_value()


def _state(phone: Locator) -> Locator:
    return phone.locator("[data-state-word]")


def _rings(lifelike: Rehearsal, phone: Locator, **form: str) -> str:
    """The hotline calls this phone, which rings; the call."""
    number = _number(phone)
    wait_for(lambda: lifelike.exchange.lies_here(number))
    sid = str(call_out(lifelike, To=number, StatusCallback=None, **form).json()["sid"])
    expect(_state(phone)).to_have_text(f"{LINE} calls you")
    return sid


def test_two_phones_are_in_a_call_at_once_and_each_presses_its_own_keys(
    table: Page, hotline: TinyHotline
) -> None:
    mine, borrowed = table.get_by_role("article").first, _add_phone(table)
    _press(mine, "Call")
    _press(borrowed, "Call")
    for phone in (mine, borrowed):
        expect(_state(phone)).to_have_text("On the line")
        expect(phone.locator("[data-waits]")).to_contain_text("waits for a key")
    borrowed.locator('[data-key="3"]').click()
    table.keyboard.press("5")
    expect(borrowed.locator("[data-pressed]")).to_have_text(" 3 5")
    expect(mine.locator("[data-pressed]")).to_be_empty()
    wait_for(lambda: hotline.to("/chosen"))
    assert hotline.to("/chosen")[0].form["From"] == _number(borrowed) != _number(mine)
    _press(mine, "Hang up")
    expect(_state(mine)).to_have_text("Call ended")
    expect(_state(borrowed)).to_have_text("On the line")


def test_who_rings_once_is_not_answered_and_a_line_that_calls_back_is_busy(
    table: Page, hotline: TinyHotline
) -> None:
    phone = table.get_by_role("article")
    _press(phone, "Ring once and hang up")
    expect(_state(phone)).to_have_text("Not answered")
    hotline.serves["/voice/incoming"] = '<Response><Reject reason="busy"/></Response>'
    _press(phone, "Ring once and hang up")
    expect(_state(phone)).to_have_text("Busy tone")
    wait_for(lambda: len(hotline.to("/voice/status")) == 2)
    assert [one.form["CallStatus"] for one in hotline.to("/voice/status")] == ["no-answer", "busy"]


def test_only_the_phone_that_is_called_rings_and_who_answers_presses_keys_and_speaks(
    table: Page, lifelike: Rehearsal, hotline: TinyHotline
) -> None:
    hotline.serves["/chosen"] = '<Response><Record action="/left" timeout="5"/></Response>'
    other, called = table.get_by_role("article").first, _add_phone(table)
    _rings(lifelike, called)
    expect(table).to_have_title("Phone 2 rings · Hotline")
    expect(other.get_by_role("button", name="Answer")).to_be_hidden()
    called.get_by_role("button", name="Answer").press("Enter")
    expect(_state(called)).to_have_text("On the line")
    expect(called.get_by_role("button", name="Hang up", exact=True)).to_be_focused()
    table.keyboard.press("1")
    expect(called.locator("[data-waits]")).to_have_text("listens: speak now")
    sound: FilePayload = {"name": "words.wav", "mimeType": "audio/wav", "buffer": heard(voice(2))}
    called.get_by_label("Sound file").set_input_files(sound)
    expect(called.locator("[data-log]")).to_contain_text("Has recorded 2 s")
    assert hotline.to("/chosen")[0].form["To"] == _number(called)


def test_who_is_called_may_decline_or_let_it_ring(table: Page, lifelike: Rehearsal) -> None:
    phone = table.get_by_role("article")
    declined = _rings(lifelike, phone)
    _press(phone, "Decline")
    expect(_state(phone)).to_have_text("Declined")
    missed = _rings(lifelike, phone, Timeout="3")
    expect(_state(phone)).to_have_text("Missed call")
    ended = [lifelike.phone.wait_until_ended(sid)["status"] for sid in (declined, missed)]
    assert ended == ["busy", "no-answer"]
    expect(phone.get_by_role("button", name="Call", exact=True)).to_be_enabled()


def test_each_phone_has_its_own_conversation(table: Page, lifelike: Rehearsal, hotline: TinyHotline) -> None:
    mine, borrowed = table.get_by_role("article").first, _add_phone(table)
    borrowed.get_by_label("Write a text").fill("मेरो तलब आएको छैन")
    _press(borrowed, "Send")
    sent, thread = borrowed.locator(".bubble").first, borrowed.locator("[data-thread]")
    expect(sent).to_contain_text("मेरो तलब आएको छैन")
    answer = {"From": LINE, "To": _number(borrowed), "Body": "We have it: 771"}
    requests.post(f"{lifelike.account_url}/Messages.json", data=answer, auth=lifelike.credentials)
    expect(thread.locator(".bubble--out")).to_contain_text("We have it: 771")
    expect(thread.locator(".bubble--out footer")).to_contain_text("Hotline, ")
    expect(thread.locator(".bubble--out footer")).to_contain_text("1 text, delivered")
    expect(mine.locator(".bubble")).to_have_count(0)
    assert hotline.to("/sms/incoming")[0].form["From"] == _number(borrowed)
    mine.get_by_label("You are").fill(_number(borrowed))
    mine.get_by_label("You are").press("Enter")
    expect(_state(mine)).to_have_text("Another phone here has that number")


def test_a_picture_goes_with_a_text_or_alone(table: Page, lifelike: Rehearsal, hotline: TinyHotline) -> None:
    phone = table.get_by_role("article").first
    file = FilePayload(name="payslip.png", mimeType="image/png", buffer=b"a picture")
    phone.get_by_label("Files to send with the text").set_input_files([file, file])
    expect(phone.locator("[data-attached]")).to_have_text("2 files")
    assert faults(table) == []
    _press(phone, "Send")
    expect(phone.locator("[data-thread]")).to_contain_text("with 2 files")
    expect(phone.locator("[data-attached]")).to_have_text("")
    wait_for(lambda: hotline.to("/sms/incoming"))
    (told,) = hotline.to("/sms/incoming")
    assert (told.form["NumMedia"], told.form["Body"], told.form["MediaContentType1"]) == (
        "2",
        "",
        "image/png",
    )
    assert [one.body for one in lifelike.exchange.media.values()] == [b"a picture"] * 2


def test_a_number_that_is_withheld_or_changed_is_what_the_hotline_sees(
    table: Page, hotline: TinyHotline
) -> None:
    phone = table.get_by_role("article")
    phone.get_by_label("You are").fill("not a number")
    phone.get_by_label("You are").blur()
    expect(_state(phone)).to_have_text("A number begins with + and the country")
    phone.get_by_label("You are").fill("+66 81 234-5601")
    phone.get_by_label("You are").blur()
    expect(phone.get_by_label("You are")).to_have_value(STRANGER)
    for withheld, seen in ((True, "+266696687"), (False, STRANGER)):
        phone.get_by_label("Withhold the number").set_checked(withheld)
        _press(phone, "Call")
        expect(_state(phone)).to_have_text("On the line")
        expect(phone.get_by_label("You are")).to_be_disabled()
        _press(phone, "Hang up")
        expect(_state(phone)).to_have_text("Call ended")
        assert hotline.to("/voice/incoming")[-1].form["From"] == seen


def test_a_page_loaded_again_has_the_same_phones_and_their_calls(table: Page) -> None:
    borrowed = _add_phone(table)
    number = _number(borrowed)
    borrowed.get_by_label("Withhold the number").check()
    _press(borrowed, "Call")
    expect(_state(borrowed)).to_have_text("On the line")
    table.reload()
    expect(table.get_by_role("article")).to_have_count(2)
    expect(borrowed.get_by_label("You are")).to_have_value(number)
    expect(_state(borrowed)).to_have_text("On the line")
    borrowed.get_by_role("button", name="Remove").click()
    expect(table.get_by_role("article")).to_have_count(1)
    expect(table.get_by_role("button", name="Remove")).to_be_hidden()
    expect(table.get_by_role("button", name="Add a phone")).to_be_focused()


@pytest.mark.parametrize(("theme", "wide"), [("light", 1366), ("dark", 1366), ("light", 390), ("dark", 390)])
def test_phones_that_talk_and_ring_side_by_side_read_well(
    table: Page, lifelike: Rehearsal, theme: str, wide: int
) -> None:
    table.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    table.set_viewport_size({"width": wide, "height": 844})
    talking, ringing, _ = table.get_by_role("article").first, _add_phone(table), _add_phone(table)
    talking.get_by_label("Write a text").fill("My wages")
    _press(talking, "Send")
    _press(talking, "Call")
    expect(talking.locator("[data-waits]")).to_be_visible()
    _rings(lifelike, ringing)
    assert faults(table) == []
    assert table.evaluate("document.documentElement.scrollWidth <= innerWidth")
