"""From a caller's voice to the supervisor's board, each in a browser, on real parts.

The microphone is the browser's own, fed from a sound file. Pictures go to HOTLINE_PICTURES.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.flow.prompts import Catalogue
from hotline.flow.turn import Clip
from hotline.intake.models import Line
from hotline.settings import Settings
from tests.browsing import QUIET, faults, installed_browser
from tests.conftest import PLACEHOLDERS, ROOT
from tests.journeys.running import Running, run_hotline
from tests.signing_in import PASSWORD, make_member

PICTURES = os.environ.get("HOTLINE_PICTURES")
HUMAN = (
    sorted(Path("/usr/share/asterisk/sounds").glob("en*/vm-*.wav"))
    if Path("/usr/share/asterisk/sounds").exists()
    else []
)
CRITICAL_KB = 150  # a page, compressed, on first load, fonts apart


@pytest.fixture
def voice(data: Path) -> Path:
    """What the caller says: a person's voice where this machine has one, else eSpeak's."""
    long = [path for path in HUMAN if path.stat().st_size > 60_000]
    if long:
        return long[0]
    spoken = data / "voice.wav"
    spoken.write_bytes(Catalogue.load(ROOT / "ivr_prompts", PLACEHOLDERS).sound(Clip("rights", "my")).audio)
    return spoken


@pytest.fixture
def running(settings: Settings, session: Session, data: Path) -> Iterator[Running]:
    session.add(
        Line(
            number="+6620000142",
            name="Main line",
            tree="main",
            languages=["my", "th", "ne", "en"],
            added_at=utcnow(),
        )
    )
    session.commit()
    with run_hotline(settings, data, speed="3") as hotline:
        yield hotline
        assert hotline.server_errors() == []


@pytest.fixture
def caller(playwright: Playwright, voice: Path) -> Iterator[Browser]:
    """A browser with a microphone."""
    found = installed_browser()
    fake = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={voice}",
    ]
    browser = playwright.chromium.launch(executable_path=found, args=[*QUIET.split(), *fake])
    yield browser
    browser.close()


def _open(
    browser: Browser, address: str, width: int = 1366, height: int = 768, permissions: list[str] | None = None
) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height}, permissions=permissions or [])
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console",
        lambda message: said.append(message.text) if "Content Security Policy" in message.text else None,
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.said = said  # type: ignore[attr-defined]
    page.goto(address)
    return page


def _sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _look(page: Page, name: str) -> None:
    """No fault of access in either theme; a picture of each, wide and narrow; no script broke."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.wait_for_timeout(250)  # colours glide into the other theme
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-1366-{theme}.png")
        assert faults(page) == [], (name, theme)
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-390.png", full_page=True)
    assert faults(page) == [], (name, 390)
    page.set_viewport_size(before)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    assert page.said == []  # type: ignore[attr-defined]


def test_a_voice_becomes_a_case_and_shows_on_the_board(
    running: Running, caller: Browser, session: Session
) -> None:
    console = running.environment["PUBLIC_URL"]
    thiri = make_member(session, "transcriber", ("my", "th"), "Thiri")
    htet = make_member(session, "caseworker", ("my",), "Htet")
    somchai = make_member(session, "supervisor", ("th", "my"), "Somchai")

    queue = _open(caller, console)
    _sign_in(queue, thiri.email)
    expect(queue.get_by_role("heading", name="Queue")).to_be_visible()
    _look(queue, "queue-empty")

    phone = _open(caller, running.phone_url, permissions=["microphone"])
    phone.get_by_role("button", name="Call", exact=True).click()
    expect(phone.locator("[data-log]")).to_contain_text("language press", timeout=15000)
    phone.locator('[data-key="1"]').click()
    expect(phone.locator("[data-log]")).to_contain_text("main menu", timeout=30000)
    phone.locator('[data-key="2"]').click()
    expect(phone.locator("[data-waits]")).to_contain_text("speak now", timeout=40000)
    phone.get_by_role("button", name="Speak").click()
    phone.wait_for_timeout(2500)
    phone.locator('[data-key="#"]').click()
    expect(phone.locator("[data-log]")).to_contain_text("Has recorded", timeout=20000)
    _look(phone, "phone")  # while the caller hears the number
    phone.get_by_role("button", name="Hang up", exact=True).click()

    take = queue.get_by_role("button", name="Take now")
    expect(take).to_be_visible(timeout=6000)  # it came by itself
    _look(queue, "queue")
    take.click()
    expect(queue.get_by_role("heading", name="Voicemail", level=1)).to_be_visible()
    queue.locator("[data-wave] > *").first.wait_for(state="attached")  # the player is there
    queue.get_by_role("button", name="Play").click()
    expect(queue.locator("[data-clock]")).not_to_have_text("0:00", timeout=10000)
    queue.keyboard.press("Escape")
    spoken, meaning = queue.get_by_label("As spoken, from 0:00"), queue.get_by_label("Meaning, from 0:00")
    spoken.fill("ပတ်စပို့ကို သူဌေးက သိမ်းထားပါတယ်။")
    meaning.fill("The boss keeps my passport.")
    queue.keyboard.press("Alt+4")
    expect(meaning).to_have_value("The boss keeps my passport.[name]")
    expect(queue.locator("[data-saved]")).to_contain_text("Saved", timeout=6000)
    _look(queue, "workbench")
    queue.get_by_label("About").select_option("documents")
    queue.get_by_role("button", name="Hand in").click()
    expect(queue.get_by_text("Handed in: case")).to_be_visible()

    case = _open(caller, console)
    _sign_in(case, htet.email)
    case.goto(f"{console}/cases")
    _look(case, "cases")
    case.locator("[data-list] a").first.click()
    expect(case.get_by_text("The boss keeps my passport.[name]")).to_be_visible()
    case.get_by_label("For colleagues").fill("Called the embassy.")
    case.get_by_role("button", name="Add the note").click()
    expect(case.get_by_text("Called the embassy.")).to_be_visible()
    case.get_by_label("State", exact=True).select_option("in_progress")
    case.get_by_role("button", name="Change it").click()
    expect(case.locator("[aria-current=step]")).to_have_text("In progress")
    _look(case, "case")

    board = _open(caller, console, 1920, 1080)
    _sign_in(board, somchai.email)
    board.goto(f"{console}/board")
    expect(board.get_by_text("Reached the microphone")).to_be_visible()
    _look(board, "board")
    expect(phone.locator("[data-state-word]")).to_have_text("Call ended", timeout=20000)
    phone.get_by_role("button", name="Call", exact=True).click()
    expect(board.locator(".calls .huge")).to_have_text("1", timeout=4000)  # live
    os.killpg(running.processes["web"].pid, signal.SIGKILL)  # gunicorn and its workers
    expect(board.get_by_role("alert")).to_be_visible(timeout=12000)
    if PICTURES:
        board.screenshot(path=Path(PICTURES) / "board-stale.png")
