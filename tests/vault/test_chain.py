"""The audit trail is one chain: whatever is done to it behind our back is found, and named."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import make_sessions, utcnow
from hotline.settings import Settings
from hotline.vault.audit import AuditRow, record
from hotline.vault.chain import BrokenChain
from hotline.vault.close_months import close_months
from hotline.vault.verify import verify


def _act(session: Session, count: int = 1, **more: object) -> None:
    for number in range(count):
        record(session, None, "listened", "reports", number, **more)
    session.commit()


def _behind_our_back(engine: sa.Engine, *statements: str) -> None:
    """As the owner of the database could, with the triggers out of the way."""
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(sa.text(statement))
        connection.execute(sa.text("ALTER TABLE audit ENABLE TRIGGER USER"))


def test_what_was_written_is_unbroken(session: Session, settings: Settings) -> None:
    _act(session, 5, language="my", note="ภาษาไทย", seconds=1.5, nothing=None)
    found = verify(settings)
    assert (found.rows, found.sequence, found.closed_months) == (5, 5, 0)
    assert session.scalars(sa.select(AuditRow.sequence).order_by(AuditRow.id)).all() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "what, statements",
    [
        ("row 3 was altered", ["UPDATE audit SET action = 'nothing' WHERE sequence = 3"]),
        ("row 3 was altered", ["UPDATE audit SET at = at + interval '1 second' WHERE sequence = 3"]),
        ("row 3 was altered", ["UPDATE audit SET detail = '{\"language\": \"th\"}' WHERE sequence = 3"]),
        ("row 3 was altered", ["UPDATE audit SET actor_id = gen_random_uuid() WHERE sequence = 3"]),
        ("row 3 is missing", ["DELETE FROM audit WHERE sequence = 3"]),
        ("last rows are missing", ["DELETE FROM audit WHERE sequence = 6"]),
        ("head of the audit trail was altered", [
            "DELETE FROM audit WHERE sequence = 6",
            "UPDATE audit_head SET sequence = 5, mac = (SELECT mac FROM audit WHERE sequence = 5)",
        ]),
        ("head of the audit trail is gone", ["DELETE FROM audit_head"]),
        ("row 2 was altered", [
            "UPDATE audit SET sequence = 99 WHERE sequence = 2",
            "UPDATE audit SET sequence = 2 WHERE sequence = 3",
            "UPDATE audit SET sequence = 3 WHERE sequence = 99",
        ]),
        ("row 7 was altered", [
            "INSERT INTO audit (at, action, subject, subject_id, detail, sequence, mac)"
            " SELECT at, action, subject, subject_id, detail, 7, mac FROM audit WHERE sequence = 6",
        ]),
        ("outside the chain", [
            "INSERT INTO audit (at, action, subject, subject_id, detail) VALUES (now(), 'a', 'b', 'c', '{}')",
        ]),
    ],
)  # fmt: skip
def test_what_was_done_behind_our_back_is_named(
    session: Session, engine: sa.Engine, settings: Settings, what: str, statements: list[str]
) -> None:
    _act(session, 6, language="my")
    _behind_our_back(engine, *statements)
    with pytest.raises(BrokenChain, match=what):
        verify(settings)


def test_the_database_itself_refuses_to_change_or_remove_a_row(session: Session, engine: sa.Engine) -> None:
    _act(session)
    for statement in ("UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_acts_side_by_side_make_one_chain_and_wait_only_for_each_others_commit(
    engine: sa.Engine, settings: Settings
) -> None:
    sessions = make_sessions(engine)

    def work(number: int) -> None:
        with sessions() as own:
            for _ in range(20):
                _act(own, 2, worker=number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(settings).rows == 6 * 20 * 2


def test_an_act_that_waits_for_its_commit_holds_nobody_up(engine: sa.Engine, settings: Settings) -> None:
    sessions = make_sessions(engine)
    with sessions() as slow, sessions() as quick:
        record(slow, None, "opened", "cases", 1)
        slow.execute(sa.text("SELECT 1"))
        _act(quick)  # would never come back, were the chain locked by the other
        slow.commit()
    assert verify(settings).rows == 2


def test_what_was_undone_was_not_done(session: Session, settings: Settings) -> None:
    record(session, None, "opened", "cases", 1)
    session.rollback()
    record(session, None, "kept", "cases", 2)
    nested = session.begin_nested()
    record(session, None, "undone", "cases", 3)
    nested.rollback()
    with session.begin_nested():
        record(session, None, "kept, too", "cases", 4)
    session.commit()
    assert session.scalars(sa.select(AuditRow.action).order_by(AuditRow.id)).all() == ["kept", "kept, too"]
    assert verify(settings).rows == 2


def test_what_is_marked_is_written_once(session: Session, settings: Settings) -> None:
    for _ in range(3):
        record(session, None, "listened", "reports", 1, once="1:2:3")
        record(session, None, "listened", "reports", 1, once="1:2:3")
        session.commit()
    assert verify(settings).rows == 1


def test_months_past_their_keeping_are_closed_and_the_rest_still_fits(
    session: Session, engine: sa.Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = utcnow()
    moments = [now - timedelta(days=days) for days in (90, 89, 50, 49, 0)]
    told = iter(moments)
    clock: Callable[[], object] = lambda: next(told)  # noqa: E731
    monkeypatch.setattr("hotline.vault.audit.utcnow", clock)
    for _ in range(5):
        _act(session)
    monkeypatch.setattr("hotline.vault.audit.utcnow", utcnow)
    closed = close_months(session, now)
    session.commit()
    assert closed == sorted({f"{moment:%Y-%m}" for moment in moments} - {f"{now:%Y-%m}"})
    found = verify(settings)
    assert found.closed_months == len(closed) and found.sequence == 5 + len(closed)
    _behind_our_back(engine, "UPDATE audit_closings SET rows = rows + 1")
    with pytest.raises(BrokenChain, match="closing of"):
        verify(settings)


def test_nothing_is_added_to_a_chain_whose_head_was_altered(session: Session, engine: sa.Engine) -> None:
    _act(session, 2)
    _behind_our_back(
        engine, "UPDATE audit_head SET sequence = 1, mac = (SELECT mac FROM audit WHERE sequence = 1)"
    )
    record(session, None, "listened", "reports", 3)
    with pytest.raises(BrokenChain, match="head of the audit trail was altered"):
        session.commit()


def _close_two_months(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    now = utcnow()
    told = iter([now - timedelta(days=days) for days in (95, 94, 60, 0)])
    monkeypatch.setattr("hotline.vault.audit.utcnow", lambda: next(told))
    for _ in range(4):
        _act(session)
    monkeypatch.setattr("hotline.vault.audit.utcnow", utcnow)
    closed = close_months(session, now)
    session.commit()
    assert len(closed) == 2
    return closed


def test_of_a_closed_month_no_row_is_left_and_that_it_was_closed_is_an_act(
    session: Session, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    closed = _close_two_months(session, monkeypatch)
    rows = session.execute(
        sa.select(AuditRow.action, AuditRow.subject, AuditRow.subject_id).order_by(AuditRow.sequence)
    ).all()
    assert [tuple(row) for row in rows[1:]] == [("closed", "audit", month) for month in closed]
    assert rows[0][0] == "listened"
    found = verify(settings)
    assert (found.rows, found.closed_months, found.before_the_chain) == (3, 2, 0)
    assert found.head == session.scalar(
        sa.text("SELECT encode(mac, 'hex') FROM audit ORDER BY sequence DESC LIMIT 1")
    )
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit"))


def test_a_closing_that_is_gone_is_missed(
    session: Session, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    closed = _close_two_months(session, monkeypatch)
    _behind_our_back(engine, f"DELETE FROM audit_closings WHERE month = '{closed[0]}'")
    with pytest.raises(BrokenChain, match=f"a closing before {closed[1]} is missing"):
        verify(settings)


def test_rows_from_before_the_chain_are_counted_apart(
    session: Session, engine: sa.Engine, settings: Settings
) -> None:
    older = "INSERT INTO audit (at, action, subject, subject_id, detail) VALUES (now(), 'a', 'b', 'c', '{}')"
    _behind_our_back(engine, older, older)
    _act(session, 1)
    found = verify(settings)
    assert (found.before_the_chain, found.rows) == (2, 1)


def test_an_empty_trail_is_whole(settings: Settings) -> None:
    assert verify(settings).rows == 0
    assert verify(settings).head == "00" * 32


def test_who_closes_a_month_waits_for_who_writes(engine: sa.Engine, session: Session) -> None:
    with make_sessions(engine)() as writing:
        _act(session)
        writing.execute(sa.text("SELECT 1 FROM audit_head FOR UPDATE"))
        session.execute(sa.text("SET lock_timeout = '200ms'"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            close_months(session, utcnow())
        session.rollback()
