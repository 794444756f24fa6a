"""A promise is kept once, whoever dies on the way."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from hotline.db import make_sessions, utcnow
from hotline.outbox import RANKS, LeaseLost, OutboxRow, give_up, keep, promise, put_off, renew, take_due

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
