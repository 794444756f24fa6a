"""The queue as people work on it, and both pages as they are seen: clear, light, in any width."""

import gzip
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Response, expect
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.claim_report import claim_report
from hotline.transcription.save_draft import save_draft
from hotline.transcription.segments import Segment
from tests.browsing import faults
from tests.signing_in import make_member
from tests.transcription.browsing import LASTS, picture
from tests.transcription.reports import make_contact, make_text, make_voicemail

MOST_BYTES = 150_000


def test_what_arrives_appears_and_moves_no_focus(page_of: Page, session: Session) -> None:
    reports = [make_text(session, f"စာ {number}") for number in range(3)]
    page_of.reload()
    page_of.keyboard.press("j")
    page_of.keyboard.press("j")
    focused = page_of.locator(f"#r-{reports[1].id} h3 a")
    expect(focused).to_be_focused()
    make_voicemail(session, urgency="danger")
    expect(page_of.get_by_role("heading", name="Danger at once")).to_be_visible(timeout=5000)
    expect(page_of.locator("[data-new]")).to_have_text("1 new")
    expect(focused).to_be_focused()
    page_of.keyboard.press("k")
    expect(page_of.locator(f"#r-{reports[0].id} h3 a")).to_be_focused()


def test_a_press_counts_though_the_list_is_drawn_anew_meanwhile(page_of: Page, session: Session) -> None:
    report = make_text(session, "လစာ")
    page_of.reload()
    page_of.get_by_role("button", name="Take", exact=True).hover()
    page_of.mouse.down()
    with page_of.expect_response(re.compile("/queue/rows.*"), timeout=15_000) as asked:
        make_text(session, "အသစ်")
    while asked.value.status == 204:
        with page_of.expect_response(re.compile("/queue/rows.*"), timeout=15_000) as asked:
            pass
    page_of.wait_for_timeout(200)
    page_of.mouse.up()
    page_of.wait_for_url(f"**/reports/{report.id}")


def test_enter_takes_the_current_row_and_opens_ones_own(page_of: Page, session: Session) -> None:
    report = make_text(session, "လစာ")
    page_of.reload()
    for _ in range(2):
        page_of.keyboard.press("j")
        page_of.keyboard.press("Enter")
        page_of.wait_for_url(f"**/reports/{report.id}")
        expect(page_of.get_by_text("You hold this until")).to_be_visible()
        page_of.keyboard.press("g")
        page_of.keyboard.press("q")
        page_of.wait_for_url("**/queue")
    page_of.keyboard.press("r")
    expect(page_of.get_by_text("Given back.")).to_be_visible()


def test_a_queue_without_news_says_so(page_of: Page) -> None:
    page_of.route("**/queue/rows*", lambda route: route.abort())
    expect(page_of.get_by_text("This list may be old.")).to_be_visible(timeout=12000)
    page_of.unroute("**/queue/rows*")
    expect(page_of.get_by_text("This list may be old.")).to_be_hidden(timeout=5000)


@pytest.fixture
def busy(session: Session, settings: Settings, thiri: User) -> Report:
    """A queue as on a common day; returns a report that Thiri has half written down."""
    now, htet = utcnow(), make_member(session, name="Htet Aung")
    make_voicemail(session, settings, urgency="danger", received_at=now - timedelta(minutes=4))
    late = make_text(session, "นายจ้างหักค่าที่พักเดือนละสองพันบาท ไม่มีใบเสร็จ และไม่ให้เราออกไปข้างนอก", language="th",
                     urgency="urgent", received_at=now - timedelta(hours=4, minutes=43))  # fmt: skip
    claim_report(session, late.id, htet, now, LASTS)
    caller = make_contact(session)
    text = make_text(
        session, "အလုပ်ပြောင်းချင်ရင် ဘာစာရွက်စာတမ်း လိုပါသလဲ။", received_at=now - timedelta(hours=17), contact=caller
    )
    make_voicemail(session, settings, verdict="no_speech", received_at=now - timedelta(hours=21))
    make_voicemail(session, settings, verdict="unplayable", contact=make_contact(session, None), chosen=False)
    make_voicemail(session, state="arriving")
    make_voicemail(session, state="not_received", received_at=now - timedelta(hours=30))
    make_text(session, "म काम गर्छु", language="ne")
    held = make_voicemail(
        session, settings, urgency="urgent", contact=caller, received_at=now - timedelta(hours=3)
    )
    claim_report(session, held.id, thiri, now, LASTS)
    lines = [
        Segment(0.0, "မင်္ဂလာပါ။ ကျွန်မ မဟာချိုင်က ငါးစက်ရုံမှာ အလုပ်လုပ်ပါတယ်။", "Hello. I work at a fish factory in Mahachai."),
        Segment(4.0, "လစာ နှစ်လ မရသေးပါဘူး။ အလုပ်ရှင်က နောက်လမှ ပေးမယ်လို့ ပြောပါတယ်။", "I have not had my wages for two months."),
        Segment(8.0, "ပတ်စပို့ကို [name] က သိမ်းထားပါတယ်။", "[name] keeps our passports."),
    ]  # fmt: skip
    save_draft(session, held.id, thiri, lines, 0, now, LASTS)
    claim_report(session, text.id, thiri, now, LASTS)
    session.commit()
    return held


@pytest.mark.parametrize("width", [1366, 390])
def test_the_pages_read_well(page_of: Page, served: str, session: Session, busy: Report, width: int) -> None:
    text = session.scalars(sa.select(Report).where(Report.kind == "text", Report.language == "my")).one()
    page_of.set_viewport_size({"width": width, "height": 768 if width > 400 else 844})
    for name, path in {
        "queue": "/queue",
        "queue-held": "/queue?tab=held",
        "workbench": f"/reports/{busy.id}",
        "text": f"/reports/{text.id}",
    }.items():
        page_of.goto(served + path)
        if name == "workbench":
            expect(page_of.locator("[data-wave] > div")).to_be_visible()
            page_of.get_by_label("As spoken, from 0:04").focus()
            page_of.keyboard.press("F9")
            page_of.keyboard.press("Escape")
        for theme in ("light", "dark"):
            page_of.emulate_media(color_scheme=theme, reduced_motion="reduce")
            picture(page_of, f"{name}-{width}-{theme}")
            assert faults(page_of) == []
        assert page_of.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{name} is wider than the window"
        )


def test_a_first_load_is_light(page_of: Page, served: str, busy: Report) -> None:
    """Fonts and the recording apart; scripts, style and icons as they are sent."""
    for path in ("/queue", f"/reports/{busy.id}"):
        sizes: dict[str, int] = {}

        def weigh(answer: Response, sizes: dict[str, int] = sizes) -> None:
            if "/fonts/" in answer.url or answer.url.endswith("/audio"):
                return
            body = answer.body() if answer.status == 200 else b""
            sizes[answer.url] = len(gzip.compress(body))

        page_of.on("response", weigh)
        page_of.goto(served + path, wait_until="networkidle" if "reports" in path else "load")
        page_of.remove_listener("response", weigh)
        assert len(sizes) > 5
        assert sum(sizes.values()) < MOST_BYTES, sizes
