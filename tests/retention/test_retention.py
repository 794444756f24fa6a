"""What is past its keeping goes, whom one erases is gone for good, and who is held stays."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session, sessionmaker

from hotline import console as _console  # noqa: F401 - every room's tables
from hotline.casework.models import Case, CaseNote
from hotline.casework.open_case import open_case
from hotline.cli import main
from hotline.db import Base, make_sessions, utcnow
from hotline.intake.clear_rehearsal import clear_rehearsal
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Attachment, Call, Contact, Message, Recording, Report
from hotline.intake.take_in_attachment import place_of as place_of_attachment
from hotline.intake.take_in_recording import place_of
from hotline.mailbox.models import MailboxTry
from hotline.media.open_store import open_store
from hotline.media.store import MediaStore
from hotline.outbox import OutboxRow
from hotline.retention.erase import OnHold, erase_contact, erasures, repeat_erasures
from hotline.retention.purge import purge
from hotline.retention.rules import DAYS_OF_TRIES, TABLES
from hotline.settings import Settings
from hotline.vault.sealing import CannotOpen
from hotline.vault.verify import verify
from tests.carrier_says import CALLER, CallFrom, Say
from tests.carriers import RunningCarrier
from tests.every_table import fill
from tests.made_media import picture, sound
from tests.signing_in import make_member
from workers.tools import Tools
from workers.work_due import keep_due

SPEECH = bytes(range(256)) * 1000
WORDS = "They keep my passport"


@pytest.fixture
def media(settings: Settings) -> Iterator[MediaStore]:
    """The store of audio, empty: tests before this one have left theirs."""
    store = open_store(settings)
    for name in store.names():
        store.delete(name)
    yield store
    erasures(settings).unlink(missing_ok=True)


@pytest.fixture
def sessions(engine: sa.Engine) -> sessionmaker[Session]:
    return make_sessions(engine)


@pytest.fixture
def person(
    say: Say, call: CallFrom, carrier: RunningCarrier, settings: Settings, session: Session, media: MediaStore
) -> Contact:
    """Somebody who called, left a voicemail that was stored, wrote a text, and has a case with a note."""
    carrier.hold("RE1", SPEECH, call.sid)
    call.record(call.to_the_microphone("1", "1"), sid="RE1", seconds="16")
    say("/voice/status", **call.fields | {"CallStatus": "completed"})
    say("/sms/incoming", MessageSid="SM1", From=CALLER, To=call.fields["To"], Body=WORDS)
    tools = Tools(settings)
    tools.__dict__["carrier"] = carrier.client
    keep_due(tools)
    member = make_member(session, "caseworker", ("my",), "Htet")
    reports = session.scalars(sa.select(Report)).all()
    case = open_case(session, reports[0], member, urgency="standard", category="documents", now=utcnow())
    contact = session.scalars(sa.select(Contact).where(Contact.number_index.is_not(None))).one()
    session.add(
        CaseNote(
            case_id=case.id,
            by_id=member.id,
            at=utcnow(),
            words=contact.seal(WORDS.encode(), "case_notes.words:x"),
        )
    )
    session.commit()
    return contact


def _long_ago(session: Session, days: int) -> None:
    """As if everything had been done, and closed, so long ago."""
    then = utcnow() - timedelta(days=days)
    session.execute(sa.update(Report).values(state="done", done_at=then, received_at=then))
    session.execute(sa.update(Case).values(state="closed", closed_at=then, opened_at=then))
    session.execute(sa.update(Call).values(started_at=then, ended_at=then))
    session.execute(sa.update(Message).values(at=then))
    session.execute(sa.update(Contact).values(first_at=then))
    session.commit()


def test_every_table_says_how_long_it_is_kept() -> None:
    assert set(TABLES) == set(Base.metadata.tables)


def test_an_erased_person_is_gone_and_is_still_counted(
    person: Contact, session: Session, sessions: sessionmaker[Session], media: MediaStore, settings: Settings
) -> None:
    before, old_key = keep_ledger(session), person.key
    sealed = media.get(media.names()[0])
    session.commit()
    erase_contact(sessions, media, settings, person.id)
    session.expire_all()
    assert keep_ledger(session) == before
    gone = session.get_one(Contact, person.id)
    assert (gone.number, gone.number_index, gone.key, gone.language) == (None, None, b"", None)
    assert media.names() == []
    for model in (Report, Case, CaseNote):
        assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    assert all(
        message.body == b"" and message.event is None for message in session.scalars(sa.select(Message))
    )
    with pytest.raises(CannotOpen):
        gone.open(sealed, place_of("RE1", "original"))
    assert old_key not in _dump(session)
    assert verify(settings).rows > 0


@pytest.fixture
def pictured(
    person: Contact, say: Say, carrier: RunningCarrier, settings: Settings, session: Session
) -> Contact:
    """The same, who sent a photograph and a voice note, too."""
    line = "+6620000142"
    files = (("ME1", "image/jpeg", picture(place=True)), ("ME2", "audio/amr", sound("amr")))
    carrier.texted("MM1", CALLER, line, "", *files)
    told = {f"MediaUrl{at}": f"https://h.test/{files[at][0]}" for at in (0, 1)}
    say("/sms/incoming", MessageSid="MM1", From=CALLER, To=line, Body="", NumMedia="2", **told)
    reach = {"twilio_api_url": carrier.url, "media_hosts": ("localhost",)}
    keep_due(Tools(settings.model_copy(update=reach)))
    return person


def test_an_erased_persons_pictures_and_voice_notes_are_gone(
    pictured: Contact,
    session: Session,
    sessions: sessionmaker[Session],
    media: MediaStore,
    settings: Settings,
) -> None:
    assert len(media.names()) == 6, "a voicemail, a picture, a voice note: each as it came and as it is shown"
    sealed = {name: media.get(name) for name in media.names()}
    session.execute(sa.update(Attachment).values(at_carrier="kept"))
    session.execute(sa.delete(OutboxRow))
    session.commit()
    erase_contact(sessions, media, settings, pictured.id)
    session.expire_all()
    assert media.names() == []
    gone = session.get_one(Contact, pictured.id)
    for one in session.scalars(sa.select(Attachment)):
        assert (one.original, one.shown, one.sha256, one.format, one.holds_place) == (
            None,
            None,
            None,
            None,
            False,
        )
        with pytest.raises(CannotOpen):
            gone.open(sealed[f"{one.id.hex}-original"], place_of_attachment(one.id, "original"))
    assert sorted(session.scalars(sa.select(OutboxRow.kind))) == ["delete_attachment"] * 2
    erase_contact(sessions, media, settings, pictured.id)


def test_pictures_go_when_they_are_past_their_keeping_and_stay_while_somebody_is_held(
    pictured: Contact,
    session: Session,
    sessions: sessionmaker[Session],
    media: MediaStore,
    settings: Settings,
) -> None:
    _long_ago(session, settings.keep_days + 1)
    session.execute(sa.update(Contact).values(held_since=utcnow()))
    session.commit()
    assert purge(sessions, media, settings, dry_run=False).people == 0 and len(media.names()) == 6
    session.execute(sa.update(Contact).values(held_since=None))
    session.commit()
    assert purge(sessions, media, settings, dry_run=False).people == 1 and media.names() == []


def test_files_of_what_is_on_its_way_stay_and_those_of_nothing_go(
    pictured: Contact,
    session: Session,
    sessions: sessionmaker[Session],
    media: MediaStore,
    settings: Settings,
) -> None:
    session.execute(sa.update(Attachment).values(stored_at=None, original=None, shown=None))
    session.commit()
    assert purge(sessions, media, settings, dry_run=False).orphan_files == 0
    session.execute(sa.update(Attachment).values(stored_at=utcnow()))
    session.commit()
    assert purge(sessions, media, settings, dry_run=False).orphan_files == 3
    assert len(media.names()) == 3, "the voicemail's, and what is heard of the voice note"


def test_the_end_of_a_rehearsal_takes_pictures_along(
    pictured: Contact, session: Session, media: MediaStore
) -> None:
    for table in ("contacts", "calls", "messages", "reports", "cases"):
        session.execute(sa.text(f"UPDATE {table} SET rehearsal = true"))
    session.commit()
    clear_rehearsal(session, media)
    assert media.names() == [] and session.scalars(sa.select(Attachment)).all() == []


def test_who_calls_after_being_erased_is_somebody_new(
    person: Contact, say: Say, session: Session, sessions: sessionmaker[Session], media: MediaStore,
    settings: Settings,
) -> None:  # fmt: skip
    session.commit()
    erase_contact(sessions, media, settings, person.id)
    CallFrom(say, sid="CA2").start()
    assert session.scalars(sa.select(Call.contact_id).where(Call.sid == "CA2")).one() != person.id


def test_a_restored_person_is_erased_again(
    person: Contact, session: Session, sessions: sessionmaker[Session], media: MediaStore, settings: Settings
) -> None:
    contact_id, key = person.id, person.key
    session.commit()
    erase_contact(sessions, media, settings, contact_id)
    assert json.loads(erasures(settings).read_text())["contact"] == str(contact_id)
    session.execute(
        sa.update(Contact).values(key=key, erased_at=None)
    )  # as an older backup would bring them back
    session.commit()
    assert repeat_erasures(sessions, media, settings) == 1
    session.expire_all()
    assert session.get_one(Contact, contact_id).key == b""
    assert repeat_erasures(sessions, media, settings) == 0


def test_the_carrier_forgets_what_it_still_holds(
    person: Contact, session: Session, sessions: sessionmaker[Session], media: MediaStore, settings: Settings
) -> None:
    session.execute(sa.delete(OutboxRow))
    session.execute(sa.update(Recording).values(at_carrier="kept"))
    session.commit()
    erase_contact(sessions, media, settings, person.id)
    assert session.scalars(sa.select(OutboxRow.kind).where(OutboxRow.state == "due")).all() == [
        "delete_at_carrier"
    ]


def test_what_is_past_its_keeping_goes_and_the_rest_stays(
    person: Contact, say: Say, session: Session, sessions: sessionmaker[Session], media: MediaStore,
    settings: Settings,
) -> None:  # fmt: skip
    _long_ago(session, settings.keep_days + 1)
    say("/sms/incoming", MessageSid="SM2", From="+66812349999", To="+6620000142", Body="new")
    counted = keep_ledger(session)
    session.commit()
    assert purge(sessions, media, settings, dry_run=True).people == 1
    assert len(media.names()) == 2, "a dry run removes nothing"
    assert purge(sessions, media, settings, dry_run=False).people == 1
    session.expire_all()
    assert media.names() == [] and keep_ledger(session) == counted
    assert session.scalars(sa.select(Report.state)).all() == ["waiting"]
    assert purge(sessions, media, settings, dry_run=False).people == 0


@pytest.mark.parametrize("change", [
    "UPDATE cases SET state = 'new', closed_at = NULL",
    "UPDATE reports SET state = 'waiting', done_at = NULL WHERE kind = 'text'",
    "UPDATE calls SET started_at = now()",
    "UPDATE contacts SET held_since = now()",
    "INSERT INTO mailboxes (id, contact_id, matter_id, mark, pin, made_at, opened_at, call_sid) SELECT"
    " gen_random_uuid(), id, gen_random_uuid(), '', '', first_at, now(), 'CA1' FROM contacts",
])  # fmt: skip
def test_who_is_not_done_with_is_not_purged(
    person: Contact, session: Session, sessions: sessionmaker[Session], media: MediaStore, settings: Settings,
    change: str,
) -> None:  # fmt: skip
    _long_ago(session, settings.keep_days + 1)
    session.execute(sa.text(change))
    session.commit()
    assert purge(sessions, media, settings, dry_run=False).people == 0
    assert len(media.names()) == 2


def test_files_that_no_row_names_are_removed_and_those_on_their_way_are_not(
    person: Contact, session: Session, sessions: sessionmaker[Session], media: MediaStore, settings: Settings
) -> None:
    media.put("0" * 32 + "-original", b"left by nobody")
    session.execute(sa.update(Recording).values(stored_at=None, original=None, playback=None))
    session.commit()
    assert purge(sessions, media, settings, dry_run=False).orphan_files == 1
    assert len(media.names()) == 2


def test_who_is_held_is_neither_erased_nor_purged_until_released(
    person: Contact, session: Session, sessions: sessionmaker[Session], media: MediaStore, settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    code = person.code
    session.commit()
    person.held_since = utcnow()
    session.commit()
    with pytest.raises(OnHold):
        erase_contact(sessions, media, settings, person.id)
    assert not erasures(settings).exists()
    monkeypatch.setattr("hotline.cli.contact.known_settings", lambda: settings)
    monkeypatch.setattr("hotline.cli._settings.known_settings", lambda: settings)
    refused = CliRunner().invoke(main, ["contact", "erase", code])
    assert refused.exit_code == 1 and "held for a legal reason" in refused.output
    assert CliRunner().invoke(main, ["contact", "release", code]).exit_code == 0
    assert CliRunner().invoke(main, ["contact", "erase", code]).exit_code == 0
    assert CliRunner().invoke(main, ["contact", "erase", "K-99999"]).exit_code == 1


def _dump(session: Session) -> bytes:
    """Every value of every table, one after the other."""
    found = b""
    for table in Base.metadata.tables.values():
        raw = [
            sa.type_coerce(c, sa.LargeBinary) if "Sealed" in type(c.type).__name__ else c
            for c in table.columns
        ]
        for row in session.execute(sa.select(*raw)):
            found += b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    return found


def test_an_erasure_and_the_end_of_a_rehearsal_meet_every_table_that_names_the_person(
    engine: sa.Engine,
    session: Session,
    sessions: sessionmaker[Session],
    media: MediaStore,
    settings: Settings,
) -> None:
    """Whatever points at whatever: no row is left that stops them, nor one that they forgot."""
    with engine.connect() as connection:
        fill(connection, without=("audit",))  # the chain takes no made row
    for table in ("steps", "mailbox_tries"):  # they name a call without a reference
        session.execute(sa.text(f"UPDATE {table} SET call_sid = (SELECT sid FROM calls)"))
    session.execute(sa.text("UPDATE contacts SET number = NULL, held_since = NULL, erased_at = NULL"))
    contact_id = session.scalars(sa.select(Contact.id)).one()
    session.commit()
    erase_contact(sessions, media, settings, contact_id)
    clear_rehearsal(session, media)
    rows = {
        name: sa.select(sa.func.count()).select_from(table) for name, table in Base.metadata.tables.items()
    }
    left = {name for name, count in rows.items() if session.scalar(count)}
    assert left <= {"lines", "users", "roles", "roles_users", "outbox", "reconciliations", "audit"} | {
        "audit_closings", "audit_head", "tree_versions", "tree_releases", "takes",
        "studio_pins", "spoken_prompts",  # of staff alone; a try at a PIN names who called, and goes
            "help_places", "help_names", "area_names",  # of places alone
    }  # fmt: skip


def test_the_end_of_a_rehearsal_alone_meets_every_table(
    engine: sa.Engine, session: Session, media: MediaStore
) -> None:
    with engine.connect() as connection:
        fill(connection)
    clear_rehearsal(session, media)
    assert session.scalars(sa.select(Contact)).all() == []


def test_tries_at_mailboxes_go_after_a_month_whoever_called(
    sessions: sessionmaker[Session], session: Session, media: MediaStore, settings: Settings
) -> None:
    for sid, days in (("CA1", DAYS_OF_TRIES + 1), ("CA2", DAYS_OF_TRIES - 1)):
        at = utcnow() - timedelta(days=days)
        session.add(MailboxTry(call_sid=sid, turn=1, at=at, mark=b"m", contact_id=None, admitted=False))
    session.commit()
    assert purge(sessions, media, settings, dry_run=True).mailbox_tries == 1
    purge(sessions, media, settings, dry_run=False)
    assert session.scalars(sa.select(MailboxTry.call_sid)).all() == ["CA2"]
