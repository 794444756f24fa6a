"""What staff change while the hotline runs, as callers hear it: languages, notices, menus, and who takes their calls."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.db import utcnow
from hotline.intake.models import Line, Report
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from tests.journeys.desk import Desk
from tests.journeys.running import go_to_the_tone, run_hotline, wait_until
from tests.journeys.test_call_to_ready import voice  # noqa: F401
from tests.menus.test_versions import MAIN, _at
from tests.signing_in import make_member

LINE, MANY = "+6620000142", "+6620000143"
FIRST_PAGE = ["my", "th", "ne", "en", "vi", "id", "hi", "ta"]  # each has a placeholder voice of its own
SECOND_PAGE = ["lo", "bn", "fil"]
SPEAKS_BURMESE, SPEAKS_THAI, SPEAKS_BURMESE_TOO = "+66811111111", "+66811111112", "+66811111113"
STRANGERS = (f"+66812{number:06}" for number in itertools.count())  # each new to us: asked for their language
MENU = ["language.press", "digit.1"]  # what a call begins with as always
# Another version is told by its first words, and by what follows the microphone: the number is said once only.
GREETS = ["announce_trouble", "language.press"]
CHANGED = MAIN.replace("kind: language\n", "kind: language\n    says: [announce_trouble]\n", 1).replace(
    "[thanks, your_number, reference, once_more, reference]", "[thanks, your_number, reference]"
)


@dataclass
class Place:
    """A hotline that runs, a supervisor at its console, and its callers' phones."""

    phone: Phone
    desk: Desk
    session: Session
    lines: tuple[Line, Line]
    puts_through: bool  # as the carrier's profile says

    def heard(self, sid: str) -> list[tuple[str, str]]:
        """(prompt, language) of all that was played in a call until now."""
        log = self.phone.look(sid)["log"]
        return [(entry["prompt"], entry["language"]) for entry in log if entry.get("prompt")]

    def prompts(self, sid: str) -> list[str]:
        return [prompt for prompt, _ in self.heard(sid)]

    def first_words(self, to: str = LINE) -> list[str]:
        """The two prompts that a call to a line begins with just now."""
        sid = self.phone.dial(from_=next(STRANGERS), to=to)
        wait_until(lambda: len(self.heard(sid)) > 1, 20, "two prompts are heard")
        self.phone.hang_up(sid)
        return self.prompts(sid)[:2]

    def wait_until_calls_begin(self, *prompts: str, to: str = LINE) -> None:
        wait_until(lambda: self.first_words(to) == list(prompts), 20, f"a call to {to} begins with {prompts}")

    def press_once_heard(self, sid: str, key: str, prompt: str, language: str = "my") -> None:
        wait_until(lambda: (prompt, language) in self.heard(sid), 20, f"{prompt} is heard in {language}")
        self.phone.press(sid, key)

    def press_as_told(self, sid: str, prompt: str, language: str) -> list[tuple[str, str]]:
        """The key whose digit is said after these words in this language; the answer is what was heard until then."""
        wait_until(
            lambda: (prompt, language) in self.heard(sid)[:-1], 20, f"{prompt} tells a key in {language}"
        )
        heard = self.heard(sid)
        self.phone.press(sid, heard[heard.index((prompt, language)) + 1][0].removeprefix("digit."))
        return heard

    def stand_at_the_tone(self) -> str:
        """A call that goes on for as long as its caller says nothing."""
        sid = self.phone.dial(from_=next(STRANGERS), to=LINE)
        self.press_once_heard(sid, "1", "language.press")
        self.press_once_heard(sid, "1", "main_menu")
        go_to_the_tone(self.phone, sid)
        return sid

    def say(self, sid: str, sound: bytes) -> None:
        self.phone.speak(sid, sound)
        self.phone.press(sid, "#")

    def call(self, *keys: str, **more: Any) -> dict[str, Any]:
        """A whole call to the line, by somebody new."""
        return self.phone.play(from_=next(STRANGERS), to=LINE, keys=keys, **more)

    def wait_for_report(self, sid: str) -> Report:
        """What was said in a call, once it waits for a transcriber."""
        kept = sa.select(Report).where(Report.call_sid == sid, Report.state == "waiting")

        def is_here() -> bool:
            self.session.rollback()
            return self.session.scalars(kept).first() is not None

        wait_until(is_here, 30, "the report is ready")
        return self.session.scalars(kept).one()


@pytest.fixture(params=["twilio", "somleng"])
def place(
    request: pytest.FixtureRequest, settings: Settings, session: Session, data: Path
) -> Iterator[Place]:
    line = Line(number=LINE, name="Main", tree="main", languages=["my", "th"], added_at=utcnow())
    many = Line(number=MANY, name="All", tree="main", languages=FIRST_PAGE + SECOND_PAGE, added_at=utcnow())
    session.add_all([line, many])
    for name, speaks, number in (("Thiri", "my", SPEAKS_BURMESE), ("Malee", "th", SPEAKS_THAI)):
        member = make_member(session, "caseworker", (speaks,), name)
        member.phone, member.takes_calls = number, True
    supervisor = make_member(session, "supervisor", ("my",), "Somchai")
    session.commit()
    given = {"carrier": request.param, "media_hosts": ("localhost",), "reconcile_seconds": 2}
    known, gaps = settings.model_copy(update=given), "" if request.param == "twilio" else request.param
    with run_hotline(known, data, gaps=gaps, lines=f"{LINE},{MANY}", speed="10") as running:
        desk = Desk(running.environment["PUBLIC_URL"], supervisor.email)
        yield Place(
            Phone(running.phone_url), desk, session, (line, many), puts_through=request.param == "twilio"
        )
        assert running.server_errors() == []


def test_callers_hear_what_staff_have_changed(place: Place, voice: bytes) -> None:  # noqa: F811
    _choose_a_language_of_the_second_page(place, voice)
    _be_told_something_or_sent_to_the_microphone_until_its_time(place, voice)
    _hear_another_version_from_the_next_call_on_and_go_back(place, voice)
    if place.puts_through:
        _be_put_through_to_who_speaks_the_language(place)
    _be_heard_where_nobody_takes_the_call(place, voice)
    if place.puts_through:
        _be_heard_or_put_through_to_another_where_staff_press_a_wrong_key(place, voice)


def _choose_a_language_of_the_second_page(place: Place, sound: bytes) -> None:
    sid = place.phone.dial(from_=next(STRANGERS), to=MANY)
    heard = place.press_as_told(sid, "language.more", "my")
    assert [speaks for prompt, speaks in heard if prompt == "language.press"] == FIRST_PAGE
    place.press_as_told(sid, "language.press", "bn")
    place.press_once_heard(sid, "1", "main_menu", "bn")
    assert ("consent", "bn") in place.heard(sid)
    go_to_the_tone(place.phone, sid)
    place.say(sid, sound)
    report = place.wait_for_report(sid)
    assert (report.language, report.language_chosen) == ("bn", True)
    place.phone.hang_up(sid)


def _be_told_something_or_sent_to_the_microphone_until_its_time(place: Place, sound: bytes) -> None:
    """The one on one line, the other on the other: web processes look at all lines at once."""
    told, straight = place.lines
    assert place.first_words(LINE) == place.first_words(MANY) == MENU
    place.desk.post("/notices", f"/notices/{told.id}", notice="announce_busy", hours="1")
    place.desk.post("/notices", f"/notices/{straight.id}", notice="", hours="1", straight="1")
    place.wait_until_calls_begin("announce_busy", "language.press")
    place.wait_until_calls_begin("consent", "speak", to=MANY)
    _leave_a_message_without_a_key(place, sound)
    place.session.refresh(told)
    place.session.refresh(straight)
    told.notice_until = straight.straight_until = utcnow() + timedelta(seconds=1)  # rather than in an hour
    place.session.commit()
    place.wait_until_calls_begin(*MENU)
    place.wait_until_calls_begin(*MENU, to=MANY)


def _leave_a_message_without_a_key(place: Place, sound: bytes) -> None:
    ended = place.phone.play(from_=next(STRANGERS), to=MANY, speak=sound)
    verbs = [entry["verb"] for entry in ended["log"]]
    assert "Gather" not in verbs[: verbs.index("Record")], "a key was asked for"
    report = place.wait_for_report(ended["sid"])
    assert (report.language, report.language_chosen) == ("my", False)


def _hear_another_version_from_the_next_call_on_and_go_back(place: Place, sound: bytes) -> None:
    on_shipped = place.stand_at_the_tone()
    _write_and_rehearse(place.desk)
    _release(place.desk, "1")
    place.wait_until_calls_begin(*GREETS)
    assert "once_more" in _say_and_hear_the_review(place, on_shipped, sound)
    on_changed = place.stand_at_the_tone()
    assert "Go back to 0</button>" in place.desk.get("/trees/main").text
    _release(place.desk, "0")
    place.wait_until_calls_begin(*MENU)
    assert "once_more" not in _say_and_hear_the_review(place, on_changed, sound)
    assert "once_more" in place.prompts(place.call("1", "1", speak=sound)["sid"])


def _write_and_rehearse(desk: Desk) -> None:
    page, path = "/trees/main/write", "/trees/main/versions/1"
    shown = desk.post(page, page, source=CHANGED).text
    for key in ("1", "1"):
        shown = desk.post(path, path, at=_at(shown), keys=key).text
    assert "The microphone." in shown


def _release(desk: Desk, number: str) -> None:
    shown = desk.post("/trees/main", "/trees/main/release", number=number).text
    assert f"Version {number} is live" in shown


def _say_and_hear_the_review(place: Place, sid: str, sound: bytes) -> list[str]:
    """All prompts of the call until it could be heard again."""
    place.say(sid, sound)
    wait_until(lambda: "review" in place.prompts(sid), 20, "the review is heard")
    place.phone.hang_up(sid)
    return place.prompts(sid)


def _be_put_through_to_who_speaks_the_language(place: Place) -> None:
    place.phone.set_answer(SPEAKS_BURMESE, "answers", press="1")
    ended = place.call("1", "4", "3")
    assert _dialled(ended["log"]) == [
        f"Rings {SPEAKS_BURMESE} for 20 s",
        f"{SPEAKS_BURMESE} takes the call; they talk for 5 s",
    ]
    assert "Record" not in [entry["verb"] for entry in ended["log"]]
    assert place.prompts(ended["sid"])[-1] == "goodbye"


def _be_heard_where_nobody_takes_the_call(place: Place, sound: bytes) -> None:
    place.phone.set_answer(SPEAKS_BURMESE, "answers")  # a voicemail, which presses no key
    ended = place.call("1", "4", "3", speak=sound)
    rung = [f"Rings {SPEAKS_BURMESE} for 20 s", "Nobody takes the call"]
    assert _dialled(ended["log"]) == (rung if place.puts_through else [])
    assert "nobody_free" in place.prompts(ended["sid"])
    assert place.wait_for_report(ended["sid"]).language == "my"


def _be_heard_or_put_through_to_another_where_staff_press_a_wrong_key(place: Place, sound: bytes) -> None:
    place.phone.set_answer(SPEAKS_BURMESE, "answers", press="2")
    alone = place.call("1", "4", "3", speak=sound)
    assert _dialled(alone["log"])[-1] == "Nobody takes the call"
    assert "nobody_free" in place.prompts(alone["sid"])
    assert place.wait_for_report(alone["sid"]).language == "my"
    another = make_member(place.session, "caseworker", ("my",), "Zaw")
    another.phone, another.takes_calls = SPEAKS_BURMESE_TOO, True
    place.session.commit()
    place.phone.set_answer(SPEAKS_BURMESE_TOO, "answers", press="1")
    takes = f"{SPEAKS_BURMESE_TOO} takes the call; they talk for 5 s"
    wait_until(lambda: _dialled(place.call("1", "4", "3", speak=sound)["log"])[-1] == takes, 40, takes)


def _dialled(log: list[dict[str, Any]]) -> list[str]:
    return [entry["says"] for entry in log if entry["verb"] == "Dial"]
