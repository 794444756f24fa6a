"""A report is held by one member at a time, for a while; who held it before loses no word."""

import threading
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import make_sessions, utcnow
from hotline.staff.models import User
from hotline.transcription.claim_report import claim_report, give_back, hold_on, reassign
from hotline.transcription.errors import HeldByAnother, NotHeld, NotOpen, NotYours
from hotline.transcription.models import Claim, Transcript
from hotline.transcription.pass_to_language import pass_to_language
from hotline.transcription.save_draft import save_draft
from hotline.transcription.segments import Segment, read_segments
from hotline.vault.audit import AuditRow
from tests.signing_in import make_member
from tests.transcription.reports import make_voicemail

LASTS = timedelta(minutes=30)
WORDS = [Segment(0.0, "လစာ မရသေးပါဘူး။", "I have not had my wages.")]


def acts(session: Session, action: str) -> list[AuditRow]:
    session.commit()  # acts are written with it
    return list(session.scalars(sa.select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.id)))


def test_a_claim_is_exclusive_until_it_lapses(session: Session) -> None:
    one, two = make_member(session, name="Thiri"), make_member(session, name="Htet")
    report, now = make_voicemail(session), utcnow()
    first = claim_report(session, report.id, one, now, LASTS)
    with pytest.raises(HeldByAnother) as held:
        claim_report(session, report.id, two, now + LASTS - timedelta(seconds=1), LASTS)
    assert held.value.claim.holder.name == "Thiri"
    second = claim_report(session, report.id, two, now + LASTS, LASTS)
    assert second.holder_id == two.id
    assert first.released_at is not None
    assert [row.actor_id for row in acts(session, "claimed")] == [one.id, two.id]


def test_saving_playing_or_seeking_makes_a_claim_last(session: Session) -> None:
    member, report, now = make_member(session), make_voicemail(session), utcnow()
    claim = claim_report(session, report.id, member, now, LASTS)
    later = now + timedelta(minutes=20)
    hold_on(session, report.id, member, later, LASTS)
    assert claim.ends_at == later + LASTS
    save_draft(session, report.id, member, WORDS, 0, later + timedelta(minutes=20), LASTS)
    assert claim.ends_at == later + timedelta(minutes=20) + LASTS


def test_taking_again_what_one_holds_goes_on(session: Session) -> None:
    member, report, now = make_member(session), make_voicemail(session), utcnow()
    claim = claim_report(session, report.id, member, now, LASTS)
    assert claim_report(session, report.id, member, now + timedelta(minutes=5), LASTS).id == claim.id
    assert len(acts(session, "claimed")) == 1


def test_after_a_lapse_the_earlier_text_stays_and_overwrites_nothing(session: Session) -> None:
    one, two = make_member(session, name="Thiri"), make_member(session, name="Htet")
    report, now = make_voicemail(session), utcnow()
    claim_report(session, report.id, one, now, LASTS)
    save_draft(session, report.id, one, WORDS, 0, now, LASTS)
    later = now + LASTS + timedelta(minutes=1)
    claim_report(session, report.id, two, later, LASTS)
    others = [Segment(0.0, "အခြား", "Something else")]
    save_draft(session, report.id, two, others, 0, later, LASTS)
    with pytest.raises(NotHeld):
        save_draft(session, report.id, one, [Segment(0.0, "", "")], 1, later, LASTS)
    session.commit()
    kept = {
        each.author_id: read_segments(report.contact, each) for each in session.scalars(sa.select(Transcript))
    }
    assert kept == {one.id: WORDS, two.id: others}


def test_giving_back_frees_it_for_others(session: Session) -> None:
    one, two = make_member(session, name="Thiri"), make_member(session, name="Htet")
    report, now = make_voicemail(session), utcnow()
    claim_report(session, report.id, one, now, LASTS)
    give_back(session, report.id, one, now)
    assert claim_report(session, report.id, two, now, LASTS).holder_id == two.id
    with pytest.raises(NotHeld):
        give_back(session, report.id, one, now)
    assert [row.actor_id for row in acts(session, "gave back")] == [one.id]


def test_only_who_reads_the_language_may_take_it(session: Session) -> None:
    report, now = make_voicemail(session, language="ne"), utcnow()
    with pytest.raises(NotYours):
        claim_report(session, report.id, make_member(session, languages=("my", "th")), now, LASTS)
    with pytest.raises(NotYours):
        claim_report(session, uuid.uuid4(), make_member(session, languages=("ne",)), now, LASTS)
    supervisor = make_member(session, "supervisor", ("en",))
    assert claim_report(session, report.id, supervisor, now, LASTS).holder_id == supervisor.id


@pytest.mark.parametrize("state", ["arriving", "done"])
def test_what_is_on_its_way_or_done_is_not_taken(session: Session, state: str) -> None:
    report = make_voicemail(session, state=state)  # type: ignore[arg-type]
    with pytest.raises(NotOpen):
        claim_report(session, report.id, make_member(session), utcnow(), LASTS)


def test_danger_is_taken_while_its_recording_is_on_its_way(session: Session) -> None:
    report, member = make_voicemail(session, state="arriving", urgency="danger"), make_member(session)
    assert claim_report(session, report.id, member, utcnow(), LASTS).holder_id == member.id


def test_a_recording_that_never_came_can_be_taken_and_written_about(session: Session) -> None:
    report, member = make_voicemail(session, state="not_received"), make_member(session)
    assert claim_report(session, report.id, member, utcnow(), LASTS).holder_id == member.id


def test_of_many_who_take_it_at_once_one_gets_it(session: Session, engine: sa.Engine) -> None:
    members = [make_member(session, name=f"Member {letter}") for letter in "abcdef"]
    report, now, start = make_voicemail(session), utcnow(), threading.Barrier(len(members))
    won, lost = [], []

    def take(member_id: uuid.UUID) -> None:
        with make_sessions(engine)() as own:
            member = own.get_one(User, member_id)
            start.wait()
            try:
                claim_report(own, report.id, member, now, LASTS)
                own.commit()
                won.append(member_id)
            except HeldByAnother:
                lost.append(member_id)

    threads = [threading.Thread(target=take, args=(member.id,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(won), len(lost)) == (1, 5)
    assert session.scalar(sa.select(sa.func.count()).select_from(Claim)) == 1


def test_one_takes_a_lapsed_claim_while_its_holder_saves(session: Session, engine: sa.Engine) -> None:
    """Both lock the report first, so neither deadlocks: the saving came in time, or it did not."""
    one, two = make_member(session, name="Thiri"), make_member(session, name="Htet")
    report, now = make_voicemail(session), utcnow()
    claim_report(session, report.id, one, now, LASTS)
    session.commit()
    end = now + LASTS
    outcomes: list[str] = []

    def save() -> None:
        with make_sessions(engine)() as own:
            try:
                save_draft(
                    own, report.id, own.get_one(User, one.id), WORDS, 0, end - timedelta(seconds=1), LASTS
                )
                own.commit()
                outcomes.append("saved")
            except NotHeld:
                outcomes.append("too late")

    def take() -> None:
        with make_sessions(engine)() as own:
            try:
                claim_report(own, report.id, own.get_one(User, two.id), end, LASTS)
                own.commit()
                outcomes.append("taken")
            except HeldByAnother:
                outcomes.append("still held")

    threads = [threading.Thread(target=save), threading.Thread(target=take)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) in (["saved", "still held"], ["taken", "too late"])


def test_another_language_frees_it_for_those_who_have_it(session: Session) -> None:
    member, report = make_member(session), make_voicemail(session, chosen=False)
    now = utcnow()
    claim_report(session, report.id, member, now, LASTS)
    pass_to_language(session, report.id, member, "ne", now)
    assert (report.language, report.language_chosen) == ("ne", True)
    nepali = make_member(session, languages=("ne",))
    assert claim_report(session, report.id, nepali, now, LASTS).holder_id == nepali.id
    with pytest.raises(NotYours):
        pass_to_language(session, report.id, member, "my", now)
    assert acts(session, "language")[0].detail == {"before": "my", "after": "ne"}


def test_nobody_sends_away_what_another_works_on(session: Session) -> None:
    one, two = make_member(session, name="Thiri"), make_member(session, name="Htet")
    report = make_voicemail(session)
    claim_report(session, report.id, one, utcnow(), LASTS)
    with pytest.raises(HeldByAnother):
        pass_to_language(session, report.id, two, "ne", utcnow())


def test_a_supervisor_gives_it_to_one_who_reads_it_or_frees_it(session: Session) -> None:
    supervisor = make_member(session, "supervisor", ("en",))
    one, two = make_member(session, name="Thiri"), make_member(session, name="Htet")
    nepali = make_member(session, languages=("ne",))
    report, now = make_voicemail(session), utcnow()
    claim_report(session, report.id, one, now, LASTS)
    reassign(session, report.id, two, supervisor, now, LASTS)
    with pytest.raises(HeldByAnother):
        claim_report(session, report.id, one, now, LASTS)
    with pytest.raises(NotYours):
        reassign(session, report.id, nepali, supervisor, now, LASTS)
    reassign(session, report.id, None, supervisor, now, LASTS)
    assert claim_report(session, report.id, one, now, LASTS).holder_id == one.id
    assert [row.detail["to"] for row in acts(session, "reassigned")] == [str(two.id), None]
