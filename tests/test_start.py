"""In production each process refuses to start without its settings, and says which; its log is JSON."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from hotline.settings import Settings
from tests.environment import environment_of
from tests.journeys.running import ROOT, free_port, wait_until

GUNICORN = ("gunicorn", "-c", "python:hotline.web.gunicorn_config")
NEEDED = (
    "PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "MEDIA_URL", "SECRET_KEY", "DATA_KEYS", "LOOKUP_KEY",
    "AUDIT_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN",
)  # fmt: skip


@pytest.mark.parametrize("module", [(*GUNICORN, "wsgi:app"), ("workers.work",), ("workers.sweep",)], ids=str)
def test_a_process_without_settings_names_each_and_ends(module: tuple[str, ...]) -> None:
    bare = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    ended = subprocess.run(
        [sys.executable, "-m", *module], cwd=ROOT, env=bare, capture_output=True, text=True, timeout=90
    )
    assert ended.returncode != 0
    assert all(name in ended.stderr for name in NEEDED), ended.stderr
    assert "Traceback" not in ended.stderr


def test_in_production_every_line_of_the_log_is_json_and_names_no_caller(
    settings: Settings, tmp_path: Path
) -> None:
    port = free_port()
    environment = environment_of(settings) | {
        "HOTLINE_ENV": "production",
        "PUBLIC_URL": "https://hotline.test",
    }
    log = tmp_path / "web.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", *GUNICORN, "--bind", f"127.0.0.1:{port}", "--workers", "1", "wsgi:app"],
            cwd=ROOT, env=environment, stdout=written, stderr=written,
        )  # fmt: skip
    try:
        wait_until(lambda: _lives(port), 90, f"it answers, see {log}")
        requests.post(
            f"http://127.0.0.1:{port}/voice/step?l=my&r=7712043", {"From": "+66812345678"}, timeout=5
        )
    finally:
        process.terminate()
        process.wait(30)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert any(line["event"].startswith("POST /voice/step 403") for line in lines), lines
    assert "66812345678" not in log.read_text() and "7712043" not in log.read_text()
    assert "127.0.0.1 " not in log.read_text()


def _lives(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).ok
    except requests.RequestException:
        return False


def test_who_keeps_a_line_open_after_its_last_answer_makes_nobody_wait(settings: Settings) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", *GUNICORN, "--bind", f"127.0.0.1:{port}", "--workers", "1", "wsgi:app"],
        cwd=ROOT, env=environment_of(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until(lambda: _lives(port), 90, "it answers")
        rude = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
        for line in rude:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        began = time.monotonic()
        assert _lives(port)
        assert time.monotonic() - began < 0.9, "each of them would have cost two seconds"
        for line in rude:
            assert b"200 OK" in line.recv(4096)
            line.close()
    finally:
        process.terminate()
        process.wait(30)
