"""A picture opens large by the keyboard, and Escape closes it and nothing else."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from hotline.settings import Settings
from tests.browsing import faults
from tests.made_media import PDF, picture
from tests.transcription import browsing
from tests.transcription.reports import attach, make_text


@pytest.fixture
def bench(page_of: Page, session: Session, settings: Settings) -> Page:
    """A text with two pictures and a file, taken by key."""
    report = make_text(session, "ဒါက ကျွန်တော့်လစာစာရွက်ပါ")
    attach(session, settings, report, picture(size=(1200, 900), place=True), 1)
    attach(session, settings, report, picture("PNG", size=(600, 1000)), 2)
    attach(session, settings, report, PDF, 3)
    page_of.keyboard.press("n")
    page_of.wait_for_url(f"**/reports/{report.id}")
    return page_of


def test_it_opens_large_and_closes_by_keys(bench: Page) -> None:
    first = bench.get_by_role("link", name=re.compile("Picture 1 of 2, sent"))
    expect(first).to_be_visible()
    first.focus()
    browsing.picture(bench, "workbench-pictures")
    assert faults(bench) == []
    bench.keyboard.press("Enter")
    large = bench.locator("[data-large-view]")
    expect(large).to_be_visible()
    image = large.locator("img")
    expect(image).to_have_attribute("alt", re.compile("Picture 1 of 2"))
    bench.wait_for_function("document.querySelector('[data-large-view] img').naturalWidth === 1200")
    browsing.picture(bench, "picture-large")
    assert faults(bench) == []
    bench.keyboard.press("ArrowRight")
    expect(image).to_have_attribute("alt", re.compile("Picture 2 of 2"))
    bench.keyboard.press("ArrowRight")
    expect(image).to_have_attribute("alt", re.compile("Picture 1 of 2"))
    bench.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(first).to_be_focused()


def test_it_fits_a_small_screen_in_the_dark(bench: Page) -> None:
    bench.set_viewport_size({"width": 390, "height": 844})
    bench.emulate_media(color_scheme="dark", reduced_motion="reduce")
    bench.wait_for_function(
        "[...document.images].every((image) => image.complete || image.loading === 'lazy')"
    )
    bench.get_by_role("link", name=re.compile("Picture 2 of 2")).click()
    expect(bench.locator("[data-large-view]")).to_be_visible()
    browsing.picture(bench, "picture-large-phone")
    assert bench.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(bench) == []
