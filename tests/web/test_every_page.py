"""Each page of the console and the telephone: light to load, nothing that axe-core finds, in either theme.

The pages are those of the application's own map: a new one is looked at here without anybody's asking.
"""

import gzip
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, Response
from sqlalchemy.orm import Session

from hotline.casework.models import Case
from hotline.casework.open_case import open_case
from hotline.db import utcnow
from hotline.directory.decide_name import decide_name
from hotline.directory.models import HelpPlace
from hotline.directory.record_name import record_area_name, record_name
from hotline.flow.prompts import PROMPTS
from hotline.flow.turn import Clip
from hotline.intake.models import Report
from hotline.menus.change_tree import write_version
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.studio.take import add_take
from hotline.web.rules import MAY, RULE
from hotline.webhooks.switchboard import KEY
from tests.browsing import faults
from tests.carrier_says import CallFrom, Say
from tests.carriers import RunningCarrier
from tests.made_media import PDF, picture
from tests.places import make_place
from tests.signing_in import PASSWORD, make_member
from tests.transcription.reports import attach, make_text

LOOKS = (("light", 1366, 768), ("dark", 390, 844))
MOST_BYTES = 150_000  # compressed, on the first load, fonts and recordings apart
PICTURES = os.environ.get("HOTLINE_PICTURES")
# Answered with something else than a page, or only on the way to one.
NO_PAGES = (
    "export",
    "files.",
    "prompts.",
    "health.",
    "workbench.audio",
    "attachments.picture",
    "workbench.peaks",
    ".rows",
    ".now",
    "_fragment",
    "studio.audio",
    "studio.sound",
    "names.audio",
    "voice_replies.audio",
)


@pytest.fixture
def busy(
    app: Flask, session: Session, settings: Settings, say: Say, call: CallFrom
) -> tuple[Report, Case, User]:
    """Something on every page: a text, one with a picture and a file, a voicemail, a call, a case, an unknown number."""
    app.extensions["hotline.settings"] = settings.model_copy(update={"env": "demo"})
    say(
        "/sms/incoming", MessageSid="SM1", From="+66812345670", To=call.fields["To"], Body="नमस्ते, तलब आएको छैन"
    )
    call.record(call.to_the_microphone("1", "2"))
    CallFrom(say, sid="CA2", caller="+66812345679", line="+66299").start()
    somchai = make_member(session, "supervisor", ("my", "th", "ne"), "Somchai")
    thiri = make_member(session, "supervisor", ("my",), "Thiri")
    report = session.scalars(sa.select(Report).where(Report.kind == "text")).one()
    case = open_case(session, report, somchai, urgency="standard", category="wages", now=utcnow())
    write_version(session, "main", (PROMPTS / "trees" / "main.yaml").read_text("utf-8"), somchai.id, utcnow())
    sound = app.extensions[KEY].catalogue.sound(Clip("rights", "my")).audio
    add_take(session, "my", "main_menu", "an older script", sound, "file", somchai, utcnow())
    shelter = make_place(kind="shelter", checked_by_id=somchai.id)
    session.add(shelter)
    session.flush()
    name = app.extensions[KEY].catalogue.sound(Clip("help.shelter", "my")).audio
    decide_name(
        session, record_name(session, shelter, "my", name, somchai, utcnow()), "approve", thiri, utcnow()
    )
    for record in (record_name, record_area_name):  # by somebody else: the supervisor who looks may approve
        record(session, shelter, "my", name, thiri, utcnow())
    session.add(make_place(kind="embassy", checked_at=utcnow() - timedelta(days=400)))
    done = make_text(session, "तलब पर्ची", language="ne", contact=report.contact)
    done.state, done.case_id = "done", case.id  # so that who reads cases sees what came with it
    attach(session, settings, done, picture(place=True))
    attach(session, settings, done, PDF, 2)
    session.commit()
    return report, case, somchai


def _addresses(
    app: Flask, report: Report, case: Case, member: User, place_id: uuid.UUID
) -> Iterator[tuple[str, str]]:
    """(role, address) of each page; the role is one that may see it."""
    given = {
        "report_id": report.id, "code": case.code, "member_id": member.id, "case_id": case.id, "name": "main",
        "number": 1, "language": "my", "prompt": "main_menu", "place_id": place_id,
    }  # fmt: skip
    adapter = app.url_map.bind("", url_scheme="http")
    for rule in app.url_map.iter_rules():
        endpoint = rule.endpoint
        action = getattr(app.view_functions[endpoint], RULE, None)
        if action not in MAY or "GET" not in (rule.methods or ()) or any(no in endpoint for no in NO_PAGES):
            continue
        missing = rule.arguments - set(given)
        assert not missing, f"say what {missing} is, so that {endpoint} is looked at"
        role = "supervisor" if "supervisor" in MAY[action] else "administrator"
        yield role, adapter.build(endpoint, {name: given[name] for name in rule.arguments})


@pytest.fixture
def signed_in(browser: Browser, served: str) -> Iterator[Callable[[str], Page]]:
    opened = []

    def sign(email: str) -> Page:
        context = browser.new_context(reduced_motion="reduce")
        opened.append(context)
        page = context.new_page()
        page.goto(f"{served}/staff/sign-in")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        return page

    yield sign
    for context in opened:
        context.close()


def _load(page: Page, address: str) -> tuple[str, int]:
    """Open it as for the first time; its kind, and the bytes that came, compressed."""
    sizes: dict[str, int] = {}

    def weigh(answer: Response) -> None:
        kind = answer.headers.get("content-type", "")
        if answer.status == 200 and "font" not in kind and "audio" not in kind:
            sizes[answer.url] = len(gzip.compress(answer.body()))

    page.on("response", weigh)
    answer = page.goto(address)
    page.wait_for_timeout(300)
    page.remove_listener("response", weigh)
    assert answer is not None and answer.status == 200, (address, answer and answer.status)
    return answer.headers.get("content-type", ""), sum(sizes.values())


def _look(page: Page, name: str) -> list[str]:
    found = []
    for theme, wide, high in LOOKS:
        page.set_viewport_size({"width": wide, "height": high})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # colours fade into each other
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{wide}-{theme}.png", full_page=True)
        found += [f"{name} {theme}: {fault}" for fault in faults(page)]
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{name} is wider than {wide}")
    return found


def test_every_page_of_the_console_is_light_and_reads_well(
    app: Flask,
    served: str,
    session: Session,
    busy: tuple[Report, Case, User],
    signed_in: Callable[[str], Page],
) -> None:
    pages = {
        "supervisor": signed_in(busy[2].email),
        "administrator": signed_in(make_member(session, "administrator", (), "Anong").email),
    }
    place = session.scalars(sa.select(HelpPlace.id)).first()
    assert place is not None
    looked, wrong = [], []
    for role, address in _addresses(app, *busy, place):
        kind, weight = _load(pages[role], served + address)
        if "html" not in kind:
            continue
        looked.append(address)
        if weight > MOST_BYTES:
            wrong.append(f"{address} weighs {weight}")
        wrong += _look(pages[role], f"page{address.partition('?')[0].replace('/', '-')[:40]}")
    assert len(looked) >= 9, looked
    assert wrong == []


def test_the_telephone_is_light_and_reads_well(page: Page, carrier: RunningCarrier) -> None:
    _, weight = _load(page, carrier.url)
    assert weight < MOST_BYTES
    assert _look(page, "phone") == []
