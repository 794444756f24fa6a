"""A real browser on the real application: where it is, how it is started, what it must not report."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import ConsoleMessage, Page
from werkzeug.serving import make_server

ROOT = Path(__file__).parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
)  # fmt: skip
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


def installed_browser() -> str | None:
    """The path of an installed Chromium or Chrome; without one, Playwright's own is started."""
    named = os.environ.get("HOTLINE_BROWSER")
    return named or next((path for path in map(shutil.which, BROWSERS) if path), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = installed_browser()
    where = {"executable_path": found} if found else {}
    return browser_type_launch_args | where | {"args": QUIET.split()}


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The application of this test on a port of its own; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which no script breaks and the Content-Security-Policy refuses nothing."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert not said


FIND = """async () => (await axe.run({resultTypes: ["violations"]})).violations
    .flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 200)}`))"""


def faults(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands, with the element of each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(FIND)
    return found
