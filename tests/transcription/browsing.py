"""What the journeys of the queue and of the workbench share."""

import os
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from hotline.staff.models import User
from tests.signing_in import PASSWORD

LASTS = timedelta(minutes=30)
PICTURES = os.environ.get("HOTLINE_PICTURES")  # a folder for pictures to look at
expect.set_options(timeout=15_000)  # two cores may be busy with other tests


def sign_in(page: Page, served: str, member: User) -> None:
    page.goto(f"{served}/staff/sign-in")
    page.get_by_label("E-mail").fill(member.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/queue")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")
