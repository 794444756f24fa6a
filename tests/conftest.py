"""Real parts for every test: PostgreSQL and Valkey of this run's own, a fresh database for each test."""

import base64
import gc
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from passlib.hash import argon2 as passlib_argon2
from sqlalchemy.orm import Session

from hotline.db import make_engine, make_sessions, upgrade
from hotline.embedded import postgres, valkey
from hotline.embedded.children import end
from hotline.flow.prompts import Catalogue
from hotline.media.placeholders import make_placeholders
from hotline.settings import Settings, read_settings
from hotline.staff import passwords
from hotline.vault.keys import unlock

pytest_plugins = [
    "tests.patience",
    "tests.made_once",
    "tests.carrier_says",
    "tests.signing_in",
    "tests.server_errors",
    "tests.browsing",
    "tests.carriers",
    "tests.buckets",
    "tests.cases",
]

ROOT = Path(__file__).parent.parent
PLACEHOLDERS = ROOT / ".hotline" / "prompts"  # made once, by set-up or here
TEMPLATE = "hotline_template"
MEMORY, PLENTY = Path("/dev/shm"), 4 * 1024**3
NUMBERS = itertools.count()
DROPPING = ThreadPoolExecutor(1)  # PostgreSQL sleeps a tenth of a second where somebody was still connected
SLOW = ("faults", "demo", "journeys", "staff", "retention", "backup")


def settings_for(database_url: str, redis_url: str, data: Path, **given: object) -> Settings:
    """Settings of a test: the carrier's credentials are known, nothing is outside this machine."""
    key = base64.b64encode(b"k" * 32).decode()
    values: dict[str, object] = {
        "HOTLINE_ENV": "test",
        "HOTLINE_DATA": data,
        "HOTLINE_ZONE": "Asia/Bangkok",
        "HOTLINE_OFFICE": "Samut Sakhon",
        "PUBLIC_URL": "http://hotline.test",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "MEDIA_URL": f"file:{data / 'media'}",
        "SECRET_KEY": "not a secret: tests only, 32 characters or more",
        "DATA_KEYS": f"k1:{key}",
        "LOOKUP_KEY": key,
        "AUDIT_KEY": key,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "test-token",
        "TWILIO_API_URL": "http://127.0.0.1:9",
    }
    return read_settings(**(values | given))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Hashing is slow on purpose; hundreds of tests sign somebody in. (That it is strong has its own test.)"""
    passwords._hasher = lambda: PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)  # type: ignore[assignment]
    passlib_argon2.default_rounds = passlib_argon2.parallelism = 1
    passlib_argon2.memory_cost = 1024


@pytest.fixture(scope="session")
def data() -> Iterator[Path]:
    """The data folder of this run. Others may enter it: PostgreSQL does not run as root."""
    make_placeholders(Catalogue.load(ROOT / "ivr_prompts", PLACEHOLDERS), PLACEHOLDERS)
    with tempfile.TemporaryDirectory(prefix="hotline-", dir=_in_memory()) as made:
        folder = Path(made)
        folder.chmod(0o711)
        (folder / "prompts").symlink_to(PLACEHOLDERS)
        yield folder


def _in_memory() -> Path | None:
    """Memory, where there is plenty: a thousand databases of some hundred files each take a disk long."""
    plenty = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > PLENTY
    return MEMORY if plenty else None


@pytest.fixture(scope="session")
def database_server(data: Path) -> Iterator[postgres.Server]:
    server = postgres.start(data / "postgres", fast=True)
    server.create_database(TEMPLATE)
    upgrade(settings_for(server.url(TEMPLATE), "redis://unused", data))
    yield server
    DROPPING.shutdown(cancel_futures=True)
    end(server.process, signal.SIGQUIT)  # no checkpoint of some hundred databases that nobody reads again


@pytest.fixture(scope="session")
def redis_server(data: Path) -> Iterator[valkey.Server]:
    server = valkey.start(data / "valkey")
    yield server
    server.stop()


@pytest.fixture
def settings(database_server: postgres.Server, redis_server: valkey.Server, data: Path) -> Iterator[Settings]:
    """A database of its own, cloned from the migrated template, and the vault unlocked."""
    name = f"test_{os.getpid()}_{next(NUMBERS)}"
    database_server.create_database(name, template=TEMPLATE)
    made = settings_for(database_server.url(name), redis_server.url, data)
    unlock(made)
    yield made
    DROPPING.submit(database_server.drop_database, name)


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    made = make_engine(settings)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with make_sessions(engine)() as opened:
        yield opened


@pytest.fixture
def app(settings: Settings) -> Flask:
    from hotline import create_app

    return create_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def pytest_collection_finish() -> None:
    """What was read to begin with is no garbage: to look through it again and again took a fifth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no process is left alone with it at the end; but the demo, which starts
    a dozen processes again and again, not beside the faults, which do so, too.

    A browser on a busy machine may be late: such a test is tried again, twice at most, before it fails.
    """
    slow = set()
    for item in items:
        if {"page", "playwright"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.flaky(reruns=2))
            slow.add(item.path)
        elif item.path.parent.name in SLOW:
            slow.add(item.path)
    items.sort(key=lambda item: (item.path not in slow, item.path.parent.name == "demo"))
