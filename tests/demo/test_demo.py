"""The demo keeps what its screen says: it starts again what died, stops in order, and keeps what was told."""

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from hotline.embedded import postgres
from hotline.rehearsal.client import Phone
from hotline.settings import read_demo
from tests.demo.starting import Demo, alive, hotline
from tests.faults.world import children_of
from tests.journeys.running import wait_until

PEOPLE = {"thiri": "transcriber", "bimala": "transcriber", "htet": "caseworker", "somchai": "supervisor", "anong": "administrator"}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data = tmp_path_factory.mktemp("demo")
    started = Demo.start(data)
    yield started
    if started.process.poll() is None:
        started.interrupt()
    shutil.rmtree(postgres.home(data / "postgres"), ignore_errors=True)  # it may lie elsewhere


def _count(demo: Demo, query: str) -> int:
    engine = sa.create_engine(read_demo(demo.data)["DATABASE_URL"])
    try:
        with engine.connect() as connection:
            return int(connection.scalar(sa.text(query)) or 0)
    finally:
        engine.dispose()


def _signs_in(demo: Demo, email: str, password: str) -> bool:
    with requests.Session() as browser:
        page = browser.get(f"{demo.console}/staff/sign-in").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token
        fields = {"email": email, "password": password, "csrf_token": token[1], "submit": "Login"}
        answer = browser.post(f"{demo.console}/staff/sign-in", data=fields, allow_redirects=False)
        return answer.status_code == 302


def test_one_screen_says_where_to_look_who_signs_in_and_how_to_stop(demo: Demo) -> None:
    assert demo.console in demo.screen
    assert f"http://127.0.0.1:{demo.port + 1}" in demo.screen
    assert "Ctrl-C stops everything" in demo.screen
    rows = dict(re.findall(r"(\w+)@hotline\.example\s+(\w+)", demo.screen))
    assert rows == PEOPLE
    password = re.search(r"thiri@hotline\.example\s+transcriber\s+my,th\s+(\S+)", demo.screen)
    assert password and _signs_in(demo, "thiri@hotline.example", password[1])


def test_what_the_first_start_played_is_marked_as_rehearsal(demo: Demo) -> None:
    assert _count(demo, "SELECT count(*) FROM reports") >= 6
    for table in ("reports", "calls", "contacts", "messages"):
        assert _count(demo, f"SELECT count(*) FROM {table} WHERE NOT rehearsal") == 0


def test_a_caller_can_choose_between_two_areas_from_the_first_start_on(demo: Demo) -> None:
    named = "SELECT count(DISTINCT area) FROM area_names WHERE state = 'approved' AND language = 'th'"
    assert _count(demo, named) == 2
    assert _count(demo, "SELECT count(*) FROM area_names WHERE by_id = decided_by_id") == 0
    heard = Phone(f"http://127.0.0.1:{demo.port + 1}").play(
        from_="+66812345699", to="+6620000142", keys="2311"
    )
    assert "help.where" in [entry.get("prompt") for entry in heard["log"]]


def test_a_new_password_signs_in_and_the_old_one_no_longer(demo: Demo) -> None:
    old = re.search(r"htet@hotline\.example\s+caseworker\s+\S+\s+(\S+)", demo.screen)
    changed = hotline(demo.data, "staff", "password", "htet@hotline.example")
    assert changed.returncode == 0, changed.stderr
    new = changed.stdout.split()[-1]
    assert old and _signs_in(demo, "htet@hotline.example", new)
    assert not _signs_in(demo, "htet@hotline.example", old[1])


@pytest.mark.parametrize("part", ["web", "worker", "sweep", "carrier", "valkey", "postgres"])
def test_what_is_killed_is_started_again(demo: Demo, part: str) -> None:
    before = demo.pids()[part]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: demo.pids().get(part, before) != before, 30, f"{part} runs again")
    wait_until(demo.answers, 30, "the console answers")


def test_a_port_in_use_is_one_sentence(demo: Demo, tmp_path: Path) -> None:
    failed = hotline(tmp_path, "demo", "--port", str(demo.port))
    assert failed.returncode == 1
    assert f"Port {demo.port} is in use" in failed.stderr and "Traceback" not in failed.stderr


def test_ctrl_c_stops_everything_postgresql_last_and_a_second_start_keeps_what_was_told(demo: Demo) -> None:
    reports = _count(demo, "SELECT count(*) FROM reports")
    parts = demo.pids()
    assert set(parts) == {"postgres", "valkey", "web", "worker", "sweep", "carrier"}
    everything = [*parts.values(), *(child for pid in parts.values() for child in children_of(pid))]
    demo.process.send_signal(signal.SIGINT)
    while any(alive(pid) for name, pid in parts.items() if name != "postgres"):
        assert alive(parts["postgres"]), "PostgreSQL ends last"
        time.sleep(0.01)
    demo.process.wait(60)
    wait_until(lambda: not any(map(alive, everything)), 10, "no process is left")
    assert "Traceback" not in demo.screen

    again = Demo.start(demo.data)
    try:
        assert "Passwords were shown at the first start" in again.screen
        assert _count(again, "SELECT count(*) FROM reports") == reports
        cleared = hotline(again.data, "demo", "--clear")
        assert cleared.returncode == 0 and f"Removed {reports} rehearsal reports" in cleared.stdout
        for table in ("reports", "calls", "contacts", "messages", "recordings", "outbox"):
            assert _count(again, f"SELECT count(*) FROM {table} WHERE NOT (kind IN ('reconcile', 'purge'))" if table == "outbox" else f"SELECT count(*) FROM {table}") == 0, table  # fmt: skip
        assert _count(again, "SELECT count(*) FROM users") == len(PEOPLE)
        _leave_no_orphans(again)
    finally:
        if again.process.poll() is None:
            again.interrupt()


def _leave_no_orphans(demo: Demo) -> None:
    """The supervisor killed outright takes everything with it."""
    parts = list(demo.pids().values())
    everything = [*parts, *(child for pid in parts for child in children_of(pid))]
    os.kill(demo.supervisor(), signal.SIGKILL)
    wait_until(lambda: not any(map(alive, everything)), 30, "nothing outlives the supervisor")
    demo.process.wait(60)
