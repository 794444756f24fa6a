"""The whole hotline as it runs in production: gunicorn, workers, the sweep, and a carrier, each a process."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from tests.journeys.forked import ROOT, Forked

RQ_MISSES_A_JOB = "rq.exceptions.InvalidJobOperation"  # what it says of a Redis that was emptied


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_until(true: Callable[[], object], seconds: float, what: str) -> None:
    """Look every 50 ms; fail with `what` when it did not come true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"after {seconds} s still not so: {what}"
        time.sleep(0.05)


def press_in_turn(phone: Phone, sid: str, *keys: str) -> None:
    """Each as it is asked for, in a call that somebody is in."""
    for each in keys:
        wait_until(lambda: phone.look(sid)["waits"].get("for") == "key", 20, "a key is asked for")
        heard = _asked(phone, sid)
        phone.press(sid, each)
        wait_until(lambda heard=heard: _asked(phone, sid) > heard, 10, "the key is heard")


def go_to_the_tone(phone: Phone, sid: str) -> None:
    """Wait for the microphone, with a breath taken: nobody is taken for silent before they `speak`."""
    phone.begin_to_speak(sid)
    wait_until(lambda: phone.look(sid)["waits"].get("for") == "voice", 20, "the tone")


def _asked(phone: Phone, sid: str) -> int:
    return sum(line["verb"] == "Gather" for line in phone.look(sid)["log"])


@dataclass
class Running:
    """Processes by name; each may be killed and started again."""

    settings: Settings
    environment: dict[str, str]
    phone_url: str
    logs: Path
    commands: dict[str, list[str]] = field(default_factory=dict)
    processes: dict[str, "Forked | subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> None:
        """Start it; without a command, once more."""
        if command:
            self.commands[name] = list(command)
        program, *words = self.commands[name]
        log = self.logs / f"{name}.log"
        if program == sys.executable and words[0] == "-m":
            self.processes[name] = Forked(words[1:], self.environment, log)
            return
        with log.open("ab") as written:
            self.processes[name] = subprocess.Popen(
                self.commands[name], cwd=ROOT, env=self.environment, stdout=written, stderr=written,
                start_new_session=True,
            )  # fmt: skip

    def wait_until_answers(self, url: str) -> None:
        wait_until(lambda: _answers(url), 30, f"{url} answers, see {self.logs}")

    def kill(self, name: str) -> None:
        """SIGKILL the process alone: what it forked lives on as an orphan."""
        self.processes[name].kill()
        self.processes[name].wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                pass
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def server_errors(self) -> list[str]:
        """Tracebacks in any log: errors that nobody expected."""
        found = []
        for log in sorted(self.logs.glob("*.log")):
            parts = log.read_text(errors="replace").split("Traceback (most recent call last):")
            found += [f"{log.name}: {part[:3000]}" for part in parts[1:] if RQ_MISSES_A_JOB not in part]
        return found


def environment_of(settings: Settings, public_url: str, carrier_url: str) -> dict[str, str]:
    """These settings as the environment of the hotline's processes, at these addresses."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "TWILIO_"))},
        "HOTLINE_ENV": "demo",  # supervisors sign in without a second factor
        "HOTLINE_DATA": str(settings.data),
        "HOTLINE_ZONE": settings.zone,
        "HOTLINE_OFFICE": settings.office,
        "HOTLINE_REHEARSAL": "1",
        "HOTLINE_INTAKE_HOURS": str(settings.intake_hours),
        "HOTLINE_LEASE_SECONDS": str(settings.lease_seconds),
        "HOTLINE_CALLBACK_HOURS": settings.callback_hours,
        "HOTLINE_RECONCILE_SECONDS": str(settings.reconcile_seconds),
        "HOTLINE_CARRIER": settings.carrier,
        "HOTLINE_MEDIA_HOSTS": ",".join(settings.media_hosts),
        "PUBLIC_URL": public_url,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "MEDIA_URL": settings.media_url,
        "SECRET_KEY": settings.secret_key,
        "DATA_KEYS": _ring(settings),
        "LOOKUP_KEY": _base64(settings.lookup_key),
        "AUDIT_KEY": _base64(settings.audit_key),
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_tokens[0],
        "TWILIO_API_URL": carrier_url,
    }


@contextmanager
def run_hotline(
    settings: Settings,
    data: Path,
    *,
    workers: int = 1,
    speed: str = "50",
    lines: str = "+6620000142",
    gaps: str = "",
) -> Iterator[Running]:
    """Start everything on free ports and wait until it answers; the carrier has these gaps."""
    public, phone = free_port(), free_port()
    logs = data / f"logs-{public}"
    logs.mkdir(parents=True)
    (data / f"carrier-{phone}").mkdir()
    public_url, phone_url = f"http://127.0.0.1:{public}", f"http://127.0.0.1:{phone}"
    environment = environment_of(settings, public_url, phone_url) | {
        "REHEARSAL_WEBHOOKS": public_url,
        "REHEARSAL_ACCOUNT_SID": settings.twilio_account_sid,
        "REHEARSAL_AUTH_TOKEN": settings.twilio_auth_tokens[0],
        "REHEARSAL_LINES": lines,
        "REHEARSAL_DATA": str(data / f"carrier-{phone}"),
        "REHEARSAL_SPEED": speed,
        "REHEARSAL_GAPS": gaps,
    }
    running = Running(settings, environment, phone_url, logs)
    gunicorn = (sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--no-control-socket")
    try:
        running.start(
            "carrier", *gunicorn, "--workers", "1", "--threads", "32", "--bind", f"127.0.0.1:{phone}",
            "hotline.rehearsal.app:create_app()",
        )  # fmt: skip
        running.start(
            "web", *gunicorn, "--workers", "1", "--threads", "16", "--bind", f"127.0.0.1:{public}", "wsgi:app"
        )
        for number in range(workers):
            running.start(f"worker{number}", sys.executable, "-m", "workers.work")
        running.start("sweep", sys.executable, "-m", "workers.sweep")
        running.wait_until_answers(f"{public_url}/healthz")
        running.wait_until_answers(phone_url)
        yield running
    finally:
        running.stop()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=1).status_code == 200
    except requests.RequestException:
        return False


def _base64(key: bytes) -> str:

    return base64.b64encode(key).decode()


def _ring(settings: Settings) -> str:
    return ",".join(f"{name}:{_base64(key)}" for name, key in settings.data_keys)
