"""The files by which the hotline is run for real name what there is, and the list of what is shipped is whole."""

import ast
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from ruamel.yaml import YAML

from hotline.settings import Settings

ROOT = Path(__file__).parents[1]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
KNOWN = {str(field.validation_alias) for field in Settings.model_fields.values()}
COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "compose.yaml").read_text("utf-8"))
OURS = ("carrier-door", "console-door", "worker", "sweep", "migrate")


def _runs(command: list[str]) -> bool:
    """Whether this starts something of ours."""
    match command:
        case ["python", "-m", module]:
            return (ROOT / f"{module.replace('.', '/')}.py").exists()
        case ["gunicorn", *_, app]:
            return app == "wsgi:app" and "python:hotline.web.gunicorn_config" in command
        case ["hotline", verb]:
            return (ROOT / "hotline" / "cli" / f"{verb}.py").exists()
    return False


@pytest.mark.parametrize("name", OURS)
def test_each_service_starts_what_there_is_with_settings_that_there_are(name: str) -> None:
    service = COMPOSE["services"][name]
    image = (ROOT / "Dockerfile").read_text("utf-8")
    command = service.get("command") or ast.literal_eval(image.rpartition("\nCMD ")[2].replace("\\\n", " "))
    assert _runs(command), command
    assert set(service["environment"]) <= KNOWN
    assert service["read_only"] and service["cap_drop"] == ["ALL"]


def test_no_secret_and_no_staff_page_is_on_the_carriers_name() -> None:
    caddy = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    carrier = caddy[caddy.index("{$CARRIER_HOST}") : caddy.index("{$CONSOLE_HOST}")]
    assert "/staff" not in carrier and "/metrics" not in carrier and "respond 404" in carrier
    assert not re.search(r'PASSWORD: "?[^$"]', (ROOT / "compose.yaml").read_text("utf-8"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_each_unit_starts_what_there_is_and_may_do_little_else(unit: Path) -> None:
    text = unit.read_text("utf-8")
    (command,) = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    assert _runs([part.removeprefix("/opt/hotline/bin/") for part in shlex.split(command)])
    for line in re.findall(r"^Environment=(.+)$", text, re.MULTILINE):
        assert {part.partition("=")[0] for part in shlex.split(line)} <= KNOWN
    assert "NoNewPrivileges=yes" in text and "ProtectSystem=strict" in text and "Restart=always" in text


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_the_units() -> None:
    said = subprocess.run(["systemd-analyze", "verify", *UNITS], capture_output=True, text=True).stderr
    assert not [
        line for line in said.splitlines() if "/opt/hotline/bin" not in line and "hotline-" in line
    ], said


def test_the_wheel_holds_all_that_runs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = [path for room in ("hotline", "workers", "ivr_prompts") for path in (ROOT / room).rglob("*.*")]
    kept = {
        str(path.relative_to(ROOT)) for path in ours if path.is_file() and "__pycache__" not in path.parts
    }
    assert len(kept) > 300 and {*kept, "wsgi.py"} <= names
    assert any(name.startswith("hotline/web/static/lib/") for name in names)


def test_the_bill_lists_every_locked_package_and_is_valid() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from write_bill import make_bill  # type: ignore[import-not-found]

    bill = make_bill()
    lock = (ROOT / "requirements-production.lock").read_text("utf-8")
    locked = {name.lower() for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", lock, re.MULTILINE)}
    named = {one.name.lower() for one in bill.components}
    assert locked <= named and "wavesurfer.js" in named
    assert all(one.hashes for one in bill.components if str(one.purl).startswith("pkg:pypi"))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(JsonV1Dot6(bill).output_as_string()) is None


def test_every_setting_is_told_to_operators() -> None:
    told = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert {name for name in KNOWN if f"`{name}`" not in told} == set()
