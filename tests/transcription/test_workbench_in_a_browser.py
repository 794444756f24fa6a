"""The workbench as people work on it: keys, saving, a line that is cut, two windows."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.transcription.claim_report import claim_report
from hotline.transcription.models import Transcript
from hotline.transcription.save_draft import save_draft
from hotline.transcription.segments import Segment, read_segments
from hotline.vault.audit import AuditRow
from tests.browsing import faults
from tests.signing_in import make_member
from tests.transcription.browsing import LASTS, picture, sign_in
from tests.transcription.reports import make_text, make_voicemail

SPOKEN = "ပတ်စပို့ကို ကုမ္ပဏီက သိမ်းထားပါတယ်။"


def written(session: Session, report: Report) -> list[Segment]:
    session.rollback()
    kept = session.scalars(sa.select(Transcript).where(Transcript.report_id == report.id)).one()
    session.refresh(kept)
    return read_segments(report.contact, kept)


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"Saved \d\d:\d\d:\d\d, version \d+"))


@pytest.fixture
def voicemail(session: Session, settings: Settings) -> Report:
    return make_voicemail(
        session, settings, urgency="urgent", received_at=utcnow() - timedelta(hours=3, minutes=18)
    )


@pytest.fixture
def bench(page_of: Page, voicemail: Report) -> Page:
    """The voicemail, taken by key, its player there."""
    page_of.keyboard.press("n")
    page_of.wait_for_url(f"**/reports/{voicemail.id}")
    expect(page_of.locator("[data-wave] > div")).to_be_visible()
    return page_of


def test_words_are_saved_as_they_are_typed(bench: Page, session: Session, voicemail: Report) -> None:
    bench.get_by_label("As spoken, from 0:00").fill(SPOKEN)
    bench.keyboard.press("Tab")
    bench.keyboard.type("The company keeps our passports.")
    saved(bench)
    assert written(session, voicemail) == [Segment(0.0, SPOKEN, "The company keeps our passports.")]
    bench.reload()
    expect(bench.get_by_label("As spoken, from 0:00")).to_have_value(SPOKEN)


def test_the_hands_stay_on_the_text(bench: Page, session: Session, voicemail: Report) -> None:
    area = bench.get_by_label("As spoken, from 0:00")
    play = bench.locator('[data-act="play"]')
    area.focus()
    bench.keyboard.press("Escape")
    expect(play).to_have_text("Pause")
    expect(bench.locator("[data-clock]")).not_to_have_text("0:00", timeout=5000)
    bench.keyboard.press("Escape")
    expect(play).to_have_text("Play")
    bench.keyboard.press("F2")
    bench.keyboard.press("F2")
    expect(bench.get_by_role("slider", name="Place in the recording")).to_have_attribute(
        "aria-valuetext", re.compile(r"0:0[6-8] of 0:1\d")
    )
    bench.keyboard.press("F1")
    expect(bench.locator("[data-clock]")).to_have_text(re.compile("0:0[3-5]"))
    bench.keyboard.press("F3")
    expect(bench.get_by_role("button", name="0.75×")).to_have_attribute("aria-pressed", "true")
    bench.keyboard.press("F4")
    bench.keyboard.press("Alt+4")
    bench.keyboard.press("Alt+1")
    expect(area).to_have_value("[name][unclear]")
    bench.keyboard.press("Alt+5")
    expect(bench.locator(".seg textarea:focus")).to_have_attribute(
        "aria-label", re.compile("As spoken, from 0:0[3-5]")
    )
    bench.keyboard.press("F9")
    expect(bench.get_by_role("button", name=re.compile("^Loop 0:0"))).to_have_attribute(
        "aria-pressed", "true"
    )
    bench.keyboard.press("F9")
    saved(bench)
    assert len(written(session, voicemail)) == 2
    listened = sa.select(sa.func.count()).where(AuditRow.action == "listened")
    assert session.scalar(listened) == 1, "one row a person, report and claim"


def test_keys_do_nothing_while_an_input_method_composes(bench: Page) -> None:
    bench.get_by_label("As spoken, from 0:00").evaluate(
        "area => area.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, isComposing: true}))"
    )
    expect(bench.locator('[data-act="play"]')).to_have_text("Play")


def test_without_a_line_the_text_is_kept_in_the_page_and_sent_later(
    bench: Page, session: Session, voicemail: Report
) -> None:
    bench.route("**/draft", lambda route: route.abort())
    bench.get_by_label("As spoken, from 0:00").fill(SPOKEN)
    expect(bench.locator("[data-saved]")).to_have_text("Kept here, not yet sent")
    expect(bench.get_by_text("What you type is not saved just now.")).to_be_visible()
    picture(bench, "workbench-offline")
    assert faults(bench) == []
    assert bench.evaluate(
        "[localStorage.length, sessionStorage.length, document.cookie.includes('spoken')]"
    ) == [0, 0, False]
    asked: list[str] = []
    bench.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    bench.evaluate("document.querySelector('[data-go=q]').click()")
    expect(bench.get_by_label("As spoken, from 0:00")).to_have_value(SPOKEN)
    bench.unroute("**/draft")
    saved(bench)
    assert asked == ["beforeunload"]
    assert written(session, voicemail)[0].spoken == SPOKEN


def test_an_answer_that_was_lost_is_no_second_version(
    bench: Page, session: Session, voicemail: Report
) -> None:
    """The text was saved and its answer cut off: sent again, it is the same version, and typing went on."""
    lost: list[str] = []

    def cut(route: Any) -> None:
        if not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    bench.route("**/draft", cut)
    area = bench.get_by_label("As spoken, from 0:00")
    area.fill("က")
    expect(bench.locator("[data-saved]")).to_have_text("Kept here, not yet sent")
    area.fill("ကခ")
    expect(bench.locator("[data-saved]")).to_contain_text("version 2", timeout=12000)
    assert lost and written(session, voicemail)[0].spoken == "ကခ"


def test_who_was_signed_out_signs_in_beside_it_and_goes_on(
    bench: Page, served: str, thiri: User, session: Session, voicemail: Report
) -> None:
    bench.context.clear_cookies()
    bench.get_by_label("As spoken, from 0:00").fill(SPOKEN)
    expect(bench.locator("[data-saved]")).to_have_text("Kept here: sign in again in another window")
    beside = bench.context.new_page()
    sign_in(beside, served, thiri)
    beside.close()
    expect(bench.locator("[data-saved]")).to_contain_text("Saved", timeout=12000)
    assert written(session, voicemail)[0].spoken == SPOKEN


def test_of_two_versions_none_is_lost_and_one_chooses(
    bench: Page, session: Session, voicemail: Report, thiri: User
) -> None:
    for version, (choice, kept) in enumerate(
        (
            ("Keep what is here", ["here 0"]),
            ("Keep the other", ["other 1"]),
            ("Keep both lines", ["here 2", "other 2"]),
        )
    ):
        save_draft(
            session, voicemail.id, thiri, [Segment(0.0, f"other {version}", "")], version * 2, utcnow(), LASTS
        )
        session.commit()
        bench.get_by_label("As spoken, from 0:00", exact=True).fill(f"here {version}")
        expect(bench.locator("[data-saved]")).to_have_text("Two versions")
        other = bench.get_by_label("As spoken, from 0:00, other version")
        expect(other).to_have_value(f"other {version}")
        if version == 0:
            picture(bench, "workbench-conflict")
            assert faults(bench) == []
        bench.get_by_role("button", name=choice).click()
        saved(bench)
        expect(other).to_be_hidden()
        assert [line.spoken for line in written(session, voicemail)] == kept


def test_after_a_lapse_one_takes_it_again_or_sees_that_another_has_it(
    bench: Page, session: Session, voicemail: Report, thiri: User
) -> None:
    session.execute(sa.text("UPDATE claims SET ends_at = now() - interval '1 minute'"))
    session.commit()
    bench.get_by_label("As spoken, from 0:00").fill(SPOKEN)
    expect(bench.get_by_text("You do not hold this any more.")).to_be_visible()
    bench.get_by_role("button", name="Take it again").click()
    saved(bench)
    assert written(session, voicemail)[0].spoken == SPOKEN
    htet = make_member(session, name="Htet Aung")
    session.execute(sa.text("UPDATE claims SET ends_at = now() - interval '1 minute'"))
    claim_report(session, voicemail.id, htet, utcnow(), LASTS)
    session.commit()
    bench.get_by_label("Meaning, from 0:00").fill("too late")
    expect(bench.get_by_text("You do not hold this any more.")).to_be_visible()
    bench.get_by_role("button", name="Take it again").click()
    expect(bench.locator("[data-saved]")).to_have_text("Kept here: somebody else has it now")
    expect(bench.get_by_label("Meaning, from 0:00")).to_have_value("too late")


def test_handing_in_leads_to_the_next(bench: Page, session: Session, voicemail: Report) -> None:
    following = make_text(session, "လစာ မရသေးပါဘူး။")
    bench.get_by_label("As spoken, from 0:00").fill(SPOKEN)
    bench.get_by_label("About").select_option("documents")
    bench.keyboard.press("Control+Enter")
    bench.wait_for_url(f"**/reports/{following.id}")
    expect(bench.get_by_text("Handed in: case")).to_be_visible()
    expect(bench.get_by_label("As spoken, from 0:00")).to_have_value("လစာ မရသေးပါဘူး။")
    session.refresh(voicemail)
    assert (voicemail.state, voicemail.case_id is not None) == ("done", True)
    assert written(session, voicemail)[0].spoken == SPOKEN


def test_a_caseworker_hears_again_what_was_handed_in(
    watched: Page, served: str, session: Session, settings: Settings
) -> None:
    report = make_voicemail(session, settings, state="done")
    sign_in(watched, served, make_member(session, "caseworker", ("en",)))
    watched.goto(f"{served}/reports/{report.id}")
    watched.get_by_role("button", name="Play", exact=True).click()
    expect(watched.locator("[data-clock]")).not_to_have_text("0:00")
    watched.get_by_role("button", name="Pause", exact=True).click()
    watched.goto("about:blank")


def test_giving_back_keeps_what_was_typed_a_moment_ago(
    bench: Page, session: Session, voicemail: Report
) -> None:
    bench.get_by_label("As spoken, from 0:00").fill(SPOKEN)
    bench.get_by_role("button", name="Give back").click()
    bench.wait_for_url("**/queue")
    assert written(session, voicemail)[0].spoken == SPOKEN
