"""Planted numbers, names and sentences, through every way in, are found nowhere in the open."""

import base64
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.casework.models import Case
from hotline.db import Base
from hotline.embedded import valkey
from hotline.intake.models import Attachment, Report
from hotline.media.open_store import open_store
from hotline.settings import Settings
from tests.carrier_says import CallFrom, Say
from tests.carriers import RunningCarrier
from tests.made_media import XMP, picture
from tests.signing_in import make_member, sign_in, token_of
from workers.tools import Tools
from workers.work_due import keep_due

NUMBER, OTHER = "+66899123477", "+66899123488"
NAME, SENTENCE = "Daw Khin Hnin Yee", "They keep my passport in the red house"
THAI, TRANSCRIPT = "นายจ้างยึดหนังสือเดินทาง", "ချုပ်ထားတယ် planted transcript"
NOTE, REASON, DRAFT = "Her brother Aung Min Htut knows", "court order 4711/69", "an unfinished planted draft"
ARTIST, WHERE, WHY = "photographed by Ma Thandar Soe", "13,45.3799N", "the court asks for it"
PLANTED = (NUMBER, OTHER, NAME, SENTENCE, THAI, TRANSCRIPT, NOTE, REASON, DRAFT, ARTIST, WHERE, WHY)
# Where a value may stand, and why.
ALLOWED = {("lines", "number"): "our own number", ("calls", "dialled"): "our own number"}


def _guises(planted: str) -> Iterator[bytes]:
    """As it is, as digits alone, and as programs write it: in addresses, JSON, base64, hex, UTF-16."""
    raw = planted.encode()
    yield from (raw, quote(planted).encode(), raw.hex().encode(), planted.encode("utf-16-le"))
    yield planted.encode("unicode_escape")
    if planted.startswith("+"):
        yield planted[3:].encode()
    for shift in range(3):  # base64 of a longer text that holds it: three ways to fall on its groups
        inner = base64.b64encode(b"\0" * shift + raw)
        yield inner[4:-4] if shift else inner[:-4]


@pytest.fixture
def lived(
    app: Flask, say: Say, call: CallFrom, carrier: RunningCarrier, session: Session, settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> str:  # fmt: skip
    """Everything that people do, with planted words; the answer is what pages say that refuse."""
    photograph = picture(artist=ARTIST, place=True, xmp=XMP)  # before logs are kept: making it is not ours
    assert ARTIST.encode() in photograph and WHERE.encode() in photograph
    caplog.set_level(logging.DEBUG)
    app.extensions["hotline.settings"] = settings.model_copy(update={"env": "demo"})
    planted = CallFrom(say, sid="CA7", caller=NUMBER)
    carrier.hold("RE7", bytes(range(256)) * 1000, "CA7")
    planted.fields |= {"CallerName": NAME, "FromCity": SENTENCE}
    planted.record(planted.to_the_microphone("1", "2"), sid="RE7", seconds="16")
    say("/voice/status", **planted.fields | {"CallStatus": "completed"})
    carrier.texted("SM7", OTHER, call.fields["To"], "", ("ME7", "image/jpeg", photograph))
    with_it = {
        "NumMedia": "1",
        "MediaUrl0": f"http://x.test/{quote(NAME)}/ME7",
        "MediaContentType0": SENTENCE,
    }
    words = f"{SENTENCE}. {THAI} {NAME}"
    say("/sms/incoming", MessageSid="SM7", From=OTHER, To=call.fields["To"], Body=words, **with_it)
    say("/voice/step?nonsense=" + quote(SENTENCE), **planted.fields)
    reach = {"twilio_api_url": carrier.url, "media_hosts": ("localhost",)}
    keep_due(Tools(settings.model_copy(update=reach)))
    member = make_member(session, "supervisor", ("my", "th"), "Somchai")
    desk = sign_in(app.test_client(), member.email)
    voice, text = (
        session.scalars(sa.select(Report).where(Report.kind == kind)).one() for kind in ("voice", "text")
    )
    for report in (voice, text):
        _work(desk, report, DRAFT, TRANSCRIPT)
    session.expire_all()
    case = session.scalars(sa.select(Case)).first()
    assert case is not None, "a case was opened through the pages"
    _post(desk, f"/cases/{case.code}", f"/cases/{case.code}/notes", words=NOTE)
    _post(desk, f"/cases/{case.code}", f"/cases/{case.code}/number", reason=REASON)
    taken = session.scalars(sa.select(Attachment)).one()
    assert taken.holds_place and taken.original and taken.shown, "there is something to be found"
    shown = desk.get(f"/reports/{text.id}/pictures/{taken.id}").data
    assert shown[:2] == b"\xff\xd8" and ARTIST.encode() not in shown and WHERE.encode() not in shown
    _post(desk, f"/reports/{text.id}", f"/reports/{text.id}/attachments/{taken.id}/original", reason=WHY)
    broken = ""
    for path in (f"/cases/{quote(SENTENCE)}", f"/reports/{quote(NUMBER)}", f"/{quote(NAME)}"):
        broken += desk.get(path).text
    return broken


def _work(desk: FlaskClient, report: Report, draft: str, words: str) -> None:
    """Claim, save a draft twice, hand in: as the workbench does."""
    page, address = f"/reports/{report.id}", f"/reports/{report.id}"
    _post(desk, page, f"{address}/claim")
    for version, written in enumerate((draft, words)):
        segments = [{"at": 0, "spoken": written, "meaning": f"{written} {draft}"}]
        headers = {"X-CSRFToken": token_of(desk.get(page).text)}
        saved = desk.post(
            f"{address}/draft", json={"version": version, "segments": segments}, headers=headers
        )
        assert saved.status_code == 200, saved.text
    _post(desk, page, f"{address}/hand-in", urgency="danger", category="documents", case="new")


def _post(desk: FlaskClient, page: str, address: str, **fields: str) -> None:
    answer = desk.post(address, data=fields | {"csrf_token": token_of(desk.get(page).text)})
    assert answer.status_code < 400, (address, answer.status_code)


def _places(
    session: Session, settings: Settings, server: valkey.Server, caplog: pytest.LogCaptureFixture, errors: str
) -> Iterator[tuple[str, bytes]]:
    """(where, what stands there), of everything that is written down."""
    for table in Base.metadata.tables.values():
        columns = [
            sa.type_coerce(c, sa.LargeBinary).label(c.name) if "Sealed" in type(c.type).__name__ else c
            for c in table.columns
        ]
        for row in session.execute(sa.select(*columns)).mappings():
            for name, value in row.items():
                if (table.name, name) not in ALLOWED:
                    yield f"{table.name}.{name}", value if isinstance(value, bytes) else str(value).encode()
    client = redis.Redis.from_url(server.url)
    for key in client.scan_iter():
        yield "Redis", key + bytes(client.dump(key) or b"")
    for path in Path(settings.data).rglob("*"):
        if path.is_file() and "postgres" not in path.parts and "prompts" not in path.parts:
            yield f"the file {path.name}", path.read_bytes() + path.name.encode()
    for name in open_store(settings).names():
        yield "the store of audio", open_store(settings).get(name)
    for entry in caplog.get_records("setup"):  # where all of it happened
        yield f"the log {entry.name}", (logging.Formatter().format(entry) + repr(vars(entry))).encode()
    yield "error pages", errors.encode()


def test_what_people_said_stands_nowhere_in_the_open(
    lived: str, session: Session, settings: Settings, redis_server: valkey.Server, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    session.rollback()
    found = [
        f"{planted!r} in {where}"
        for where, stands in _places(session, settings, redis_server, caplog, lived)
        for planted in PLANTED
        if any(guise in stands for guise in _guises(planted))
    ]
    assert found == []


def test_the_search_would_find_them() -> None:
    for planted in PLANTED:
        for guise in (planted, quote(planted), base64.b64encode(b"ab" + planted.encode() + b"c").decode()):
            assert any(looked in guise.encode() for looked in _guises(planted)), (planted, guise)
