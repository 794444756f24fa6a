"""A voice note by text is heard and written down, a picture is seen without its place: all on real parts."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Attachment, Line, Report
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from hotline.transcription.list_reports import list_reports
from tests.journeys.desk import Desk
from tests.journeys.running import Running, run_hotline, wait_until
from tests.made_media import GPS, picture, sound
from tests.signing_in import make_member

LINE, CALLER, OTHER = "+6620000142", "+66812345678", "+66812345679"


@pytest.fixture
def running(settings: Settings, session: Session, data: Path) -> Iterator[Running]:
    languages = ["my", "th", "ne", "en"]
    session.add(Line(number=LINE, name="Main", tree="main", languages=languages, added_at=utcnow()))
    session.commit()
    given = settings.model_copy(update={"media_hosts": ("localhost",), "reconcile_seconds": 2})
    with run_hotline(given, data) as hotline:
        yield hotline
        assert hotline.server_errors() == []


def _desk(running: Running, session: Session) -> Desk:
    return Desk(running.environment["PUBLIC_URL"], make_member(session, "supervisor", ("my",), "Malee").email)


def _reports(session: Session) -> list[Report]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(Report).order_by(Report.received_at)))


def _waiting(session: Session, count: int) -> bool:
    found = _reports(session)
    return len(found) == count and all(one.state == "waiting" for one in found)


def test_a_voice_note_is_heard_and_written_down_and_a_picture_seen_without_its_place(
    running: Running, session: Session
) -> None:
    phone, desk = Phone(running.phone_url), _desk(running, session)
    note = phone.text(from_=CALLER, to=LINE, files=[("audio/amr", sound("amr"))])
    photograph = picture(size=(1600, 1200), place=True, artist="Ma Thandar Soe")
    phone.text(from_=OTHER, to=LINE, body="ငါ့လစာ", files=[("image/jpeg", photograph)])
    wait_until(lambda: _waiting(session, 2), 30, "both wait for somebody")
    wait_until(lambda: not phone.held_media(), 20, "the carrier has forgotten them")
    voice, text = _reports(session)
    listed = {one["report"]: one for one in list_reports(session, utcnow())}
    assert (listed[voice.reference]["kind"], listed[voice.reference]["message_sid"]) == ("voice", note)
    assert "Voice note, 0:04" in desk.get("/queue").text and "Text, 1 picture" in desk.get("/queue").text

    page = f"/reports/{voice.id}"
    desk.post(page, f"{page}/claim")
    part = desk.get(f"{page}/audio", Range="bytes=0-999")
    assert part.status_code == 206 and len(part.content) == 1000
    assert (
        desk.get(f"{page}/audio").headers["Content-Type"] == "audio/mpeg"
        and "data-peaks" in desk.get(page).text
    )
    desk.save(page, "လစာမရဘူး")
    handed = desk.post(page, f"{page}/hand-in", urgency="standard", category="wages", case="new")
    assert "Handed in: case" in handed.text

    page = f"/reports/{text.id}"
    if "Give back" not in desk.get(page).text:  # handing in takes the next one
        desk.post(page, f"{page}/claim")
    (one,) = session.scalars(sa.select(Attachment).where(Attachment.kind == "picture"))
    assert one.holds_place and "the original holds a place" in desk.get(page).text
    shown = desk.get(f"{page}/pictures/{one.id}")
    image = Image.open(io.BytesIO(shown.content))
    assert (image.format, image.size) == ("JPEG", (1600, 1200)) and not image.getexif()
    assert b"Ma Thandar Soe" not in shown.content
    original = desk.post(page, f"{page}/attachments/{one.id}/original", reason="the court asks for it")
    assert original.content == photograph and Image.open(io.BytesIO(original.content)).getexif().get_ifd(GPS)


def test_what_a_lost_webhook_told_of_is_taken_in_from_the_carriers_list(
    running: Running, session: Session
) -> None:
    phone = Phone(running.phone_url)
    phone.misbehave(unreachable=True)
    phone.text(from_=CALLER, to=LINE, files=[("video/3gpp", sound("3gp")), ("image/png", picture("PNG"))])
    assert _reports(session) == []
    phone.misbehave(unreachable=False)
    wait_until(lambda: _waiting(session, 1) and not phone.held_media(), 40, "it is here, and only here")
    assert sorted(session.scalars(sa.select(Attachment.kind))) == ["picture", "voice"]


def test_a_carrier_that_misbehaves_loses_nothing(running: Running, session: Session) -> None:
    phone = Phone(running.phone_url)
    phone.misbehave(twice=True, media_missing_s=2.5)
    for number in range(3):
        phone.text(from_=f"+6681234560{number}", to=LINE, files=[("image/jpeg", picture())])
    wait_until(lambda: _waiting(session, 3) and not phone.held_media(), 40, "all are here once")
    assert session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 3
