"""The telephone's page before the whole hotline: several callers at once, one ring, a call back, texts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import FilePayload, Locator, Page, expect
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.db import utcnow
from hotline.intake.models import Call, Line, Report
from hotline.settings import Settings
from tests.journeys.running import Running, run_hotline, wait_until
from tests.journeys.test_call_to_ready import voice  # noqa: F401

ANSWERS, CALLS_BACK = "+6620000142", "+6620000143"
LATE = 40_000  # milliseconds: prompts are played at twice the pace of people


@pytest.fixture
def running(settings: Settings, session: Session, data: Path) -> Iterator[Running]:
    for number, mode in ((ANSWERS, "answer"), (CALLS_BACK, "call_back")):
        session.add(
            Line(
                number=number,
                name=mode,
                tree="main",
                languages=["my", "ne"],
                answer_mode=mode,
                answers_texts=True,
                added_at=utcnow(),
            )
        )
    session.commit()
    always = settings.model_copy(update={"callback_hours": "mon-sun 00:00-23:59"})
    with run_hotline(always, data, speed="2", lines=f"{ANSWERS},{CALLS_BACK}") as hotline:
        yield hotline
        assert hotline.server_errors() == []


@pytest.fixture
def phones(watched: Page, running: Running) -> tuple[Locator, Locator]:
    """A phone, and a borrowed one."""
    watched.goto(running.phone_url)
    watched.get_by_role("button", name="Add a phone").click()
    mine, borrowed = (watched.get_by_role("article", name=name) for name in ("Phone 1", "Phone 2"))
    expect(borrowed).to_be_visible()
    return mine, borrowed


def _press(phone: Locator, name: str) -> None:
    phone.get_by_role("button", name=name, exact=True).click()


def _key_once_asked(phone: Locator, key: str, prompt: str) -> None:
    expect(phone.locator("[data-log]")).to_contain_text(prompt, timeout=LATE)
    phone.locator(f'[data-key="{key}"]').click()


def _speak(phone: Locator, sound: bytes) -> None:
    expect(phone.locator("[data-waits]")).to_have_text("listens: speak now", timeout=LATE)
    words: FilePayload = {"name": "words.wav", "mimeType": "audio/wav", "buffer": sound}
    phone.get_by_label("Sound file").set_input_files(words)


def _all_that_it_says(phone: Locator) -> Callable[[], list[str]]:
    """However short it stands there: the hotline may call back before anybody has looked."""
    phone.locator("[data-state-word]").evaluate(
        """place => {
            window.said = [];
            new MutationObserver(() => window.said.push(place.textContent)).observe(place, {childList: true});
        }"""
    )
    return lambda: list(phone.page.evaluate("window.said"))


def _waiting(session: Session) -> list[str | None]:
    """The numbers of those whose reports wait."""
    session.rollback()
    reports = session.scalars(sa.select(Report).where(Report.state == "waiting")).all()
    return sorted(report.contact.number or "" for report in reports if report.contact)


def _numbers(*phones: Locator) -> list[str]:
    return sorted(phone.get_by_label("You are").input_value() for phone in phones)


def test_two_callers_at_once_each_leave_their_words(
    phones: tuple[Locator, Locator],
    session: Session,
    voice: bytes,  # noqa: F811
) -> None:
    for phone in phones:
        _press(phone, "Call")
    for phone in phones:
        _key_once_asked(phone, "1", "language")
    for phone in phones:
        expect(phone.locator("[data-state-word]")).to_have_text("On the line")
        _key_once_asked(phone, "2", "main menu")
    for phone in phones:
        _speak(phone, voice)
        expect(phone.locator("[data-log]")).to_contain_text("Has recorded", timeout=LATE)
        _press(phone, "Hang up")
    wait_until(lambda: _waiting(session) == _numbers(*phones), 20, "both reports wait")


def test_who_rings_once_is_called_back_and_heard(
    phones: tuple[Locator, Locator],
    session: Session,
    voice: bytes,  # noqa: F811
) -> None:
    phone, other = phones
    phone.get_by_label("Number to call").fill(CALLS_BACK)
    said = _all_that_it_says(phone)
    _press(phone, "Ring once and hang up")
    expect(phone.locator("[data-state-word]")).to_have_text(f"{CALLS_BACK} calls you", timeout=LATE)
    assert said()[-2:] == ["Busy tone", f"{CALLS_BACK} calls you"]
    expect(other.get_by_role("button", name="Answer")).to_be_hidden()
    _press(phone, "Answer")
    for key, prompt in (("1", "callback"), ("1", "language"), ("1", "main menu")):
        _key_once_asked(phone, key, prompt)
    _speak(phone, voice)
    expect(phone.locator("[data-log]")).to_contain_text("Has recorded", timeout=LATE)
    _press(phone, "Hang up")
    wait_until(lambda: _waiting(session) == _numbers(phone), 20, "the report waits")
    assert session.scalars(sa.select(Callback.state)).one() == "reached"
    rung = session.scalars(sa.select(Call).order_by(Call.started_at)).first()
    assert rung is not None and rung.status == "busy"


def test_a_text_is_answered_on_the_phone_it_came_from(
    phones: tuple[Locator, Locator], session: Session
) -> None:
    mine, borrowed = phones
    borrowed.get_by_label("Write a text").fill("मेरो तलब दुई महिनादेखि आएको छैन।")
    _press(borrowed, "Send")
    expect(borrowed.locator(".bubble").first).to_contain_text("मेरो तलब")
    answer = borrowed.locator(".bubble--out")
    expect(answer.locator("footer")).to_contain_text("delivered", timeout=LATE)
    expect(answer).to_contain_text("Hotline, ")
    expect(mine.locator(".bubble")).to_have_count(0)
    wait_until(lambda: _waiting(session) == _numbers(borrowed), 20, "the text waits")
