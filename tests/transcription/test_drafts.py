"""Drafts are saved as they are typed; nobody's words overwrite another's, not even one's own from another window."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Report
from hotline.staff.models import User
from hotline.transcription.claim_report import claim_report
from hotline.transcription.errors import NotHeld, TwoVersions
from hotline.transcription.hand_in_transcript import NothingWritten, hand_in_transcript
from hotline.transcription.save_draft import draft_of, save_draft
from hotline.transcription.segments import BadSegments, Segment, parse_segments, read_segments
from hotline.vault.audit import AuditRow
from tests.signing_in import make_member
from tests.transcription.reports import make_voicemail

LASTS = timedelta(minutes=30)


def line(words: str) -> list[Segment]:
    return [Segment(0.0, words, f"meaning of {words}")]


@pytest.fixture
def member(session: Session) -> User:
    return make_member(session)


@pytest.fixture
def held(session: Session, member: User) -> Report:
    report = make_voicemail(session)
    claim_report(session, report.id, member, utcnow(), LASTS)
    return report


def save(session: Session, report: Report, member: User, words: str, version: int) -> int:
    return save_draft(session, report.id, member, line(words), version, utcnow(), LASTS).version


def test_each_saving_is_a_version(session: Session, held: Report, member: User) -> None:
    assert [save(session, held, member, "က", 0), save(session, held, member, "ကခ", 1)] == [1, 2]
    draft = draft_of(session, held.id, member)
    assert draft is not None and read_segments(held.contact, draft) == line("ကခ")


def test_another_window_does_not_overwrite(session: Session, held: Report, member: User) -> None:
    save(session, held, member, "from the one window", 0)
    with pytest.raises(TwoVersions) as two:
        save(session, held, member, "from the other", 0)
    assert read_segments(held.contact, two.value.other) == line("from the one window")
    assert save(session, held, member, "both, chosen by hand", two.value.other.version) == 2


def test_what_had_no_answer_may_be_sent_again(session: Session, held: Report, member: User) -> None:
    assert [save(session, held, member, "က", 0), save(session, held, member, "က", 0)] == [1, 1]


def test_the_database_never_sees_the_words(session: Session, held: Report, member: User) -> None:
    save(session, held, member, "ပတ်စပို့", 0)
    session.commit()
    kept = session.execute(sa.text("SELECT segments FROM transcripts")).scalar_one()
    assert "ပတ်စပို့".encode() not in kept and b"meaning" not in kept


def test_without_the_claim_nothing_is_saved(session: Session, member: User) -> None:
    with pytest.raises(NotHeld):
        save(session, make_voicemail(session), member, "က", 0)
    with pytest.raises(NotHeld):
        save_draft(session, uuid.uuid4(), member, line("က"), 0, utcnow(), LASTS)


def test_handing_in_ends_the_claim_and_the_waiting(session: Session, held: Report, member: User) -> None:
    save(session, held, member, "က", 0)
    report, draft = hand_in_transcript(session, held.id, member, "danger", utcnow())
    assert (report.state, report.urgency, draft.handed_in_at is not None) == ("done", "danger", True)
    with pytest.raises(NotHeld):
        save(session, held, member, "ကခ", 1)
    session.commit()  # acts are written with it
    told = session.scalars(sa.select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.action for row in told][-2:] == ["urgency", "handed in"]
    assert told[-2].detail == {"before": "standard", "after": "danger"}


def test_nothing_written_is_not_handed_in(session: Session, held: Report, member: User) -> None:
    with pytest.raises(NothingWritten):
        hand_in_transcript(session, held.id, member, "standard", utcnow())
    assert held.state == "waiting"


def test_a_lapsed_claim_hands_nothing_in(session: Session, held: Report, member: User) -> None:
    save(session, held, member, "က", 0)
    with pytest.raises(NotHeld):
        hand_in_transcript(session, held.id, member, "standard", utcnow() + LASTS + LASTS)


@pytest.mark.parametrize(
    "said",
    [
        None,
        "words",
        [1],
        [{"at": "0", "spoken": "", "meaning": ""}],
        [{"at": True, "spoken": "", "meaning": ""}],
        [{"at": float("nan"), "spoken": "", "meaning": ""}],
        [{"at": -1, "spoken": "", "meaning": ""}],
        [{"at": 0, "spoken": 3, "meaning": ""}],
        [{"at": 0, "spoken": "x" * 20_001, "meaning": ""}],
        [{"at": 0}] * 2001,
    ],
)
def test_what_is_no_transcript_is_refused(said: object) -> None:
    with pytest.raises(BadSegments):
        parse_segments(said)


def test_half_a_letter_is_kept_as_far_as_it_goes(session: Session, held: Report, member: User) -> None:
    """Input methods can leave half of a pair: it becomes a question mark, and the rest is saved."""
    save(session, held, member, "က\ud83d", 0)
    draft = draft_of(session, held.id, member)
    assert draft is not None and read_segments(held.contact, draft)[0].spoken == "က?"
