"""Prompts are recorded, approved by a second person, heard by callers; a line goes live on people's voices only."""

import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, undefer

from hotline import create_app
from hotline.db import utcnow
from hotline.embedded import postgres
from hotline.flow.load_tree import load_tree
from hotline.flow.numbered import NUMBERS, read_numbers
from hotline.flow.prompts import PROMPTS, read_scripts
from hotline.flow.reach import prompts_wanted
from hotline.flow.topics import TOPICS, prompts_of, read_topics
from hotline.flow.turn import Clip
from hotline.intake.add_line import NotALine, add_line
from hotline.intake.line_voices import voices_wanted
from hotline.intake.put_notice import NOTICES
from hotline.media.make_prompt import make_prompt
from hotline.settings import Settings
from hotline.staff.models import User
from hotline.studio.models import Take
from hotline.vault.audit import AuditRow
from hotline.webhooks.switchboard import KEY
from tests.carrier_says import CallFrom, Say
from tests.signing_in import SignIn, make_member, sign_in, token_of
from tests.webhooks.test_away import frozen

MAIN = load_tree(PROMPTS / "trees" / "main.yaml")


@pytest.fixture
def spoken(app: Flask) -> bytes:
    """Some seconds of a voice."""
    return bytes(app.extensions[KEY].catalogue.sound(Clip("rights", "th")).audio)


@pytest.fixture
def bimala(signed_in: SignIn) -> FlaskClient:
    return signed_in("transcriber", ("th",), "Bimala")


@pytest.fixture
def ram(app: Flask, session: Session) -> FlaskClient:
    return sign_in(app.test_client(), make_member(session, "transcriber", ("th", "my"), "Ram").email)


def _send(client: FlaskClient, audio: bytes, prompt: str = "main_menu", language: str = "th") -> str:
    """The page after it."""
    path = f"/studio/{language}/{prompt}"
    fields = {"csrf_token": token_of(client.get(path).text), "recording": (io.BytesIO(audio), "said.wav")}
    return client.post(path, data=fields, follow_redirects=True).text


def _decide(client: FlaskClient, take: Take, verdict: str) -> str:
    token = token_of(client.get("/me").text)
    fields = {"csrf_token": token, "verdict": verdict}
    return client.post(f"/studio/takes/{take.id}", data=fields, follow_redirects=True).text


def _newest(session: Session) -> Take:
    session.expire_all()
    return session.scalars(sa.select(Take).order_by(Take.number.desc()).limit(1)).one()


def _look_again(app: Flask) -> None:
    app.extensions[KEY].voices._live._looked_at = float("-inf")


def _heard(app: Flask, prompt: str = "main_menu") -> bytes:
    _look_again(app)
    return bytes(app.extensions[KEY].catalogue.sound(Clip(prompt, "th")).audio)


def test_every_prompt_has_one_number_and_no_number_is_of_none() -> None:
    numbered = read_numbers(NUMBERS)
    assert len({one.number for one in numbered}) == len(numbered)
    written = {prompt for script in read_scripts(PROMPTS).values() for prompt in script.prompts}
    assert sorted(one.prompt for one in numbered) == sorted(written)
    assert all(0 < one.number < 1000 for one in numbered), "three keys of a telephone"


def test_callers_hear_a_recording_once_a_second_person_has_approved_it(
    app: Flask, bimala: FlaskClient, ram: FlaskClient, session: Session, spoken: bytes, line: str
) -> None:
    before = _heard(app)
    assert "Version 1" in _send(bimala, spoken)
    take = _newest(session)
    assert "A second person must listen" in _decide(bimala, take, "approve")
    assert _heard(app) == before
    _decide(ram, take, "approve")
    session.refresh(take)
    audio = session.scalars(sa.select(Take).options(undefer(Take.audio))).one().audio
    assert _heard(app) == audio != before
    page = ram.get("/studio/th/main_menu").text
    assert "on the line" in page and "approved by Ram" in page
    acts = session.scalars(
        sa.select(AuditRow.action).where(AuditRow.subject == "takes").order_by(AuditRow.id)
    ).all()
    assert acts == ["recorded", "approved"]


def test_an_earlier_one_comes_back_and_calls_under_way_still_find_the_later_one(
    app: Flask, bimala: FlaskClient, ram: FlaskClient, session: Session, spoken: bytes, say: Say, line: str
) -> None:
    for cut in (spoken, spoken[: len(spoken) // 2]):
        _send(bimala, cut)
        _decide(ram, _newest(session), "approve")
    later = _heard(app)
    call = CallFrom(say)
    menu = call.press(call.start(), "2")
    played = [path.removeprefix("http://hotline.test") for path in menu.plays]
    first = session.scalars(sa.select(Take).where(Take.number == 1)).one()
    _decide(bimala, first, "back")
    assert _heard(app) != later
    assert all(app.test_client().get(path).status_code == 200 for path in played)


def test_a_refused_one_is_never_heard_and_nobody_decides_twice(
    app: Flask, bimala: FlaskClient, ram: FlaskClient, session: Session, spoken: bytes
) -> None:
    before = _heard(app)
    _send(bimala, spoken)
    _decide(ram, _newest(session), "refuse")
    assert "decided about it already" in _decide(ram, _newest(session), "approve")
    assert "Only a recording that was approved" in _decide(ram, _newest(session), "back")
    assert _heard(app) == before


@pytest.mark.parametrize("sent", [b"", b"no audio at all", b"RIFF" + bytes(2000), bytes(40_000)])
def test_what_is_no_recording_says_so(bimala: FlaskClient, session: Session, sent: bytes) -> None:
    assert "This cannot be used" in _send(bimala, sent)
    assert session.scalars(sa.select(Take)).all() == []


def test_who_does_not_speak_the_language_neither_records_nor_approves(
    bimala: FlaskClient, ram: FlaskClient, session: Session, spoken: bytes, signed_in: SignIn
) -> None:
    assert "data-recorder" not in bimala.get("/studio/my/main_menu").text
    assert "languages that you speak" in _send(bimala, spoken, language="my")
    _send(ram, spoken, language="my")
    assert "must speak the language" in _decide(bimala, _newest(session), "approve")


def test_a_long_wav_is_let_in_and_of_a_stranger_no_more_than_of_any_page(
    app: Flask, bimala: FlaskClient, session: Session, spoken: bytes
) -> None:
    from hotline.flow.prompts import wav

    second = spoken[44:][:16000] * 3
    big = wav(second * 60, rate=48_000)
    assert len(big) > 2_000_000
    assert "Version 1" in _send(bimala, big)
    answer = app.test_client().post("/studio/th/main_menu", data={"recording": (io.BytesIO(big), "x.wav")})
    assert answer.status_code == 413


def test_the_table_says_what_there_is(
    bimala: FlaskClient, ram: FlaskClient, session: Session, spoken: bytes
) -> None:
    def cell(prompt: str) -> str:
        found = re.search(
            rf'studio/th/{re.escape(prompt)}[^>]*>\s*<svg[^>]*aria-label="Thai: ([^"]+)"',
            bimala.get("/studio").text,
        )
        assert found
        return found[1]

    assert cell("main_menu") == "script only, rehearsal voice"
    _send(bimala, spoken)
    assert cell("main_menu") == "recorded, waits for a second person"
    _decide(ram, _newest(session), "approve")
    assert _wait_for(lambda: cell("main_menu") == "approved recording")
    session.execute(sa.update(Take).values(words="as it was written before"))
    session.commit()
    assert cell("main_menu") == "script changed since it was recorded"


def test_long_groups_are_folded_until_they_are_opened_and_say_what_there_is(
    bimala: FlaskClient, ram: FlaskClient, session: Session, spoken: bytes
) -> None:
    page = bimala.get("/studio").text
    assert "/studio/th/number.20" not in page and "/studio/th/consent" in page
    assert _counts(page, "Thai") == {"Numbers": "0/2", "Parts of numbers": "0/3", "Days and months": "0/15"}
    assert _counts(page, "Hindi") == {"Numbers": "0/90", "Parts of numbers": "0/2", "Days and months": "0/15"}
    _send(bimala, spoken, "number.20")
    _decide(ram, _newest(session), "approve")
    assert _wait_for(lambda: _counts(bimala.get("/studio").text, "Thai")["Numbers"] == "1/2")
    opened = bimala.get("/studio?open=Numbers").text
    assert "/studio/th/number.20" in opened and "/studio/th/month.1" not in opened
    assert "/studio/th/number.30" not in opened, "Thai says it in two words"
    assert "/studio/hi/number.30" in opened
    assert "/studio/th/number.10" in bimala.get("/studio/th/number.20").text, (
        "a chosen prompt opens its group"
    )


def test_of_a_tree_each_language_shows_what_its_callers_need(bimala: FlaskClient) -> None:
    page = bimala.get("/studio?tree=main&open=Numbers").text
    assert "/studio/hi/number.31" in page and "/studio/hi/number.32" not in page
    assert _counts(page, "Hindi") == {"Numbers": "0/22", "Days and months": "0/15"}


def test_a_part_of_a_number_is_shown_with_what_it_is_heard_with(bimala: FlaskClient) -> None:
    for prompt, heard in (
        ("number.1_last", "สิบ เอ็ด"),
        ("day.on", "เมื่อวันที่ หนึ่ง มกราคม"),
        ("mailbox_left", "คุณฝากข้อความไว้ วันนี้"),
    ):
        assert f'as in: <span lang="th">{heard}</span>' in bimala.get(f"/studio/th/{prompt}").text
    for prompt in ("consent", "digit.1"):
        assert "as in:" not in bimala.get(f"/studio/th/{prompt}").text


def _counts(page: str, language: str) -> dict[str, str]:
    """By long group: how many of its prompts are approved, of how many that the language needs."""
    rows = re.findall(
        r'<tr class="grp"[^>]*><th scope="row"><a [^>]*>.*?</svg>\s*([^<]+)</a></th>(.*?)</tr>', page, re.S
    )
    found = {name: re.search(rf">{language}: </span>([0-9/]+)<", cells) for name, cells in rows}
    return {name: count[1] for name, count in found.items() if count}


def _wait_for(what: object) -> bool:
    """The console looks at the takes every few seconds."""
    import time

    for _ in range(80):
        if what():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


def test_a_process_that_starts_without_the_database_still_has_the_voices(
    app: Flask, settings: Settings, database_server: postgres.Server, bimala: FlaskClient, ram: FlaskClient,
    session: Session, spoken: bytes,
) -> None:  # fmt: skip
    _send(bimala, spoken)
    _decide(ram, _newest(session), "approve")
    heard = _heard(app)
    with frozen(database_server):
        board = create_app(settings).extensions[KEY]
        assert board.catalogue.sound(Clip("main_menu", "th")).audio == heard


@pytest.fixture
def live(settings: Settings) -> Settings:
    return settings.model_copy(update={"env": "production"})


def _add(session: Session, app: Flask, live: Settings, *, rehearsal: bool = False) -> None:
    words = app.extensions[KEY].catalogue
    add_line(
        session, "+6620000999", tree="main", languages=["th"], trees={"main"}, spoken=words.scripts,
        rehearsal=rehearsal, unspoken=voices_wanted(session, live, {"main": MAIN}, words), now=utcnow(),
    )  # fmt: skip
    session.commit()


def test_a_line_goes_live_on_peoples_voices_only_and_a_rehearsal_line_on_any(
    app: Flask, live: Settings, session: Session, spoken: bytes
) -> None:
    with pytest.raises(NotALine, match=r"th lacks .* rehearsal line"):
        _add(session, app, live)
    _add(session, app, live, rehearsal=True)
    member, other = (make_member(session, "transcriber", ("th",), name) for name in ("Bimala", "Ram"))
    audio = make_prompt(spoken).audio
    written = prompts_of(MAIN, read_topics(TOPICS), {"TH"})
    for prompt in written | set(NOTICES):
        _put_on_the_line(session, app, prompt, audio, member, other)
    _look_again(app)
    with pytest.raises(NotALine, match=r"th lacks 21 \(day\.on, day\.today, day\.yesterday …\)"):
        _add(session, app, live)  # the mailbox speaks days and counts
    for prompt in prompts_wanted(MAIN, app.extensions[KEY].catalogue.scripts["th"], {"TH"}) - written:
        _put_on_the_line(session, app, prompt, audio, member, other)
    _look_again(app)
    _add(session, app, live)


def _put_on_the_line(session: Session, app: Flask, prompt: str, audio: bytes, by: User, other: User) -> None:
    words = app.extensions[KEY].catalogue.scripts["th"].prompts[prompt]
    session.add(
        Take(language="th", prompt=prompt, number=1, words=words, audio=audio, seconds=9.0,
             loudness=-20.0, how="file", made_at=utcnow(), by_id=by.id, state="approved", decided_at=utcnow(),
             decided_by_id=other.id, live_since=utcnow())
    )  # fmt: skip
    session.commit()


def test_what_comes_in_on_a_rehearsal_line_is_marked(
    app: Flask, live: Settings, session: Session, say: Say
) -> None:
    _add(session, app, live, rehearsal=True)
    call = CallFrom(say, line="+6620000999")
    call.record(call.to_the_microphone("1", "1"))
    marked = sa.text(
        "SELECT (SELECT bool_and(rehearsal) FROM calls), (SELECT bool_and(rehearsal) FROM reports)"
    )
    assert session.execute(marked).one() == (True, True)
