"""A whole hotline whose every part can be hurt: its own PostgreSQL and Valkey, web, workers, sweep, carrier."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import make_engine, upgrade, utcnow
from hotline.embedded import postgres, valkey
from hotline.intake.ledger import Ledger, keep_ledger
from hotline.intake.models import Attachment, Call, Line, Message, Recording, Report
from hotline.media.file_store import FileStore
from hotline.outbox import OutboxRow
from hotline.settings import Settings
from hotline.vault.keys import unlock
from tests.carriers import RunningCarrier, run_carrier
from tests.conftest import settings_for
from tests.faults.callers import LINE, Callers
from tests.journeys.running import Running, environment_of, free_port, wait_until


class CannotTry(Exception):
    """This machine does not let us do that to it."""


@dataclass
class World:
    """Everything that runs, and who calls."""

    data: Path
    settings: Settings
    database: postgres.Server
    redis: valkey.Server
    running: Running
    carrier: RunningCarrier
    callers: Callers
    outage: float  # seconds that a part is away
    unsettled: list[str] = field(default_factory=list)
    # The embedded servers die with the thread that started them: this one lives as long as the world.
    hand: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def live_through(self, events: int, fault: "Callable[[Self], None]") -> None:
        """So many webhooks come in while it happens. Raises: CannotTry."""
        self.callers.act(events, lambda: self.hand.submit(fault, self))

    # ── what may be hurt ──
    def kill(self, name: str, *, children_too: bool = False, itself: bool = True) -> None:
        """SIGKILL; whoever supervises starts it again."""
        parent = self.running.processes[name].pid
        victims = children_of(parent) if children_too or not itself else []
        if itself:
            self.running.kill(name)
        for child in victims:
            _send(child, signal.SIGKILL)

    def kill_web_process(self) -> None:
        """One of the web server's own processes; the server starts another."""
        _send(children_of(self.running.processes["web"].pid)[0], signal.SIGKILL)

    def freeze(self, pid: int) -> None:
        """Stopped with its connections open, for as long as an outage lasts."""
        pids = [pid, *children_of(pid)]
        for one in pids:
            _send(one, signal.SIGSTOP)
        time.sleep(self.outage)
        for one in pids:
            _send(one, signal.SIGCONT)

    def restart_database(self, sign: signal.Signals, *, away: bool = False) -> None:
        self.database.process.send_signal(sign)
        self.database.process.wait()
        if away:
            time.sleep(self.outage)
        self.database = postgres.start(self.data / "postgres")

    def restart_redis(self) -> None:
        self.redis.process.kill()
        self.redis.process.wait()
        self.redis = valkey.start(self.data / "valkey")

    def fill_disk(self) -> None:
        """The disk of the recordings takes nothing more. Raises: CannotTry."""
        media = self.data / "media"
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", media], capture_output=True)
        if made.returncode != 0:
            raise CannotTry("no disk of its own can be mounted here")
        try:
            (media / "full").write_bytes(bytes(64 * 1024))  # what was stored there would go with it
            time.sleep(self.outage)
        finally:
            subprocess.run(["umount", "--lazy", media], check=True)

    # ── what must hold ──
    def settle(self, seconds: float) -> float:
        """Wait until everything that was said is here; the answer is how long it took. Raises: AssertionError."""
        began = time.monotonic()
        try:
            wait_until(self._is_settled, seconds, "everything is here")
        except AssertionError:
            raise AssertionError(f"after {seconds} s not here: {', '.join(self.unsettled)}") from None
        return time.monotonic() - began

    def _is_settled(self) -> bool:
        try:
            with Session(make_engine(self.settings, pooled=False)) as session:
                self.unsettled[:] = self._missing(session)
        except sa.exc.SQLAlchemyError as away:
            self.unsettled[:] = [type(away).__name__]
        return not self.unsettled

    def _missing(self, session: Session) -> list[str]:
        stored = set(session.scalars(sa.select(Recording.sid).where(Recording.stored_at.is_not(None))))
        texts = set(session.scalars(sa.select(Message.sid).where(Message.direction == "in")))
        calls = set(session.scalars(sa.select(Call.sid).where(Call.ended_at.is_not(None))))
        came = session.scalar(
            sa.select(sa.func.count()).select_from(Attachment).where(Attachment.state == "stored")
        )
        due = session.scalar(
            sa.select(sa.func.count()).where(
                OutboxRow.state == "due", OutboxRow.kind.not_in(("reconcile", "purge"))
            )
        )
        waits = {
            "voicemails": len(self.callers.voicemails - stored),
            "texts": len(self.callers.texts - texts),
            "pictures and voice notes": len(self.callers.pictures | self.callers.voice_notes) - (came or 0),
            "calls": len(self.callers.calls - calls),
            "promises": due or 0,
            "kept webhooks": sum(len(list(spool.glob("*.kept"))) for spool in self.spools()),
        }
        return [f"{count} {what}" for what, count in waits.items() if count]

    def spools(self) -> list[Path]:
        """Where webhooks are kept while the database is away."""
        return [self.settings.data / "spool"]

    def files(self) -> int:
        """How many lie in the store, whole: who was killed while writing one leaves a part of no name."""
        return len(FileStore(f"file:{self.settings.data / 'media'}").names())

    def check(self) -> Ledger:
        """Nothing lost, nothing doubled, and the ledger adds up. Raises: AssertionError."""
        with Session(make_engine(self.settings, pooled=False)) as session:
            ledger = keep_ledger(session)
            voice = sa.select(sa.func.count()).where(Report.kind == "voice", Report.state == "waiting")
            text = sa.select(sa.func.count()).where(Report.kind == "text", Report.state == "waiting")
            voices, notes = len(self.callers.voicemails), len(self.callers.voice_notes)
            pictures = sa.select(sa.func.count()).where(
                Attachment.kind == "picture", Attachment.shown.is_not(None)
            )
            assert session.scalar(voice) == voices + notes
            assert session.scalar(text) == len(self.callers.texts) - notes
            assert session.scalar(pictures) == len(self.callers.pictures)
            assert ledger.texts == len(self.callers.texts)
        assert ledger.stored == len(self.callers.voicemails)
        assert ledger.calls == len(self.callers.calls)
        ends = (ledger.stored, ledger.empty, ledger.hung_up, ledger.not_received, ledger.arriving)
        assert ledger.reached_microphone == sum(ends)
        assert ledger.calls == ledger.reached_microphone + ledger.elsewhere + ledger.unknown
        stored = voices + notes + len(self.callers.pictures)
        assert self.files() == 2 * stored, "of each an original, and a copy to play or to look at"
        held = self.carrier.exchange
        assert not held.recordings and not held.media, "the carrier has forgotten every one"
        assert not any(list(spool.glob("*.refused")) for spool in self.spools())
        return ledger


@contextmanager
def a_world(data: Path, *, outage: float, seed: int, **given: object) -> Iterator[World]:
    """Start everything on this folder and wait until it answers."""
    database, redis = postgres.start(data / "postgres"), valkey.start(data / "valkey")
    database.create_database("hotline")
    public_url = f"http://127.0.0.1:{free_port()}"
    settings = settings_for(
        database.url("hotline"), redis.url, data, PUBLIC_URL=public_url, HOTLINE_MEDIA_HOSTS="localhost", **given
    )  # fmt: skip
    upgrade(settings)
    unlock(settings)
    with Session(make_engine(settings, pooled=False)) as session:
        languages = ["my", "th", "ne", "en"]
        session.add(
            Line(
                number=LINE,
                name="Main",
                tree="main",
                languages=languages,
                answers_texts=False,
                added_at=utcnow(),
            )
        )
        session.commit()
    with run_carrier() as carrier:
        (data / "logs").mkdir()
        running = Running(settings, environment_of(settings, public_url, carrier.url), "", data / "logs")
        world = World(
            data, settings, database, redis, running, carrier,
            Callers(carrier, public_url, random.Random(seed)), outage,
        )  # fmt: skip
        over = threading.Event()
        supervisor = threading.Thread(target=_supervise, args=(running, over), daemon=True)
        try:
            _start(running, public_url)
            supervisor.start()
            yield world
        finally:
            over.set()
            supervisor.join()
            running.stop()
            world.hand.shutdown()
            world.redis.stop()
            world.database.stop()
            shutil.rmtree(postgres.home(data / "postgres"), ignore_errors=True)  # it may lie elsewhere


def _start(running: Running, public_url: str) -> None:
    running.start(
        "web", sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--no-control-socket",
        "--workers", "2", "--threads", "16", "--bind", public_url.removeprefix("http://"), "wsgi:app",
    )  # fmt: skip
    for number in range(2):
        running.start(f"worker{number}", sys.executable, "-m", "workers.work")
    running.start("sweep", sys.executable, "-m", "workers.sweep")
    running.wait_until_answers(f"{public_url}/healthz")


def _supervise(running: Running, over: threading.Event) -> None:
    """What supervisord does in the demo and systemd elsewhere: what has ended is started again."""
    while not over.wait(0.5):
        for name, process in list(running.processes.items()):
            if process.poll() is not None:
                running.start(name)


def children_of(pid: int) -> list[int]:
    """The processes that this one has started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
        except OSError:
            continue
    return sorted(found)


def _send(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        pass
