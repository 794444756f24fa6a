"""What callers of each line hear: a person's approved words, as they are written now; else it is told what is not."""

from collections.abc import Callable, Collection
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from hotline.cli.check import check
from hotline.db import utcnow
from hotline.flow.load_tree import load_tree
from hotline.flow.prompts import PROMPTS, ScriptError, read_scripts, tone
from hotline.flow.reach import prompts_wanted
from hotline.flow.tree import Fault, TreeError
from hotline.intake.models import Line
from hotline.intake.put_notice import NOTICES
from hotline.menus.models import TreeRelease, TreeVersion
from hotline.preflight import prompts
from hotline.preflight.ask_all import Answer
from hotline.preflight.finding import Finding
from hotline.preflight.prompts import is_everything_spoken, listed
from hotline.settings import Settings
from hotline.studio.models import Take
from tests.signing_in import make_member

MAIN = load_tree(PROMPTS / "trees" / "main.yaml")
SCRIPTS = read_scripts(PROMPTS)
NUMBER = "+6620000999"
WANTED = prompts_wanted(MAIN, SCRIPTS["th"], ["TH"]).union(NOTICES)

AddLine = Callable[..., None]
Record = Callable[..., None]


@pytest.fixture
def live(settings: Settings) -> Settings:
    return settings.model_copy(update={"env": "production"})


@pytest.fixture
def add_line(session: Session) -> AddLine:
    def add(number: str = NUMBER, languages: Collection[str] = ("th",), **given: object) -> None:
        told = {"name": "", "tree": "main", "added_at": utcnow()}
        session.add(Line(number=number, languages=list(languages), **told | given))
        session.commit()

    return add


@pytest.fixture
def record(session: Session) -> Record:
    """Takes of these prompts, on the line; those that wait are not."""
    by = make_member(session, "transcriber", ("th",), "Bimala")

    def make(names: Collection[str], words: str = "", *, waits: bool = False) -> None:
        for name in names:
            written = words or SCRIPTS["th"].prompts[name]
            session.add(
                Take(language="th", prompt=name, number=1, words=written, audio=tone(), seconds=0.4, loudness=-20.0,
                     how="file", made_at=utcnow(), by_id=by.id, state="waiting" if waits else "approved",
                     live_since=None if waits else utcnow())
            )  # fmt: skip
        session.commit()

    return make


def told(found: list[Finding]) -> list[str]:
    return [one.says for one in found if one.wrong]


def test_a_line_that_people_speak_throughout_is_right(
    live: Settings, add_line: AddLine, record: Record
) -> None:
    add_line()
    record(WANTED)
    assert told(is_everything_spoken(live)) == []
    assert "rights.wages.MY" not in WANTED, "what is told in other countries is not asked of it"


def test_what_nobody_recorded_is_told_of_each_line_and_language(
    live: Settings, add_line: AddLine, record: Record
) -> None:
    add_line(languages=("th", "en"))
    add_line("+6620000998")
    record(WANTED - {"help", "rights.wages.TH"})
    found = [one for one in is_everything_spoken(live) if one.wrong]
    missing = "no approved recording of help, rights.wages.TH: placeholder voices"
    assert [one.says.partition(":")[0] for one in found] == [
        "+6620000998, th",
        "+6620000999, th",
        "+6620000999, en",
    ]
    assert all(missing in one.says for one in found[:2])
    assert (
        "Prompts, in the console" in found[0].mend and "hotline prompts take th PROMPT FILE" in found[0].mend
    )


def test_what_waits_for_a_second_person_and_what_has_other_words_by_now_is_told_apart(
    live: Settings, add_line: AddLine, record: Record
) -> None:
    add_line()
    record(WANTED - {"help", "rights", "main_menu"})
    record({"help"}, waits=True)
    record({"rights", "main_menu"}, words="as it was before")
    found = [one for one in is_everything_spoken(live) if one.wrong]
    assert [one.says for one in found] == [
        f"{NUMBER}, th: nobody has approved yet what was recorded of help.",
        f"{NUMBER}, th: the words have changed since somebody recorded main_menu, rights.",
    ]
    assert "second person" in found[0].mend
    assert "anew" in found[1].mend and "prompts take" not in found[1].mend, "a take stands before a file"


def test_the_tree_that_is_live_is_judged_and_not_the_shipped_one(
    live: Settings, add_line: AddLine, record: Record, session: Session
) -> None:
    add_line()
    record(WANTED)
    _release(session, _source().replace("says: [help]", "says: [help, studio_pin]"))
    (says,) = told(is_everything_spoken(live))
    assert "no approved recording of studio_pin:" in says


def test_a_release_that_cannot_be_read_any_more_is_told_and_the_shipped_tree_is_judged(
    live: Settings, add_line: AddLine, record: Record, session: Session
) -> None:
    add_line()
    record(WANTED)
    _release(session, "start: nowhere")
    (wrong,) = [one for one in is_everything_spoken(live) if one.wrong]
    assert "main" in wrong.says and "callers hear the shipped one" in wrong.says and "Menus" in wrong.mend


def test_a_rehearsal_line_and_a_rehearsal_may_speak_with_any_voice(
    live: Settings, settings: Settings, add_line: AddLine
) -> None:
    add_line(rehearsal=True)
    assert told(is_everything_spoken(live)) == []
    add_line("+6620000998")
    assert told(is_everything_spoken(settings)) == []


def test_what_has_no_sound_at_all_is_told_anywhere_but_for_what_people_have_recorded(
    settings: Settings, add_line: AddLine, record: Record, tmp_path: object
) -> None:
    mute = settings.model_copy(update={"data": tmp_path})
    add_line(rehearsal=True)
    assert "and " in told(is_everything_spoken(mute))[0]
    record(WANTED - {"help"})
    assert told(is_everything_spoken(mute)) == [f"{NUMBER}, th: no sound for help."]


def test_a_language_that_nobody_writes_any_more_is_told(live: Settings, add_line: AddLine) -> None:
    add_line(languages=("xx",))
    (wrong,) = is_everything_spoken(live)
    assert wrong.says == f"{NUMBER}, xx: no prompts are written." and "Lines, in the console" in wrong.mend


def test_the_studios_line_has_no_callers(live: Settings, settings: Settings, add_line: AddLine) -> None:
    add_line(tree="studio")
    shipped = told(is_everything_spoken(live))
    assert shipped and all(says.startswith(("main, ", "short, ")) for says in shipped), "as without a line"
    assert told(is_everything_spoken(settings)) == []


def test_without_the_database_nobody_knows_but_broken_files_are_told(
    live: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = live.model_copy(update={"database_url": "postgresql+psycopg://x@127.0.0.1:9/x"})
    (wrong,) = is_everything_spoken(away)
    assert "cannot be read" in wrong.says and wrong.mend == "First mend the database."

    def broken(_: Settings) -> None:
        raise ScriptError("th/script.yaml: not YAML")

    monkeypatch.setattr(prompts, "load_catalogue", broken)
    assert told(is_everything_spoken(away)) == ["th/script.yaml: not YAML"]


@pytest.mark.parametrize(
    ("broken", "mend"),
    [
        (TreeError("main", [Fault(3, "menu", "key 5 is used twice: remove it")]), ""),
        (ScriptError("th/thanks.wav: not WAV; take it away", tells_mend=True), ""),
        (ScriptError("th/script.yaml: not YAML"), "Mend that file."),
    ],
)
def test_a_fault_that_tells_its_mend_is_told_no_other(
    live: Settings, monkeypatch: pytest.MonkeyPatch, broken: Exception, mend: str
) -> None:
    monkeypatch.setattr(prompts, "load_catalogue", Mock(side_effect=broken))
    (found,) = is_everything_spoken(live)
    assert found == Finding(str(broken), mend, tells_mend=not mend) and found.wrong
    monkeypatch.setattr("hotline.cli.check.known_settings", lambda: live)
    monkeypatch.setattr("hotline.cli.check.ask_all", lambda _: [Answer("Menus and prompts", (found,))])
    said = CliRunner().invoke(check)
    assert said.exit_code == 1 and f"✗ Menus and prompts: {broken}" in said.output
    assert said.output.count("→") == bool(mend)


def test_a_long_list_is_told_by_its_first_names() -> None:
    assert listed(["a"]) == "a"
    assert listed([*"abcdef"]) == "a, b, c, d, e, f"
    assert listed([*"abcdefg"]) == "a, b, c, d, e and 2 more"


def _source() -> str:
    return (PROMPTS / "trees" / "main.yaml").read_text("utf-8")


def _release(session: Session, source: str) -> None:
    by = make_member(session, "supervisor", (), "Ko").id
    version = TreeVersion(tree="main", number=1, source=source, made_at=utcnow(), by_id=by)
    session.add(TreeRelease(tree="main", version=version, at=utcnow(), by_id=by))
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(TreeRelease)) == 1
