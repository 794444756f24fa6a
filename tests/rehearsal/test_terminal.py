"""`hotline phone`: a call and a text from the terminal, the command itself in a process of its own."""

import base64
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from tests.rehearsal.hotlines import ACCOUNT, CALLER, LINE, TOKEN, Rehearsal, TinyHotline, wait_for
from tests.rehearsal.sounds import heard, silence, voice

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-u", "-c", "from hotline.cli import main; main()", "phone", LINE)
PATIENCE = 30  # seconds until the terminal has said something


@dataclass
class Terminal:
    """What is typed and what is shown."""

    process: "subprocess.Popen[str]"
    shown: "queue.Queue[str]"

    def type(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def read_until(self, words: str) -> str:
        """Everything shown up to a line with these words."""
        said, until = "", time.monotonic() + PATIENCE
        while words not in said:
            try:
                said += self.shown.get(timeout=max(0, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{words!r} is not shown, but: {said}") from None
        return said

    def end(self) -> int:
        return self.process.wait(PATIENCE)


@pytest.fixture
def environment(unhurried: Rehearsal, tmp_path: Path) -> dict[str, str]:
    key = base64.b64encode(b"k" * 32).decode()
    known = {
        name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "TWILIO_"))
    }
    return known | {
        "HOTLINE_ENV": "demo",
        "HOTLINE_DATA": str(tmp_path),
        "HOTLINE_ZONE": "Asia/Bangkok",
        "HOTLINE_OFFICE": "Samut Sakhon",
        "HOTLINE_REHEARSAL": "1",
        "PUBLIC_URL": "http://127.0.0.1:9",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
        "REDIS_URL": "redis://127.0.0.1:9",
        "MEDIA_URL": f"file:{tmp_path}",
        "SECRET_KEY": "not a secret: tests only, 32 characters or more",
        "DATA_KEYS": f"k1:{key}",
        "LOOKUP_KEY": key,
        "AUDIT_KEY": key,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": unhurried.url,
    }


@contextmanager
def _terminal(environment: dict[str, str], *arguments: str) -> Iterator[Terminal]:
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    shown: queue.Queue[str] = queue.Queue()

    def read(output: IO[str]) -> None:
        for line in output:
            shown.put(line)

    assert process.stdout
    threading.Thread(target=read, args=(process.stdout,), daemon=True).start()
    try:
        yield Terminal(process, shown)
    finally:
        process.kill()
        process.wait()


def test_a_caller_presses_speaks_and_hangs_up(
    environment: dict[str, str], hotline: TinyHotline, tmp_path: Path
) -> None:
    hotline.serves |= {
        "/voice/incoming": '<Response><Gather action="/chosen" numDigits="1" timeout="60"><Say>Press one.</Say></Gather></Response>',
        "/chosen": '<Response><Say>Speak now.</Say><Record action="/left" timeout="60"/></Response>',
        "/left": '<Response><Say>Thank you.</Say><Pause length="600"/></Response>',
    }
    spoken = tmp_path / "spoken.wav"
    spoken.write_bytes(heard(voice(2), silence(1)))
    with _terminal(environment, "--from", CALLER) as terminal:
        terminal.read_until("Press one.")
        terminal.type("what?")
        assert "hang (hang up)" in terminal.read_until("hang up")
        wait_for(lambda: hotline.to("/voice/incoming"))
        terminal.type("1")
        terminal.read_until("Tone; records")
        terminal.type(f"say {spoken}")
        terminal.type("#")
        terminal.read_until("Thank you.")
        terminal.type("hang")
        terminal.read_until("The caller hangs up")
        assert terminal.end() == 0
    assert hotline.to("/chosen")[0].form["Digits"] == "1"
    left = hotline.to("/left")[0].form
    assert (left["Digits"], left["RecordingDuration"], left["From"]) == ("#", "3", CALLER)


def test_a_terminal_without_input_listens_to_the_end(
    environment: dict[str, str], hotline: TinyHotline
) -> None:
    hotline.serves["/voice/incoming"] = "<Response><Say>We are closed.</Say></Response>"
    with _terminal(environment, "--from", "withheld") as terminal:
        assert terminal.process.stdin
        terminal.process.stdin.close()
        terminal.read_until("We are closed.")
        assert terminal.end() == 0
    assert hotline.to("/voice/incoming")[0].form["From"] == "+266696687"


def test_a_call_that_ends_by_itself_ends_the_command(
    environment: dict[str, str], hotline: TinyHotline
) -> None:
    hotline.serves["/voice/incoming"] = "<Response><Say>We are closed.</Say></Response>"
    with _terminal(environment) as terminal:
        terminal.read_until("The call ends")
        assert terminal.end() == 0


def test_a_text_is_sent_and_its_thread_is_shown(environment: dict[str, str], hotline: TinyHotline) -> None:
    with _terminal(environment, "--text", "STOP") as terminal:
        said = terminal.read_until("unsubscribed")
        assert "you      STOP" in said
        assert terminal.end() == 0
    assert hotline.to("/sms/incoming")[0].form["Body"] == "STOP"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"TWILIO_API_URL": "http://127.0.0.1:9"}, "does not answer"),
        ({"HOTLINE_REHEARSAL": "0"}, "use a real telephone"),
    ],
)
def test_without_a_rehearsal_carrier_it_says_what_to_do(
    environment: dict[str, str], more: dict[str, str], says: str
) -> None:
    with _terminal(environment | more) as terminal:
        terminal.read_until(says)
        assert terminal.end() == 1
