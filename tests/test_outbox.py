"""A promise is kept once, whoever dies on the way."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.db import make_sessions, utcnow
from hotline.outbox import (
    RANKS,
    LeaseLost,
    OutboxRow,
    delay_before,
    give_up,
    keep,
    next_due,
    promise,
    put_off,
    renew,
    take_due,
)

LEASE = timedelta(seconds=30)


@pytest.fixture
def sessions(engine: sa.Engine) -> sessionmaker[Session]:
    return make_sessions(engine)


def _promise(sessions: sessionmaker[Session], key: str, rank: int = RANKS["standard"]) -> None:
    with sessions.begin() as session:
        promise(session, "take_in_recording", key, {"recording_sid": key}, rank=rank)


def _row(sessions: sessionmaker[Session], key: str) -> OutboxRow:
    with sessions() as session:
        return session.scalars(sa.select(OutboxRow).where(OutboxRow.key == key)).one()


def test_the_most_pressing_is_taken_first(sessions: sessionmaker[Session]) -> None:
    for key, rank in (("wages", RANKS["standard"]), ("danger", RANKS["danger"]), ("papers", RANKS["urgent"])):
        _promise(sessions, key, rank)
    taken = []
    with sessions.begin() as session:
        while held := take_due(session, utcnow(), LEASE):
            taken.append(held.key)
    assert taken == ["danger", "papers", "wages"]


def test_a_promise_made_twice_is_one_and_is_due_at_once(sessions: sessionmaker[Session]) -> None:
    _promise(sessions, "once")
    with sessions.begin() as session:
        held = take_due(session, utcnow(), LEASE)
        assert held is not None
        put_off(session, held, "NotThereYet", after=600)
    with sessions() as session:
        assert take_due(session, utcnow(), LEASE) is None
    _promise(sessions, "once")
    with sessions.begin() as session:
        again = take_due(session, utcnow(), LEASE)
    assert again is not None and again.attempts == 2


def test_two_workers_never_hold_the_same_promise(sessions: sessionmaker[Session]) -> None:
    _promise(sessions, "one")
    _promise(sessions, "two")
    with sessions.begin() as mine, sessions.begin() as theirs:
        first, second = take_due(mine, utcnow(), LEASE), take_due(theirs, utcnow(), LEASE)
        assert first and second and {first.key, second.key} == {"one", "two"}
        assert take_due(mine, utcnow(), LEASE) is None


def test_a_dead_workers_promise_is_taken_over_and_its_late_result_is_refused(
    sessions: sessionmaker[Session],
) -> None:
    _promise(sessions, "orphan")
    with sessions.begin() as session:
        dead = take_due(session, utcnow(), LEASE)
    later = utcnow() + timedelta(minutes=10)
    with sessions.begin() as session:
        heir = take_due(session, later, LEASE)
    assert dead and heir and heir.attempts == 2
    for late in (keep, lambda s, h: renew(s, h, later, LEASE), lambda s, h: give_up(s, h, "late")):
        with pytest.raises(LeaseLost), sessions.begin() as session:
            late(session, dead)
    with sessions.begin() as session:
        keep(session, heir)
    assert _row(sessions, "orphan").state == "kept"


def test_a_kept_promise_is_not_kept_again(sessions: sessionmaker[Session]) -> None:
    _promise(sessions, "done")
    with sessions.begin() as session:
        held = take_due(session, utcnow(), LEASE)
        assert held is not None
        keep(session, held)
    _promise(sessions, "done")
    with sessions.begin() as session:
        assert take_due(session, utcnow() + timedelta(days=1), LEASE) is None
    with pytest.raises(LeaseLost), sessions.begin() as session:
        keep(session, held)


def test_work_and_promise_live_or_die_together(sessions: sessionmaker[Session]) -> None:
    with pytest.raises(ZeroDivisionError), sessions.begin() as session:
        promise(session, "take_in_recording", "never", {})
        raise ZeroDivisionError
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(OutboxRow)) == 0


def test_delays_grow(sessions: sessionmaker[Session]) -> None:
    _promise(sessions, "slow")
    waits = []
    now = utcnow()
    for _ in range(5):
        with sessions.begin() as session:
            held = take_due(session, now + timedelta(days=1), LEASE)
            assert held is not None
            put_off(session, held, "CarrierDown")
        waits.append((_row(sessions, "slow").due_at - utcnow()).total_seconds())
    assert waits == sorted(waits) and waits[0] < 2 and waits[3] > 10


def test_most_pressing_is_danger_and_the_last_is_what_nobody_waits_for() -> None:
    assert sorted(RANKS, key=RANKS.__getitem__) == ["danger", "urgent", "standard", "background"]
    assert RANKS == {"danger": 0, "urgent": 1, "standard": 2, "background": 3}


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(1, 1), (2, 1), (3, 2), (4, 5), (5, 15), (6, 60), (7, 120), (8, 300), (9, 600), (10, 600), (99, 600)],
)
def test_each_repeat_waits_as_long_as_it_should_and_a_little_longer_by_chance(
    attempt: int, seconds: int
) -> None:
    waits = [delay_before(attempt) for _ in range(200)]
    assert seconds <= min(waits) < max(waits) <= seconds * 1.1


def test_a_lease_that_is_renewed_lasts_as_long_again(sessions: sessionmaker[Session]) -> None:
    _promise(sessions, "long")
    now = utcnow()
    with sessions.begin() as session:
        held = take_due(session, now, LEASE)
        assert held is not None
        renew(session, held, now + timedelta(seconds=20), LEASE)
    with sessions.begin() as session:
        assert take_due(session, now + timedelta(seconds=49), LEASE) is None
        assert take_due(session, now + timedelta(seconds=51), LEASE) is not None


def test_what_is_given_up_says_so_and_is_not_tried_again(sessions: sessionmaker[Session]) -> None:
    _promise(sessions, "hopeless")
    with sessions.begin() as session:
        held = take_due(session, utcnow(), LEASE)
        assert held is not None
        give_up(session, held, "GoneAtCarrier")
    row = _row(sessions, "hopeless")
    assert (row.state, row.last_error, row.lease_until) == ("given_up", "GoneAtCarrier", None)
    assert row.ended_at is not None
    with sessions.begin() as session:
        assert take_due(session, utcnow() + timedelta(days=9), LEASE) is None


def test_a_new_promise_was_never_tried(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.add(OutboxRow(kind="k", key="bare", payload={}, rank=2, due_at=utcnow(), made_at=utcnow()))
    assert (_row(sessions, "bare").state, _row(sessions, "bare").attempts) == ("due", 0)


def test_the_sweep_learns_when_the_next_is_due(sessions: sessionmaker[Session]) -> None:
    now = utcnow()
    with sessions.begin() as session:
        assert next_due(session) is None
        for key, minutes in (("later", 9), ("soon", 3)):
            promise(session, "k", key, {}, due_at=now + timedelta(minutes=minutes))
        assert next_due(session) == now + timedelta(minutes=3)
        held = take_due(session, now + timedelta(minutes=4), timedelta(minutes=20))
        assert held and held.key == "soon"
        assert next_due(session) == now + timedelta(minutes=9), "while it is held, the other comes first"
        keep(session, held)
        assert next_due(session) == now + timedelta(minutes=9)


def test_a_held_one_is_due_again_when_its_lease_runs_out(sessions: sessionmaker[Session]) -> None:
    now = utcnow()
    with sessions.begin() as session:
        promise(session, "k", "held", {}, due_at=now)
        take_due(session, now + timedelta(seconds=1), timedelta(minutes=5))
        assert next_due(session) == now + timedelta(minutes=5, seconds=1)
