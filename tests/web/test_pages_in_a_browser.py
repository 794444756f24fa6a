"""The pages of signing in and the person's own, as a browser draws them."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browsing import faults
from tests.signing_in import PASSWORD, make_member

DESK, PHONE = (1366, 768), (390, 844)
Look = Callable[[str], None]
PICTURES = os.environ.get("HOTLINE_PICTURES")  # a folder for pictures to look at


@pytest.fixture(params=[("desk", DESK, "light"), ("phone", PHONE, "dark")], ids=["desk-light", "phone-dark"])
def look(request: pytest.FixtureRequest, watched: Page) -> Look:
    """Look at the page as it stands: no fault of access, nothing wider than the window."""
    where, (wide, high), theme = request.param
    watched.set_viewport_size({"width": wide, "height": high})
    watched.emulate_media(color_scheme=theme)

    def at(name: str) -> None:
        if PICTURES:
            watched.screenshot(path=Path(PICTURES) / f"{name}-{where}-{theme}.png", full_page=True)
        assert faults(watched) == []
        assert watched.evaluate("document.documentElement.scrollWidth <= innerWidth")

    return at


def give(page: Page, served: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{served}/staff/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_signing_in_with_a_second_factor(watched: Page, served: str, session: Session, look: Look) -> None:
    """Name and password, setting up the app, recovery codes, out, and in again with one of them."""
    email = make_member(session, "supervisor", name="Malee Chai").email
    watched.goto(f"{served}/staff/sign-in")
    look("sign-in")
    give(watched, served, email, "this is not the password")
    expect(watched.get_by_role("alert")).to_contain_text("do not go together")
    look("sign-in-wrong")
    give(watched, served, email)
    watched.get_by_role("button", name="Set it up").click()
    picture = watched.get_by_role("img", name="Picture of the key")
    assert picture.evaluate("picture => picture.naturalWidth > 0")
    look("second-factor")
    totp = TOTP(watched.locator("p.key").inner_text())
    watched.get_by_label("Code from the app").fill(str(totp.generate().token))
    watched.get_by_role("button", name="Finish").click()
    watched.goto(f"{served}/staff/recovery-codes")
    watched.get_by_role("button", name="Make new codes").click()
    look("recovery-codes")
    code = watched.locator("li.code").first.inner_text()
    watched.goto(f"{served}/me")
    watched.get_by_role("button", name="Sign out").click()
    give(watched, served, email)
    look("code")
    watched.get_by_role("link", name=re.compile("recovery code")).click()
    look("recovery-code")
    watched.get_by_label("Code").fill(code)
    watched.get_by_role("button", name="Sign in").click()
    expect(watched.get_by_role("link", name=re.compile("your account"))).to_be_visible()


def test_ones_own_page_and_what_goes_wrong(watched: Page, served: str, session: Session, look: Look) -> None:
    give(watched, served, make_member(session, "caseworker", name="Thiri Aung").email)
    for name, path in {
        "me": "/me",
        "queue": "/queue",
        "password": "/staff/password",
        "again": "/staff/again",
        "set-up": "/staff/second-factor",
        "not-there": "/nothing",
    }.items():
        watched.goto(served + path)
        look(name)
    watched.goto(f"{served}/me")
    watched.keyboard.press("?")
    expect(watched.get_by_role("dialog")).to_be_visible()
    look("keys")


def test_an_administrator_adds_somebody_who_then_signs_in(
    watched: Page, served: str, session: Session, look: Look
) -> None:
    admin = make_member(session, "administrator", (), "Nok Administrator")
    give(watched, served, admin.email)
    watched.get_by_role("button", name="Set it up").click()
    totp = TOTP(watched.locator("p.key").inner_text())
    watched.get_by_label("Code from the app").fill(str(totp.generate().token))
    watched.get_by_role("button", name="Finish").click()
    watched.goto(f"{served}/lines")
    look("lines")
    watched.goto(f"{served}/members")
    adding = watched.get_by_role("region", name="Add somebody")
    adding.get_by_label("E-mail").fill("bishnu@hotline.example")
    adding.get_by_label("Languages").fill("ne, en")
    adding.get_by_role("button", name="Add").click()
    look("members")
    password = watched.get_by_role("status").locator(".code").inner_text()
    watched.goto(f"{served}/me")
    watched.get_by_role("button", name="Sign out").click()
    give(watched, served, "bishnu@hotline.example", password)
    expect(watched.get_by_role("heading", level=1)).to_have_text("Queue")


def test_the_theme_chosen_outlives_the_page(watched: Page, served: str, session: Session) -> None:
    give(watched, served, make_member(session).email)
    watched.goto(f"{served}/me")
    button = watched.get_by_role("button", name="Light or dark")
    button.click()
    button.click()
    expect(watched.locator("html")).to_have_attribute("data-theme", "dark")
    assert watched.url.endswith("/me")
    before = watched.evaluate("getComputedStyle(document.body).backgroundColor")
    button.click()
    expect(watched.locator("html")).not_to_have_attribute("data-theme", "dark")
    assert watched.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_keys_lead_to_pages_and_never_from_a_field(watched: Page, served: str, session: Session) -> None:
    give(watched, served, make_member(session).email)
    watched.goto(f"{served}/me")
    watched.get_by_label("Name that colleagues see").press("?")
    expect(watched.get_by_role("dialog")).to_be_hidden()
    watched.get_by_role("heading", level=1).click()
    watched.keyboard.press("g")
    watched.keyboard.press("q")
    watched.wait_for_url("**/queue")
