"""Danger, then urgent, then standard; oldest first in each; in the languages one has."""

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import URGENCIES
from hotline.settings import Settings
from hotline.transcription.claim_report import claim_report
from hotline.transcription.queue import KeptQueue, Snapshot, Waiting, next_for, read_queue, targets
from hotline.transcription.queue_view import Reader, see_queue
from tests.signing_in import make_member
from tests.transcription.reports import make_contact, make_text, make_voicemail, somebody_speaks

LASTS = timedelta(minutes=30)
NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)
LANGUAGES = ("my", "th", "ne", "en")
TARGETS = {"danger": timedelta(minutes=10), "urgent": timedelta(hours=4), "standard": timedelta(hours=24)}


def test_the_most_pressing_is_first_and_the_oldest_of_those(session: Session) -> None:
    now = utcnow()
    made = {
        name: make_voicemail(session, urgency=urgency, received_at=now - timedelta(minutes=age)).id
        for name, urgency, age in (
            ("young standard", "standard", 1),
            ("old standard", "standard", 500),
            ("young danger", "danger", 2),
            ("old danger", "danger", 9),
            ("urgent", "urgent", 300),
        )
    }  # type: ignore[misc]
    make_voicemail(session, state="done", urgency="danger")
    names = {report_id: name for name, report_id in made.items()}
    assert [names[row.report_id] for row in read_queue(session, now).rows] == [
        "old danger", "young danger", "urgent", "old standard", "young standard",
    ]  # fmt: skip
    assert next_for(session, make_member(session), now).id == made["old danger"]  # type: ignore[union-attr]


def test_the_next_one_is_free_and_in_ones_languages(session: Session) -> None:
    thiri, htet = make_member(session, name="Thiri"), make_member(session, name="Htet")
    urgent, now = make_voicemail(session, urgency="urgent"), utcnow()
    make_voicemail(session, urgency="danger", language="ne")
    make_voicemail(session, urgency="danger", state="arriving")
    standard = make_text(session, "လစာ")
    claim_report(session, urgent.id, thiri, now, LASTS)
    assert next_for(session, htet, now).id == standard.id  # type: ignore[union-attr]
    assert next_for(session, htet, now + LASTS).id == urgent.id, "the claim has lapsed"  # type: ignore[union-attr]
    assert next_for(session, make_member(session, languages=()), now) is None


def test_a_supervisor_without_a_language_is_offered_every_one(session: Session) -> None:
    report = make_voicemail(session, language="ksw")
    assert next_for(session, make_member(session, "supervisor", ()), utcnow()).id == report.id  # type: ignore[union-attr]


def test_a_row_says_what_is_known(session: Session, settings: Settings) -> None:
    contact, now = make_contact(session), utcnow()
    make_voicemail(
        session, settings, contact=contact, received_at=now - timedelta(minutes=2), verdict="no_speech"
    )
    text = make_text(session, "အလုပ်ပြောင်းချင်ရင် " * 30, contact=contact, received_at=now)
    make_voicemail(session, contact=make_contact(session, None), state="arriving", chosen=False)
    thiri = make_member(session, name="Thiri Win")
    claim_report(session, text.id, thiri, now, LASTS)
    voicemail, second, withheld = read_queue(session, now).rows
    assert (voicemail.verdict, voicemail.seconds, voicemail.nth) == (
        "no_speech",
        somebody_speaks().seconds,
        1,
    )
    assert (second.nth, second.holder, second.initials, second.until) == (2, "Thiri Win", "TW", now + LASTS)
    assert second.words.startswith("အလုပ်ပြောင်းချင်ရင်") and len(second.words) == 90
    assert (withheld.withheld, withheld.state, withheld.language_chosen) == (True, "arriving", False)


def test_a_long_queue_is_read_with_two_statements(
    session: Session, engine: sa.Engine, settings: Settings
) -> None:
    thiri = make_member(session)
    for _ in range(12):
        claim_report(session, make_voicemail(session, settings).id, thiri, utcnow(), LASTS)
        make_text(session, "စာ")
    session.commit()
    session.expunge_all()
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    assert len(read_queue(session, utcnow()).rows) == 24
    assert len(statements) == 2, statements


def test_what_was_read_is_kept_for_a_second(session: Session) -> None:
    kept, now = KeptQueue(), utcnow()
    first = kept.look(session, now)
    make_voicemail(session)
    assert kept.look(session, now) is first
    assert len(kept.look(session, now, fresh=True).rows) == 1


def test_the_version_changes_with_what_is_seen(session: Session) -> None:
    now = utcnow()
    empty = read_queue(session, now).version
    report = make_voicemail(session)
    one = read_queue(session, now).version
    assert one == read_queue(session, now).version != empty
    claim_report(session, report.id, make_member(session), now, LASTS)
    assert read_queue(session, now).version != one


def test_targets_are_settings(settings: Settings) -> None:
    assert targets(settings) == TARGETS
    assert targets(settings.model_copy(update={"urgent_hours": 2}))["urgent"] == timedelta(hours=2)


waiting = st.builds(
    Waiting,
    report_id=st.uuids(),
    kind=st.sampled_from(["voice", "text"]),
    language=st.sampled_from(LANGUAGES),
    language_chosen=st.booleans(),
    urgency=st.sampled_from(URGENCIES),
    state=st.sampled_from(["arriving", "waiting", "not_received"]),
    received_at=st.integers(0, 3000).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    rehearsal=st.booleans(),
    contact=st.just("K-1"),
    withheld=st.booleans(),
    nth=st.integers(1, 5),
    seconds=st.none(),
    verdict=st.none(),
    words=st.just("words"),
    holder_id=st.one_of(st.none(), st.just(uuid.UUID(int=7))),
    holder=st.just(""),
    initials=st.just(""),
    until=st.none(),
)


@given(
    rows=st.lists(waiting, max_size=30),
    languages=st.sets(st.sampled_from(LANGUAGES)),
    everything=st.booleans(),
    tab=st.sampled_from(["all", "held", "others", *LANGUAGES, "<script>"]),
)
def test_nobody_sees_more_than_they_may_and_no_count_lies(
    rows: list[Waiting], languages: set[str], everything: bool, tab: Any
) -> None:
    rows.sort(key=lambda row: (URGENCIES.index(row.urgency), row.received_at))
    seen = Snapshot(tuple(rows), Counter(row.language for row in rows), "v")
    reader = Reader(uuid.UUID(int=7), tuple(sorted(languages)), everything)
    view = see_queue(seen, reader, tab, TARGETS, NOW)  # type: ignore[arg-type]
    shown = [row for _, group in view.groups for row in group]
    assert all(everything or row.language in languages for row in shown)
    assert shown == [row for row in rows if row in shown], "the order of the queue"
    assert view.mine.keys() == languages
    assert sum(view.mine.values()) + view.others.total() == len(rows)
    assert view.late == sum(NOW - row.received_at > TARGETS[row.urgency] for row in shown)
    if tab == "all":
        assert view.total == len(shown)
