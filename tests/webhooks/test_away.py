"""The database gone or frozen: a caller hears the menus, speaks, and is taken in once it is back."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from hotline import create_app, db, writer
from hotline.embedded import postgres
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Call, Message, Recording, Report, Step
from hotline.settings import Settings
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CALLER, LINE, CallFrom, Document, Say
from tests.journeys.running import wait_until
from tests.patience import IN_EARNEST

BURMESE, MESSAGE = "1", "1"


@contextmanager
def frozen(server: postgres.Server) -> Iterator[None]:
    """Every process of the server stopped: it takes connections and never answers; callers wait as they do in earnest."""
    unhurried = writer.PATIENCE, db.CONNECT
    writer.PATIENCE, db.CONNECT = IN_EARNEST
    pids = [server.process.pid, *_children(server.process.pid)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        writer.PATIENCE, db.CONNECT = unhurried
        for pid in pids:
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


@pytest.fixture
def spool(settings: Settings) -> Iterator[Path]:
    folder = settings.data / "spool"
    yield folder
    for left in folder.glob("*"):
        left.unlink()


def _told(app: Flask) -> bool:
    return not app.extensions[KEY].spool.waiting()


def test_a_whole_call_and_a_text_are_kept_while_the_database_is_frozen_and_taken_in_after(
    app: Flask,
    say: Say,
    call: CallFrom,
    session: Session,
    database_server: postgres.Server,
    spool: Path,
) -> None:
    CallFrom(say, sid="CA0").start()  # the line is known
    with frozen(database_server):
        began = time.monotonic()
        document = call.start()
        assert time.monotonic() - began < 2.5, "no more than a second for the database, once for the lines"
        began = time.monotonic()
        microphone = call.press(call.press(document, BURMESE), MESSAGE)
        goodbye = call.record(microphone)
        say("/sms/incoming", MessageSid="SM1", From=CALLER, To=LINE, Body="They took my passport.")
        say("/voice/status", **call.fields | {"CallStatus": "completed"}, SequenceNumber="3")
        assert time.monotonic() - began < 4, "who comes after does not wait as long"
        assert goodbye.plays, "the number is said, digit by digit"
        kept = sorted(path.read_bytes() for path in spool.glob("*.kept"))
        assert len(kept) == 6
        assert not any(CALLER.encode() in sealed or b"passport" in sealed for sealed in kept)
        spoke = time.time()
    wait_until(lambda: _told(app), 15, "all that was kept is told again")
    assert list(spool.glob("*.refused")) == []
    assert session.scalars(sa.select(Step.node).where(Step.call_sid == "CA1").order_by(Step.number)).all() == [
        "main_menu", "message", "review",
    ]  # fmt: skip
    taken = session.scalars(sa.select(Report).where(Report.kind == "voice")).one()
    assert taken.recording_sid == "RE1" and taken.language == "my"
    assert taken.received_at.timestamp() < spoke, "the time is when they spoke"
    assert session.scalars(sa.select(Call.ended_at).where(Call.sid == "CA1")).one() is not None
    assert session.scalars(sa.select(Message.sid).where(Message.direction == "in")).all() == ["SM1"]
    assert keep_ledger(session).unknown == 0


def test_what_was_kept_before_a_restart_is_told_after_it(
    app: Flask,
    say: Say,
    call: CallFrom,
    session: Session,
    settings: Settings,
    database_server: postgres.Server,
    spool: Path,
) -> None:
    CallFrom(say, sid="CA0").start()
    app.extensions[KEY].spool.wake = lambda: None  # this process dies before it can tell
    with frozen(database_server):
        call.record(call.to_the_microphone(BURMESE, MESSAGE))
    after = create_app(settings)
    wait_until(lambda: _told(after), 15, "the next process tells it")
    assert session.scalars(sa.select(Recording.sid)).all() == ["RE1"]


def test_a_process_that_starts_without_the_database_knows_its_lines(
    say: Say, line: str, settings: Settings, database_server: postgres.Server, spool: Path
) -> None:
    CallFrom(say, sid="CA0").start()
    with frozen(database_server):
        begun = create_app(settings)
        board = begun.extensions[KEY]
        known = board.lines.find(line)
        assert known is not None and known.languages == ("my", "th", "ne", "en")


def test_on_a_full_disk_the_carrier_is_asked_to_tell_of_the_recording_again(
    app: Flask, say: Say, call: CallFrom, database_server: postgres.Server
) -> None:
    microphone = call.to_the_microphone(BURMESE, MESSAGE)
    app.extensions[KEY].spool._folder = Path("/dev/full/spool")  # no file can be made there
    fields = {**call.fields, "RecordingSid": "RE1", "RecordingStatus": "completed", "RecordingDuration": "9"}
    told = microphone.next("Record", "recordingStatusCallback")
    with frozen(database_server):
        heard = Document(
            say(microphone.next("Record"), **call.fields, RecordingSid="RE1", RecordingDuration="9")
        )
        assert heard.plays, "the caller hears the goodbye all the same"
        assert say(told, **fields).status_code == 503
    wait_until(lambda: say(told, **fields).status_code == 200, 5, "it is written once the database is back")
