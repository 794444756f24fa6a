"""A backup restores to the same rows and files on an empty machine, or not at all."""

import io
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from hotline.backup.archive import BadArchive, Writer, read_frames
from hotline.backup.restore import CannotRestore, restore
from hotline.backup.write import write_backup
from hotline.casework.open_case import open_case
from hotline.db import Base, make_engine, make_sessions, utcnow
from hotline.embedded import postgres
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Attachment, Contact, Recording, Report
from hotline.intake.take_in_attachment import place_of as place_of_attachment
from hotline.intake.take_in_recording import place_of
from hotline.media.open_store import open_store
from hotline.retention.erase import erase_contact, erasures
from hotline.settings import Settings
from hotline.vault.keys import unlock
from hotline.vault.sealing import new_key
from hotline.vault.verify import verify
from tests.carrier_says import CALLER, CallFrom, Say
from tests.carriers import RunningCarrier
from tests.conftest import NUMBERS
from tests.made_media import picture, sound
from tests.signing_in import make_member
from workers.tools import Tools
from workers.work_due import keep_due

SPEECH = bytes(range(256)) * 1000
KEY = b"k" * 32
Empty = Callable[[], Settings]


@pytest.fixture
def lived(
    settings: Settings, tmp_path: Path, say: Say, call: CallFrom, carrier: RunningCarrier, session: Session
) -> Settings:
    """A hotline with a call, a stored voicemail, a text, a case and staff."""
    carrier.hold("RE1", SPEECH, call.sid)
    call.record(call.to_the_microphone("1", "1"), sid="RE1", seconds="16")
    say("/voice/status", **call.fields | {"CallStatus": "completed"})
    say(
        "/sms/incoming",
        MessageSid="SM1",
        From=CALLER,
        To=call.fields["To"],
        Body="They keep\tmy\npassport \\N",
    )
    tools = Tools(settings)
    tools.__dict__["carrier"] = carrier.client
    keep_due(tools)
    member = make_member(session, "caseworker", ("my",), "Htet")
    report = session.scalars(sa.select(Report)).first()
    assert report is not None
    open_case(session, report, member, urgency="standard", category="documents", now=utcnow())
    session.commit()
    return settings


@pytest.fixture
def empty(
    database_server: postgres.Server, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Empty]:
    """Another machine: an empty database, no audio, the same keys."""
    made = []

    def machine() -> Settings:
        name = f"restored_{os.getpid()}_{next(NUMBERS)}"
        database_server.create_database(name)
        folder = tmp_path / f"machine{len(made)}"
        folder.mkdir()
        url, media = database_server.url(name), f"file:{folder / 'media'}"
        made.append(settings.model_copy(update={"database_url": url, "media_url": media, "data": folder}))
        return made[-1]

    yield machine


def _archive(settings: Settings) -> bytes:
    file = io.BytesIO()
    write_backup(settings, file)
    return file.getvalue()


def _everything(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, sealed values as they are."""
    engine = make_engine(settings, pooled=False)
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(sa.text(f"SELECT * FROM {table.name}"))
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def test_every_row_and_file_is_the_same_on_an_empty_machine(lived: Settings, empty: Empty) -> None:
    there, archive = empty(), _archive(lived)
    done = restore(there, io.BytesIO(archive))
    assert done.files == 2 and done.rows > 10
    assert _everything(there) == _everything(lived)
    assert verify(there).rows == verify(lived).rows > 0
    with make_sessions(make_engine(there, pooled=False))() as session:
        recording = session.get_one(Recording, "RE1")
        opened = recording.contact.open(
            open_store(there).get(str(recording.original)), place_of("RE1", "original")
        )
        assert opened[:4] == b"RIFF" and recording.contact.number == CALLER
        assert keep_ledger(session).stored == 1
        session.add(Contact(key=b"", first_at=utcnow()))  # the numbers that the database gives go on
        session.commit()


def test_pictures_and_voice_notes_come_back(
    lived: Settings, empty: Empty, say: Say, carrier: RunningCarrier
) -> None:
    files = (("ME1", "image/jpeg", photograph := picture(place=True)), ("ME2", "audio/amr", sound("amr")))
    carrier.texted("MM1", CALLER, "+6620000142", "", *files)
    told = {f"MediaUrl{at}": f"https://h.test/{files[at][0]}" for at in (0, 1)}
    say("/sms/incoming", MessageSid="MM1", From=CALLER, To="+6620000142", Body="", **told)
    keep_due(Tools(lived.model_copy(update={"twilio_api_url": carrier.url, "media_hosts": ("localhost",)})))
    there = empty()
    assert restore(there, io.BytesIO(_archive(lived))).files == 6
    assert _everything(there) == _everything(lived)
    with make_sessions(make_engine(there, pooled=False))() as session:
        one = session.scalars(sa.select(Attachment).where(Attachment.kind == "picture")).one()
        sealed = open_store(there).get(str(one.original))
        assert one.contact.open(sealed, place_of_attachment(one.id, "original")) == photograph


def test_the_archive_shows_nothing_of_what_is_in_it(lived: Settings) -> None:
    archive = _archive(lived)
    for planted in (
        b"6620000142",
        b"CA1\t",  # as COPY writes it; three letters alone are there by chance
        b"CallSid",
        b"hotline.example",
        b"RIFF",
        b"contacts",
    ):  # not there by chance
        assert planted not in archive


def test_what_was_erased_stays_erased_after_an_older_backup(
    lived: Settings, empty: Empty, session: Session
) -> None:
    archive = _archive(lived)
    contact = session.scalars(sa.select(Contact).where(Contact.number_index.is_not(None))).one()
    session.commit()
    erase_contact(make_sessions(make_engine(lived, pooled=False)), open_store(lived), lived, contact.id)
    there = empty()
    erasures(there).write_text(erasures(lived).read_text())
    erasures(lived).unlink()
    restore(there, io.BytesIO(archive))
    with make_sessions(make_engine(there, pooled=False))() as restored:
        assert restored.get_one(Contact, contact.id).key == b""
    assert open_store(there).names() == []


def test_a_database_that_is_not_empty_is_left_alone(lived: Settings) -> None:
    before = _everything(lived)
    with pytest.raises(CannotRestore, match="not empty"):
        restore(lived, io.BytesIO(_archive(lived)))
    assert _everything(lived) == before


def test_other_keys_are_said_before_anything_is_done(lived: Settings, empty: Empty) -> None:
    archive, there = _archive(lived), empty()
    without = there.model_copy(update={"data_keys": (("k2", new_key()),)})
    with pytest.raises(CannotRestore, match="lacks the key k1"):
        restore(without, io.BytesIO(archive))
    with pytest.raises(CannotRestore, match="LOOKUP_KEY"):
        restore(there.model_copy(update={"lookup_key": new_key()}), io.BytesIO(archive))
    with pytest.raises(BadArchive, match="another key"):
        restore(there.model_copy(update={"audit_key": new_key()}), io.BytesIO(archive))
    newer = there.model_copy(update={"data_keys": (("k2", new_key()), *there.data_keys)})
    unlock(newer)
    assert restore(newer, io.BytesIO(archive)).files == 2


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9, 0.999])
def test_an_altered_or_cut_archive_leaves_an_empty_database(
    lived: Settings, empty: Empty, share: float
) -> None:
    archive, there = _archive(lived), empty()
    at = int(share * (len(archive) - 1))
    altered = archive[:at] + bytes([archive[at] ^ 1]) + archive[at + 1 :]
    for bad in (altered, archive[:at]):
        with pytest.raises(BadArchive):
            restore(there, io.BytesIO(bad))
    assert restore(there, io.BytesIO(archive)).files == 2, "what failed does not stand in the way"


@hypothesis_settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=5), st.data())
def test_no_byte_can_be_changed_or_left_out(parts: list[bytes], data: st.DataObject) -> None:
    file = io.BytesIO()
    archive = Writer(file, KEY)
    for part in parts:
        archive.say(part=len(part))
        archive.data(part)
    archive.close()
    whole = file.getvalue()
    list(read_frames(io.BytesIO(whole), KEY))
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    for bad in (changed, whole[:at], whole + b"x"):
        with pytest.raises(BadArchive):
            list(read_frames(io.BytesIO(bad), KEY))


def test_callers_meanwhile_are_in_it_whole_or_not_at_all(lived: Settings, empty: Empty, say: Say) -> None:
    over = threading.Event()

    def call_on() -> None:
        number = 0
        while not over.is_set():
            number += 1
            one = CallFrom(say, sid=f"CB{number}", caller=f"+6681{number:07d}")
            one.record(one.to_the_microphone("1", "1"), sid=f"RB{number}")

    calling = threading.Thread(target=call_on)
    calling.start()
    archive = _archive(lived)
    over.set()
    calling.join()
    there = empty()
    restore(there, io.BytesIO(archive))
    with make_engine(there, pooled=False).connect() as connection:
        lost = "SELECT count(*) FROM recordings r WHERE NOT EXISTS (SELECT FROM outbox WHERE payload->>'recording_sid' = r.sid)"
        assert connection.scalar(sa.text(lost)) == 0
