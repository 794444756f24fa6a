"""The watch over statements: nobody waits without it, and it costs nothing where nobody waits."""

import socket
import threading
import time

import pytest

from hotline import writer
from hotline.writer import Watch
from tests.journeys.running import wait_until


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "PATIENCE", 0.05)


def _watches() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "watch"}


def test_a_watch_that_nobody_needs_ends_and_comes_back_for_who_waits(quick: None) -> None:
    before, watch = _watches(), Watch()
    ours, theirs = socket.socketpair()
    for _ in range(3):
        with watch.over(ours.fileno()):
            mine = _watches() - before
            assert len(mine) == 1
        wait_until(lambda mine=mine: not any(thread.is_alive() for thread in mine), 5, "the watch ends")
    with watch.over(ours.fileno()):
        ours.settimeout(5)
        assert ours.recv(1) == b"", "it hangs up on who does not answer"
    theirs.close()


def test_whoever_begins_to_wait_as_it_ends_is_watched(quick: None) -> None:
    watch, until, failed = Watch(), time.monotonic() + 2, []

    def ask(apart: float) -> None:
        ours, theirs = socket.socketpair()
        try:
            while time.monotonic() < until:
                with watch.over(ours.fileno()):
                    wait_until(watch._is_watched, 5, "somebody watches")
                time.sleep(apart)
        except AssertionError as unwatched:
            failed.append(unwatched)
        theirs.close()

    asking = [threading.Thread(target=ask, args=(0.05 + number / 1000,)) for number in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert failed == []


def test_a_connection_that_closed_meanwhile_leaves_the_others_watched(quick: None) -> None:
    watch = Watch()
    gone, (ours, theirs) = socket.socketpair(), socket.socketpair()
    with watch.over(gone[0].fileno()), watch.over(ours.fileno()):
        for end in gone:
            end.close()
        ours.settimeout(5)
        assert ours.recv(1) == b""
    theirs.close()
