"""The hotline on three hosts, with a carrier and callers outside: see two_hosts.py."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import boto3
import psycopg
from sqlalchemy.orm import Session

from benchmarks.hosts import NET, OUTSIDE, Host
from hotline.db import make_engine, upgrade, utcnow
from hotline.embedded import postgres, valkey
from hotline.embedded.children import end, wait_for
from hotline.intake.models import Line
from hotline.settings import Settings
from hotline.vault.keys import unlock
from tests.buckets import ACCOUNT, BUCKET
from tests.buckets import start as start_s3
from tests.carriers import run_carrier
from tests.conftest import settings_for
from tests.faults.callers import LINE, Callers
from tests.faults.world import World
from tests.journeys.forked import ROOT
from tests.journeys.running import Running, environment_of

PUBLIC = f"http://{OUTSIDE}:8080"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
DOOR, POSTGRES, REDIS, S3 = 8000, 5432, 6379, 9000  # ports
CONNECTED = (
    "SELECT client_addr::text, application_name, count(*) FROM pg_stat_activity"
    " WHERE client_addr IS NOT NULL GROUP BY 1, 2"
)


@dataclass
class Site(World):
    """`keeper`: PostgreSQL, Redis, S3. `doors`: on each a carrier's door, a worker, a sweep, and its own folder."""

    keeper: Host = field(kw_only=True)
    doors: list[Host] = field(kw_only=True)
    machines: dict[str, Running] = field(kw_only=True)  # by the address of a door
    connections: dict[str, int] = field(default_factory=dict)

    def start(self, door: Host) -> None:
        """Everything that runs on it, as at its boot."""
        machine = self.machines[door.address]
        gunicorn = (
            "gunicorn",
            "-c",
            "python:hotline.web.gunicorn_config",
            "--bind",
            f"{door.address}:{DOOR}",
        )
        commands = {"door": (*gunicorn, "wsgi:app"), "worker": ("workers.work",), "sweep": ("workers.sweep",)}
        for name, command in commands.items():
            door.do(machine.start, name, "env", f"PGAPPNAME={name}", sys.executable, "-m", *command)

    def spools(self) -> list[Path]:
        return [self.data / door.address / "spool" for door in self.doors]

    def files(self) -> int:
        bucket = boto3.client("s3", endpoint_url=self.settings.s3_endpoint_url, **ACCOUNT)
        pages = bucket.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return sum(page["KeyCount"] for page in pages)

    def count_connections(self, over: threading.Event) -> None:
        """The most that each kind of process has held on one host, looked at ten times a second."""
        with psycopg.connect(host=str(self.database.socket), user=postgres.USER, autocommit=True) as mine:
            while not over.wait(0.1):
                for _, name, count in mine.execute(CONNECTED):
                    self.connections[name] = max(count, self.connections.get(name, 0))


@contextmanager
def a_site(data: Path) -> Iterator[Site]:
    """Three hosts, everything started on them, and Caddy before the two."""
    keeper, doors = Host(10), [Host(2), Host(3)]
    database, redis, s3 = _keep(keeper, data)
    with run_carrier(OUTSIDE) as carrier:
        settings = settings_for(
            f"postgresql+psycopg://{postgres.USER}@{keeper.address}:{POSTGRES}/hotline",
            f"redis://{keeper.address}:{REDIS}/0", data, MEDIA_URL=f"s3://{BUCKET}/audio",
            S3_ENDPOINT_URL=f"http://{keeper.address}:{S3}", HOTLINE_RECONCILE_SECONDS=20, PUBLIC_URL=PUBLIC, **KEYS,
        )  # fmt: skip
        _set_up(settings)
        machines = {}
        for door in doors:
            folder = data / door.address
            folder.mkdir()
            environment = environment_of(settings, PUBLIC, carrier.url) | KEYS
            environment |= {"HOTLINE_DATA": str(folder), "S3_ENDPOINT_URL": settings.s3_endpoint_url}
            machines[door.address] = Running(settings, environment | {"HOTLINE_DOOR": "carrier"}, "", folder)
        site = Site(
            data, settings, database, redis, machines[doors[0].address], carrier,
            Callers(carrier, PUBLIC, random.Random(1)), 0.0, keeper=keeper, doors=doors, machines=machines,
        )  # fmt: skip
        over = threading.Event()
        counting = threading.Thread(target=site.count_connections, args=(over,))
        proxy = _pass_on(doors, data)
        try:
            counting.start()
            for door in doors:
                site.start(door)
                site.running.wait_until_answers(f"http://{door.address}:{DOOR}/readyz")
            site.running.wait_until_answers(f"{PUBLIC}/readyz")
            yield site
        finally:
            over.set()
            counting.join()
            end(proxy, signal.SIGTERM)
            for machine in machines.values():
                machine.stop()
            site.hand.shutdown()
            s3.kill()
            redis.stop()
            database.stop()
            for host in (keeper, *doors):
                host.remove()
            shutil.rmtree(postgres.home(data / "postgres"), ignore_errors=True)  # it may lie elsewhere


def _keep(keeper: Host, data: Path) -> "tuple[postgres.Server, valkey.Server, subprocess.Popen[bytes]]":
    """PostgreSQL, Redis and S3, reached from every host of this network alone."""
    child = postgres.prepare(data / "postgres")
    with (child.folder / "cluster" / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {NET}.0/24 trust\n")
    child = replace(child, command=(*child.command, "-c", f"listen_addresses={keeper.address}"))
    log, socket = child.folder / "server.log", postgres.socket_folder(child.folder)
    process = keeper.do(child.start, log)
    wait_for(lambda: postgres.answers(socket), process, log, "PostgreSQL")
    database = postgres.Server(process, socket)
    database.create_database("hotline")

    child = valkey.prepare(data / "valkey")
    opened = ("--port", str(REDIS), "--bind", keeper.address, "--protected-mode", "no")
    process = keeper.do(replace(child, command=(*child.command, *opened)).start, data / "valkey.log")
    redis = valkey.Server(process, f"redis://{keeper.address}:{REDIS}/0")

    s3 = keeper.do(start_s3, S3, data / "s3.log", keeper.address)
    url = f"http://{keeper.address}:{S3}"
    boto3.client("s3", endpoint_url=url, **ACCOUNT).create_bucket(Bucket=BUCKET)
    return database, redis, s3


def _set_up(settings: Settings) -> None:
    """The tables, and a line."""
    upgrade(settings)
    unlock(settings)
    with Session(make_engine(settings, pooled=False)) as session:
        languages = ["my", "th", "ne", "en"]
        line = Line(number=LINE, name="Main", tree="main", languages=languages, answers_texts=False)
        line.added_at = utcnow()
        session.add(line)
        session.commit()


def _pass_on(doors: list[Host], data: Path) -> "subprocess.Popen[bytes]":
    """Caddy, as deploy/Caddyfile tells it."""
    told = {
        "CARRIER_HOST": PUBLIC,
        "CONSOLE_HOST": f"http://{OUTSIDE}:8081",
        "CARRIER_DOOR": " ".join(f"{door.address}:{DOOR}" for door in doors),
        "XDG_DATA_HOME": str(data / "caddy"),
        "XDG_CONFIG_HOME": str(data / "caddy"),
    }
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(ROOT / "deploy" / "Caddyfile")]
    with (data / "caddy.log").open("wb") as log:
        return subprocess.Popen(command, env=os.environ | told, stdout=log, stderr=log)
