"""The ring rotates while everything runs: nothing is lost, nobody becomes two people."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.casework import models as _cases  # noqa: F401 - their tables, too
from hotline.intake import rotate_keys as rotating
from hotline.intake.models import Contact
from hotline.intake.rotate_keys import count_sealed, rotate_keys
from hotline.intake.sealed_columns import OTHERWISE, SEALED
from hotline.settings import Settings
from hotline.transcription import models as _transcripts  # noqa: F401
from hotline.vault.keys import Vault, unlock, vault
from hotline.vault.sealing import CannotOpen, new_key
from tests.carrier_says import CALLER, CallFrom, Say
from tests.signing_in import make_member

EVERY_COLUMN = {"contacts.key", "contacts.number", "calls.event", "steps.event", "carrier_events.event", "messages.event",
                "users.phone"}  # fmt: skip


@pytest.fixture
def told(say: Say, call: CallFrom, session: Session) -> CallFrom:
    """A call with a voicemail, a text, a member with a phone: every sealed column has a value."""
    make_member(session).phone = "+66899999999"
    session.commit()
    call.record(call.to_the_microphone("1", "1"))
    say("/voice/status", **call.fields | {"CallStatus": "completed"})
    say("/sms/incoming", MessageSid="SM1", From="+66812345670", To=call.fields["To"], Body="Help")
    return call


def _ring(settings: Settings, *names: str) -> Settings:
    """The same settings with new keys before the old one."""
    ring = {name: new_key() for name in names} | dict(settings.data_keys)
    return settings.model_copy(update={"data_keys": tuple(ring.items())})


def test_every_binary_column_is_on_one_of_the_lists(engine: sa.Engine) -> None:
    there = sa.MetaData()
    there.reflect(engine)
    binary = {
        f"{table.name}.{column.name}"
        for table in there.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary)
    }
    assert binary == {sealed.name for sealed in SEALED} | set(OTHERWISE)
    assert {sealed.name for sealed in SEALED} == EVERY_COLUMN


def test_after_rotation_the_old_key_seals_nothing_and_all_still_opens(
    told: CallFrom, engine: sa.Engine, settings: Settings, session: Session
) -> None:
    unlock(_ring(settings, "k2"))
    before = count_sealed(engine, vault())
    assert before["k2"] == 0 and before["k1"] >= len(EVERY_COLUMN)
    heard: dict[str, int] = {}
    rotate_keys(engine, vault(), heard.__setitem__)
    assert set(heard) == EVERY_COLUMN and all(heard.values())
    assert count_sealed(engine, vault()) == {"k2": before["k1"], "k1": 0}
    alone = Vault({"k2": vault().ring["k2"]}, vault().lookup_key, vault().audit_key)
    with engine.connect() as connection:
        for sealed in SEALED:
            raw = sa.type_coerce(sealed.column, sa.LargeBinary).label("value")
            rows = connection.execute(sa.select(*sealed.columns(), raw).where(sealed.column.is_not(None)))
            for row in rows.mappings():
                assert alone.open(row["value"], sealed.place_of(row))
    assert rotate_keys(engine, vault(), lambda *_: None) == 0


def test_who_calls_again_after_it_is_the_same_person(
    told: CallFrom, engine: sa.Engine, settings: Settings, session: Session, say: Say
) -> None:
    people = session.scalar(sa.select(sa.func.count()).select_from(Contact))
    session.rollback()
    unlock(_ring(settings, "k2"))
    rotate_keys(engine, vault(), lambda *_: None)
    CallFrom(say, sid="CA2").start()
    assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == people
    assert CALLER in session.scalars(sa.select(Contact.number)).all()


def test_it_goes_on_where_it_was_stopped(
    told: CallFrom, engine: sa.Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlock(_ring(settings, "k2"))
    monkeypatch.setattr(rotating, "BATCH", 1)
    heard: list[str] = []

    def stop_at_the_third(column: str, count: int) -> None:
        heard.append(column)
        if len(heard) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(engine, vault(), stop_at_the_third)
    assert count_sealed(engine, vault())["k1"] > 0
    rotate_keys(engine, vault(), lambda *_: None)
    assert count_sealed(engine, vault())["k1"] == 0


def test_callers_meanwhile_lose_nothing(
    told: CallFrom, engine: sa.Engine, settings: Settings, say: Say, session: Session
) -> None:
    unlock(_ring(settings, "k2"))
    over = threading.Event()

    def rotate_on() -> None:
        while not over.is_set():
            rotate_keys(engine, vault(), lambda *_: None)

    rotating_on = threading.Thread(target=rotate_on)
    rotating_on.start()
    for number in range(20):
        CallFrom(say, sid=f"CB{number}", caller=f"+668100000{number:02d}").to_the_microphone("1", "1")
    over.set()
    rotating_on.join()
    rotate_keys(engine, vault(), lambda *_: None)
    assert count_sealed(engine, vault())["k1"] == 0
    numbers = set(session.scalars(sa.select(Contact.number)))
    assert {f"+668100000{number:02d}" for number in range(20)} <= numbers


def test_a_value_whose_key_is_gone_is_said_and_stays(
    told: CallFrom, engine: sa.Engine, settings: Settings
) -> None:
    gone = settings.model_copy(update={"data_keys": (("k9", new_key()),)})
    unlock(gone)
    assert count_sealed(engine, vault())["?"] > 0
    with pytest.raises(CannotOpen):
        rotate_keys(engine, vault(), lambda *_: None)
    unlock(settings)
    assert count_sealed(engine, vault())["k1"] > 0
