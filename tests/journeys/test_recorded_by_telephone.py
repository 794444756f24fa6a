"""Prompts recorded by telephone, on real parts: takes that wait for a second person, audible and level."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from hotline.db import utcnow
from hotline.flow.studio import STUDIO
from hotline.intake.ledger import keep_ledger
from hotline.intake.models import Line, Report
from hotline.media.ffmpeg import run
from hotline.media.listen import LOUDNESS, listen, loudness_in
from hotline.rehearsal.client import Phone
from hotline.settings import Settings
from hotline.studio.models import SpokenPrompt, Take
from hotline.studio.take_pin import take_pin
from tests.journeys.running import Running, go_to_the_tone, press_in_turn, run_hotline, wait_until
from tests.journeys.test_call_to_ready import voice  # noqa: F401
from tests.signing_in import make_member

NUMBER, CALLER = "+6620000143", "+66812345670"


@pytest.fixture
def pin(session: Session) -> str:
    session.add(Line(number=NUMBER, tree=STUDIO, languages=["en"], answers_texts=False, added_at=utcnow()))
    made = take_pin(session, make_member(session, "transcriber", ("my",), "Thiri"), "my", utcnow())
    session.commit()
    return made


@pytest.fixture(params=["", "somleng"])
def running(request: pytest.FixtureRequest, settings: Settings, data: Path, pin: str) -> Iterator[Running]:
    given = {"carrier": request.param, "media_hosts": ("localhost",), "reconcile_seconds": 2}
    with run_hotline(
        settings.model_copy(update=given), data, lines=NUMBER, gaps=request.param, speed="10"
    ) as hotline:
        yield hotline
        assert hotline.server_errors() == []


def _takes(session: Session) -> list[Take]:
    session.rollback()
    return list(session.scalars(sa.select(Take).order_by(Take.made_at).options(undefer(Take.audio))))


def _heard(ended: dict[str, object]) -> list[str]:
    """The prompts; what is heard of one's own lasts as long as what was said."""
    log = ended["log"]
    assert isinstance(log, list)
    played = [entry for entry in log if entry["verb"] == "Play"]
    assert all(entry["prompt"] or entry["seconds"] > 5 for entry in played)
    return [entry["prompt"] or "own" for entry in played]


def test_two_prompts_in_one_call_and_a_third_left_by_hanging_up(
    running: Running, session: Session, pin: str, voice: bytes  # noqa: F811
) -> None:  # fmt: skip
    phone = Phone(running.phone_url)
    keys = [pin, "105", "1", "77", "201"]  # of the second nothing is decided
    heard = _heard(phone.play(from_=CALLER, to=NUMBER, keys=keys, speak=voice))
    decided = heard.index("studio_said")
    assert heard[decided : decided + 3] == ["studio_said", "own", "studio_keep"]
    assert heard[-1] == "goodbye" and "studio_kept" in heard[decided:]
    phone.play(from_="+266696687", to=NUMBER, keys=[pin, "301"], speak=voice, hang_up="recording")
    wait_until(lambda: len(_takes(session)) == 3, 15, "three takes wait")
    made = _takes(session)
    assert sorted(take.prompt for take in made) == ["main_menu", "speak", "speak_danger"]
    for take in made:
        assert (take.language, take.how, take.state) == ("my", "telephone", "waiting")
        assert listen(take.audio).verdict == "speech"
        _, words = run(take.audio, ["-af", "ebur128=framelog=quiet", "-f", "null", "-"])
        assert math.isclose(loudness_in(words), LOUDNESS, abs_tol=1.5)
    if running.settings.carrier == "somleng":  # which deletes nothing
        wait_until(
            lambda: _at_carrier(session) == {"kept"}, 5, "it is written down that the carrier keeps them"
        )
    else:
        wait_until(lambda: not phone.held_recordings(), 5, "the carrier has forgotten them")
    assert session.scalars(sa.select(Report)).all() == [] and keep_ledger(session).calls == 0


def _at_carrier(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(sa.select(SpokenPrompt.at_carrier)))


def test_where_no_recording_is_ever_announced_it_is_found_all_the_same(
    running: Running, session: Session, pin: str, voice: bytes  # noqa: F811
) -> None:  # fmt: skip
    phone = Phone(running.phone_url)
    phone.misbehave(never_complete=True)
    sid = phone.dial(from_=CALLER, to=NUMBER)
    press_in_turn(phone, sid, pin, "105#")
    go_to_the_tone(phone, sid)
    phone.misbehave(unreachable=True)  # from now on we hear of nothing
    phone.speak(sid, voice)
    phone.wait_until_ended(sid)
    phone.misbehave(unreachable=False)
    wait_until(lambda: len(_takes(session)) == 1, 20, "the comparison with the carrier finds it")
    assert _takes(session)[0].prompt == "main_menu"
