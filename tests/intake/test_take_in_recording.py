"""A recording is taken in once, whoever dies on the way, and forgotten at the carrier only then."""

import math
import os
import signal
from array import array
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.announce_recording import Announcement, announce_recording
from hotline.intake.models import Recording, Report
from hotline.intake.start_call import NewCall, start_call
from hotline.intake.take_in_recording import place_of
from hotline.media.file_store import FileStore
from hotline.outbox import LeaseLost, OutboxRow, take_due
from hotline.settings import Settings
from hotline.writer import Writer
from tests.buckets import BUCKET
from tests.carriers import RunningCarrier
from workers.kinds import KINDS
from workers.tools import Tools
from workers.work_due import keep_due

LEASE = timedelta(seconds=30)
VOICE = array("h", (int(9000 * math.sin(at / 4)) for at in range(8000 * 3))).tobytes()


@pytest.fixture
def tools(settings: Settings, carrier: RunningCarrier, tmp_path: Path) -> Tools:
    return Tools(settings.model_copy(update={"twilio_api_url": carrier.url, "media_url": f"file:{tmp_path}"}))


@pytest.fixture
def announce(settings: Settings) -> Callable[..., None]:
    """A call that left a voicemail, as the webhooks write it down."""
    writer = Writer(settings)

    def say(sid: str = "RE1", seconds: int | None = 3, urgency: str = "standard") -> None:
        call = NewCall(f"CA-{sid}", None, "+66200", "+66812345678", "main", utcnow(), b"", False)
        told = Announcement(sid, f"CA-{sid}", utcnow(), seconds, "my", True, urgency, "7712043", None)  # type: ignore[arg-type]
        writer.write(lambda connection: start_call(connection, call))
        writer.write(lambda connection: announce_recording(connection, told))

    return say


def _recording(session: Session, sid: str = "RE1") -> Recording:
    session.rollback()
    session.expire_all()
    return session.get_one(Recording, sid)


def _state(session: Session) -> str:
    session.rollback()
    return session.scalars(sa.select(Report.state)).one()


def _due_now(session: Session) -> None:
    session.execute(sa.update(OutboxRow).values(due_at=utcnow() - timedelta(seconds=1), lease_until=None))
    session.commit()


def test_it_is_stored_sealed_playable_and_gone_at_the_carrier(
    tools: Tools, carrier: RunningCarrier, announce: Callable[..., None], session: Session, tmp_path: Path
) -> None:
    carrier.hold("RE1", VOICE)
    held = carrier.exchange.recordings["RE1"].wav
    announce()
    assert keep_due(tools) == 2  # taken in, then deleted there
    recording = _recording(session)
    assert (recording.verdict, recording.at_carrier, _state(session)) == ("speech", "deleted", "waiting")
    assert carrier.exchange.recordings == {}
    store = FileStore(f"file:{tmp_path}")
    assert len(store.names()) == 2
    for path in tmp_path.rglob("*-*"):
        assert b"RIFF" not in path.read_bytes() and VOICE[:64] not in path.read_bytes()
    assert recording.original and recording.playback
    assert recording.contact.open(store.get(recording.original), place_of("RE1", "original")) == held


@pytest.mark.parametrize(
    "faults", [{"media_missing_s": 999.0}, {"media_status": 429}, {"media_status": 500}, {"media_cut": True}]
)
def test_what_is_not_there_is_asked_for_again_and_in_the_end_shown_as_not_received(
    tools: Tools,
    carrier: RunningCarrier,
    announce: Callable[..., None],
    session: Session,
    faults: dict[str, object],
) -> None:
    carrier.hold("RE1", VOICE)
    carrier.faults.set(faults)
    announce()
    for attempt in range(1, 4):
        assert keep_due(tools) == 1
        session.rollback()
        session.expire_all()
        row = session.scalars(sa.select(OutboxRow)).one()
        assert (row.state, row.attempts) == ("due", attempt)
        _due_now(session)
    assert _state(session) == "arriving"
    session.execute(sa.update(OutboxRow).values(made_at=utcnow() - timedelta(hours=49)))
    session.commit()
    keep_due(tools)
    assert _state(session) == "not_received"
    carrier.faults.set({"media_missing_s": 0.0, "media_status": 0, "media_cut": False})
    assert "RE1" in carrier.exchange.recordings, "the carrier's copy stays"


@pytest.mark.parametrize(("wav", "verdict"), [(b"\0\0" * 8000, "no_speech"), (b"", "unplayable")])
def test_any_bytes_are_stored_and_queued_and_stay_at_the_carrier(
    tools: Tools,
    carrier: RunningCarrier,
    announce: Callable[..., None],
    session: Session,
    wav: bytes,
    verdict: str,
) -> None:
    carrier.hold("RE1", wav)
    if not wav:
        carrier.exchange.recordings["RE1"].wav = b"not a sound at all"
    announce(seconds=1)
    keep_due(tools)
    recording = _recording(session)
    assert (recording.verdict, recording.at_carrier, _state(session)) == (verdict, "kept", "waiting")
    assert "RE1" in carrier.exchange.recordings


def test_less_than_the_carrier_said_is_kept_on_both_sides(
    tools: Tools, carrier: RunningCarrier, announce: Callable[..., None], session: Session
) -> None:
    carrier.hold("RE1", VOICE)
    announce(seconds=60)
    keep_due(tools)
    assert _recording(session).at_carrier == "kept" and "RE1" in carrier.exchange.recordings


def test_danger_is_taken_in_first(
    tools: Tools, carrier: RunningCarrier, announce: Callable[..., None], session: Session
) -> None:
    for sid, urgency in (("RE1", "standard"), ("RE2", "danger")):
        carrier.hold(sid, VOICE)
        announce(sid, urgency=urgency)
    with tools.sessions.begin() as own:
        held = take_due(own, utcnow(), LEASE)
    assert held and held.payload == {"recording_sid": "RE2"}


def test_an_overtaken_worker_writes_nothing_and_spoils_nothing(
    tools: Tools, carrier: RunningCarrier, announce: Callable[..., None], session: Session, tmp_path: Path
) -> None:
    carrier.hold("RE1", VOICE)
    announce()
    with tools.sessions.begin() as own:
        orphan = take_due(own, utcnow(), LEASE)
    assert orphan
    _due_now(session)
    with tools.sessions.begin() as own:
        heir = take_due(own, utcnow(), LEASE)
    assert heir
    KINDS[heir.kind](tools, heir)
    before = _recording(session).stored_at
    with pytest.raises(LeaseLost):
        KINDS[orphan.kind](tools, replace(orphan))
    recording = _recording(session)
    assert recording.stored_at == before and recording.playback
    store = FileStore(f"file:{tmp_path}")
    assert recording.contact.open(store.get(recording.playback), place_of("RE1", "playback"))


KILLED_AT = (
    "hotline.carrier.client.Carrier.fetch_recording",
    "hotline.media.file_store.FileStore.put",
    "hotline.intake.take_in_recording.listen",
    "hotline.intake.take_in_recording._mark_ready",
    "hotline.intake.take_in_recording.keep",
    "hotline.carrier.client.Carrier.delete_recording",
    "hotline.intake.delete_at_carrier.keep",
)


def _die_at(settings: Settings, place: str, after: bool) -> None:
    """Work in a process of its own, and be killed right before or right after this step."""
    from hotline.vault.keys import unlock

    module, _, name = place.rpartition(".")
    try:
        owner = __import__(module, fromlist=["_"])
    except ModuleNotFoundError:
        outer, _, kind = module.rpartition(".")
        owner = getattr(__import__(outer, fromlist=["_"]), kind)
    step = getattr(owner, name)

    def last_step(*args: object, **more: object) -> None:
        if after:
            step(*args, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, last_step)
    unlock(settings)
    keep_due(Tools(settings))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "place", KILLED_AT, ids=[place.rpartition(".")[2] + str(n) for n, place in enumerate(KILLED_AT)]
)
def test_a_worker_killed_at_any_point_leaves_one_of_everything(
    tools: Tools, carrier: RunningCarrier, announce: Callable[..., None], session: Session, tmp_path: Path, place: str, after: bool
) -> None:  # fmt: skip
    carrier.hold("RE1", VOICE)
    announce()
    killed = get_context("fork").Process(target=_die_at, args=(tools.settings, place, after))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    _due_now(session)
    keep_due(tools)
    assert _state(session) == "waiting"
    assert _recording(session).at_carrier == "deleted"
    assert carrier.exchange.recordings == {}
    assert len(FileStore(f"file:{tmp_path}").names()) == 2, "one original, one playback copy"


def test_a_bucket_keeps_it_as_well_as_a_folder(
    tools: Tools, carrier: RunningCarrier, announce: Callable[..., None], session: Session, s3_server: str
) -> None:
    given = {
        "media_url": f"s3://{BUCKET}/taken-in",
        "s3_endpoint_url": s3_server,
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
    }
    tools = Tools(tools.settings.model_copy(update=given))
    carrier.hold("RE1", VOICE)
    announce()
    keep_due(tools)
    recording = _recording(session)
    assert (recording.at_carrier, _state(session)) == ("deleted", "waiting")
    assert tools.media.names() == sorted(name for name in (recording.original, recording.playback) if name)


def test_a_bucket_that_is_away_loses_nothing(
    tools: Tools, carrier: RunningCarrier, announce: Callable[..., None], session: Session
) -> None:
    given = {"media_url": "s3://away/x", "s3_endpoint_url": "http://127.0.0.1:9"}
    tools = Tools(
        tools.settings.model_copy(update=given | {"aws_access_key_id": "a", "aws_secret_access_key": "b"})
    )
    carrier.hold("RE1", VOICE)
    announce()
    keep_due(tools)
    assert _state(session) == "arriving" and "RE1" in carrier.exchange.recordings
    assert session.scalars(sa.select(OutboxRow.last_error)).one() == "StoreAway"
