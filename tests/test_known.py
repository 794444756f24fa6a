"""What a web process knows without asking: at its very first call it waits for the first look, and no longer."""

import time
from concurrent.futures import ThreadPoolExecutor

from hotline.known import Known
from hotline.settings import Settings
from hotline.writer import Connection, Writer, is_there
from tests.patience import IN_EARNEST


def _slowly(connection: Connection) -> str:
    time.sleep(0.3)
    return "read" if is_there(connection) else "not there"


def test_who_comes_while_the_first_look_is_under_way_waits_for_it(settings: Settings) -> None:
    known = Known("a thing", Writer(settings), _slowly, "nothing yet")
    with ThreadPoolExecutor(8) as callers:
        told = [caller.result() for caller in [callers.submit(known.now) for _ in range(8)]]
    assert told == ["read"] * 8


def test_a_later_look_keeps_nobody_waiting(settings: Settings) -> None:
    known = Known("a thing", Writer(settings), _slowly, "nothing yet")
    known.now()
    with ThreadPoolExecutor(2) as callers:
        looking = callers.submit(known.now, older_than=0.0)
        time.sleep(0.1)
        began = time.monotonic()
        assert known.now() == "read" and time.monotonic() - began < 0.1
        assert looking.result() == "read"


def test_with_the_database_away_what_was_known_serves(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": "postgresql+psycopg://hotline@/none?host=/nowhere"})
    known = Known("a thing", Writer(away), _slowly, "from the copy")
    began = time.monotonic()
    with ThreadPoolExecutor(8) as callers:
        told = [caller.result() for caller in [callers.submit(known.now) for _ in range(8)]]
    assert told == ["from the copy"] * 8 and time.monotonic() - began < 2 * IN_EARNEST[0]
