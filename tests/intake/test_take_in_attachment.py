"""What comes with a text is taken in once, by its content, and forgotten at the carrier only then."""

import itertools
import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.carrier.profiles import load_profiles
from hotline.db import utcnow
from hotline.intake import take_in_attachment as taking
from hotline.intake.models import Attachment, Recording, Report
from hotline.intake.take_in_recording import place_of as place_of_recording
from hotline.media.file_store import FileStore
from hotline.outbox import LeaseLost, OutboxRow, take_due
from hotline.settings import Settings
from hotline.transcription.claim_report import claim_report
from hotline.transcription.list_reports import list_reports
from tests.carrier_says import CALLER, Say
from tests.carriers import RunningCarrier
from tests.made_media import HTML, PDF, bomb, picture, sound
from tests.signing_in import make_member
from workers.kinds import KINDS
from workers.tools import Tools
from workers.work_due import keep_due

LEASE = timedelta(seconds=30)
NUMBERS = itertools.count(1)
Send = Callable[..., str]


@pytest.fixture
def tools(settings: Settings, carrier: RunningCarrier, tmp_path: Path) -> Tools:
    """The media lie on another host, as at Twilio; this one is named."""
    given = {"twilio_api_url": carrier.url, "media_url": f"file:{tmp_path}", "media_hosts": ("localhost",)}
    return Tools(settings.model_copy(update=given))


@pytest.fixture
def send(say: Say, line: str, carrier: RunningCarrier) -> Send:
    """A text with files, as its webhook tells of it; the answer is its id."""

    def sent(*files: tuple[str, bytes], body: str = "", sender: str = CALLER) -> str:
        sid = f"MM{next(NUMBERS)}"
        held = [(f"ME{sid}x{at}", type, data) for at, (type, data) in enumerate(files)]
        carrier.texted(sid, sender, line, body, *held)
        told = {}
        for at, (one, type, _) in enumerate(held):
            told |= {f"MediaUrl{at}": f"http://evil.test/a/{one}", f"MediaContentType{at}": type}
        more = {"NumMedia": str(len(files))}
        assert (
            say("/sms/incoming", MessageSid=sid, From=sender, To=line, Body=body, **more, **told).status_code
            == 200
        )
        return sid

    return sent


def _attachments(session: Session) -> list[Attachment]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(Attachment).order_by(Attachment.message_id, Attachment.number)))


def _reports(session: Session) -> list[Report]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(Report).order_by(Report.received_at, Report.id)))


def _due_now(session: Session) -> None:
    session.rollback()
    due = utcnow() - timedelta(seconds=1)
    session.execute(sa.update(OutboxRow).where(OutboxRow.state == "due").values(due_at=due, lease_until=None))
    session.commit()


def _only_media(session: Session) -> None:
    """Our own texts are another test's."""
    session.rollback()
    session.execute(sa.delete(OutboxRow).where(OutboxRow.kind == "send_text"))
    session.commit()


def test_a_picture_is_stored_sealed_shown_as_a_copy_and_gone_at_the_carrier(
    tools: Tools, carrier: RunningCarrier, send: Send, session: Session, tmp_path: Path
) -> None:
    original = picture(artist="Daw Khin", place=True)
    send(("image/jpeg", original), body="my payslip")
    (report,) = _reports(session)
    assert (report.kind, report.state) == ("text", "waiting"), "its words wait for nothing"
    keep_due(tools)
    keep_due(tools)
    (one,) = _attachments(session)
    assert (one.state, one.kind, one.format, one.holds_place) == ("stored", "picture", "JPEG", True)
    assert one.at_carrier == "deleted" and carrier.exchange.media == {}
    store = FileStore(f"file:{tmp_path}")
    assert len(store.names()) == 2 and one.original and one.shown
    for name in store.names():
        assert b"Exif" not in store.get(name) and b"JFIF" not in store.get(name)
    assert one.contact.open(store.get(one.original), taking.place_of(one.id, "original")) == original
    copy = one.contact.open(store.get(one.shown), taking.place_of(one.id, "shown"))
    assert copy.startswith(b"\xff\xd8") and b"Daw Khin" not in copy and b"Exif" not in copy


@pytest.mark.parametrize("kind", ["amr", "3gp", "webm"])
def test_a_voice_note_is_a_report_by_voice(
    tools: Tools, carrier: RunningCarrier, send: Send, session: Session, kind: str
) -> None:
    sid = send(("image/jpeg", sound(kind)))  # whatever the carrier takes it for
    (report,) = _reports(session)
    assert (report.kind, report.state) == ("text", "arriving")
    keep_due(tools)
    (report,) = _reports(session)
    assert (report.kind, report.state, report.call_sid, report.called) == (
        "voice",
        "waiting",
        None,
        "Voice note",
    )
    recording = report.recording
    assert recording and recording.verdict == "speech" and recording.playback and recording.peaks
    assert json.loads(report.contact.open(recording.peaks, place_of_recording(recording.sid, "peaks")))
    assert recording.at_carrier == "deleted" and carrier.exchange.media == {}
    (listed,) = list_reports(session, utcnow())
    assert (listed["kind"], listed["message_sid"], "call_sid" in listed) == ("voice", sid, False)
    assert abs(listed["seconds"] - 4) < 0.5


def test_words_a_picture_and_two_voice_notes_lose_nothing(tools: Tools, send: Send, session: Session) -> None:
    files = [("image/png", picture("PNG")), ("audio/amr", sound("amr")), ("audio/ogg", sound("ogg"))]
    sid = send(*files, body="listen to this")
    keep_due(tools)
    first, second = sorted(_reports(session), key=lambda one: one.message_id is None)
    assert (first.kind, second.kind, first.state, second.state) == ("voice", "voice", "waiting", "waiting")
    assert first.message_id is not None and second.message_id is None
    assert first.came_with and second.came_with and first.came_with.id == second.came_with.id
    assert first.recording_sid != second.recording_sid and first.reference != second.reference
    assert {one["message_sid"] for one in list_reports(session, utcnow())} == {sid}


def test_a_voice_note_that_comes_after_somebody_began_is_a_report_of_its_own(
    tools: Tools, send: Send, session: Session
) -> None:
    send(("audio/amr", sound("amr")), body="words first")
    (report,) = _reports(session)
    claim_report(session, report.id, make_member(session, "supervisor"), utcnow(), timedelta(minutes=30))
    session.commit()
    keep_due(tools)
    kinds = sorted(one.kind for one in _reports(session))
    assert kinds == ["text", "voice"]


def test_a_picture_that_comes_after_its_words_were_done_waits_again(
    tools: Tools, send: Send, session: Session
) -> None:
    send(("image/jpeg", picture()), body="words first")
    session.execute(sa.update(Report).values(state="done", done_at=utcnow()))
    session.commit()
    keep_due(tools)
    (report,) = _reports(session)
    assert (report.state, report.done_at) == ("waiting", None)


@pytest.mark.parametrize(
    ("body", "format", "left"),
    [(HTML, "unknown", "kept"), (PDF, "PDF", "deleted"), (bomb(), "PNG that cannot be read", "kept")],
)
def test_anything_else_is_kept_shut_and_queues(
    tools: Tools, send: Send, session: Session, body: bytes, format: str, left: str
) -> None:
    send(("image/jpeg", body))
    keep_due(tools)
    (one,) = _attachments(session)
    assert (one.state, one.kind, one.format, one.at_carrier) == ("stored", "file", format, left)
    assert one.original and one.shown is None
    assert [report.state for report in _reports(session)] == ["waiting"]


@pytest.mark.parametrize(
    "faults", [{"media_missing_s": 999.0}, {"media_status": 429}, {"media_status": 500}, {"media_cut": True}, {"media_slow": True}]
)  # fmt: skip
def test_what_is_not_there_is_asked_for_again_and_in_the_end_is_work_for_a_person(
    tools: Tools, carrier: RunningCarrier, send: Send, session: Session, faults: dict[str, object]
) -> None:
    carrier.faults.set(faults)
    send(("image/jpeg", picture(size=(3000, 2000))))
    _only_media(session)
    for attempt in (1, 2):
        began = time.monotonic()
        assert keep_due(tools) == 1
        assert time.monotonic() - began < 15
        row = session.scalars(sa.select(OutboxRow)).one()
        assert (row.state, row.attempts) == ("due", attempt)
        _due_now(session)
        session.expire_all()
        if "media_slow" in faults:
            break  # each try takes its seconds
    assert [one.state for one in _reports(session)] == ["arriving"]
    session.execute(sa.update(OutboxRow).values(made_at=utcnow() - timedelta(hours=49)))
    session.commit()
    keep_due(tools)
    (one,) = _attachments(session)
    assert (one.state, one.announced_as, one.at_carrier) == ("not_received", "image/jpeg", "kept")
    assert [report.state for report in _reports(session)] == ["not_received"]
    assert carrier.exchange.media, "the carrier's copy stays"


def test_a_host_that_is_not_named_is_not_asked(
    tools: Tools, send: Send, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    tools = Tools(tools.settings.model_copy(update={"media_hosts": ()}))
    send(("image/jpeg", picture()))
    _only_media(session)
    keep_due(tools)
    assert session.scalars(sa.select(OutboxRow.last_error)).one() == "LedElsewhere"
    assert "localhost" in caplog.text


def test_what_a_carrier_cannot_delete_is_written_down(tools: Tools, send: Send, session: Session) -> None:
    keeps = replace(load_profiles()["other"], deletes_media=False, media_hosts=("localhost",))
    tools.carrier._account.profile = keeps
    send(("audio/amr", sound("amr")))
    keep_due(tools)
    (one,) = _attachments(session)
    assert one.at_carrier == "kept"
    assert session.scalars(sa.select(Recording.at_carrier)).one() == "kept"


def test_an_overtaken_worker_writes_nothing_and_spoils_nothing(
    tools: Tools, send: Send, session: Session
) -> None:
    send(("image/jpeg", picture()))
    _only_media(session)
    with tools.sessions.begin() as own:
        orphan = take_due(own, utcnow(), LEASE)
    _due_now(session)
    with tools.sessions.begin() as own:
        heir = take_due(own, utcnow(), LEASE)
    assert orphan and heir
    KINDS[heir.kind](tools, heir)
    before = _attachments(session)[0].stored_at
    with pytest.raises(LeaseLost):
        KINDS[orphan.kind](tools, orphan)
    assert _attachments(session)[0].stored_at == before is not None


KILLED_AT = (
    "hotline.carrier.client.Carrier.fetch_media",
    "hotline.media.file_store.FileStore.put",
    "hotline.intake.take_in_attachment.examine",
    "hotline.intake.take_in_attachment._mark_stored",
    "hotline.intake.take_in_attachment.keep",
    "hotline.carrier.client.Carrier.delete_media",
    "hotline.intake.delete_attachment.keep",
)


def _die_at(settings: Settings, place: str) -> None:
    """Work in a process of its own, and be killed right after this step."""
    from hotline.vault.keys import unlock

    owner_name, _, name = place.rpartition(".")
    module, _, kind = owner_name.rpartition(".")
    owner = __import__(module, fromlist=["_"])
    owner = getattr(owner, kind) if kind[0].isupper() else __import__(owner_name, fromlist=["_"])
    step = getattr(owner, name)

    def last_step(*args: object, **more: object) -> None:
        step(*args, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, last_step)
    unlock(settings)
    keep_due(Tools(settings))


@pytest.mark.parametrize("place", KILLED_AT, ids=[place.rpartition(".")[2] + str(n) for n, place in enumerate(KILLED_AT)])  # fmt: skip
def test_a_worker_killed_at_any_point_leaves_one_of_everything(
    tools: Tools, carrier: RunningCarrier, send: Send, session: Session, tmp_path: Path, place: str
) -> None:
    send(("audio/amr", sound("amr")))
    _only_media(session)
    killed = get_context("fork").Process(target=_die_at, args=(tools.settings, place))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    _due_now(session)
    keep_due(tools)
    assert [one.state for one in _reports(session)] == ["waiting"]
    assert session.scalar(sa.select(sa.func.count()).select_from(Recording)) == 1
    assert _attachments(session)[0].at_carrier == "deleted" and carrier.exchange.media == {}
    assert len(FileStore(f"file:{tmp_path}").names()) == 2, "one original, one playback copy"
