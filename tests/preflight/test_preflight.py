"""Each question finds its fault and says how to mend it; real parts answer it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from hotline.db import SWEEPING
from hotline.preflight import at_carrier, at_work, database, keys, prompts, room
from hotline.preflight.ask_all import QUESTIONS, ask_all
from hotline.preflight.finding import Finding
from hotline.settings import Settings
from tests.carrier_says import LINE
from tests.carriers import RunningCarrier
from tests.journeys.running import run_hotline, wait_until
from tests.signing_in import SignIn

HERE = "http://hotline.test"


@pytest.fixture
def known(settings: Settings, carrier: RunningCarrier) -> Settings:
    """A hotline whose carrier answers, with this number leading here."""
    carrier.exchange.numbers[LINE] = {
        "voice_url": f"{HERE}/voice/incoming",
        "voice_fallback_url": f"{HERE}/voice/fallback",
        "status_callback": f"{HERE}/voice/status",
        "sms_url": f"{HERE}/sms/incoming/",
    }
    return settings.model_copy(update={"twilio_api_url": carrier.url})


def wrong(found: list[Finding]) -> str:
    (one,) = [finding for finding in found if finding.wrong]
    return one.says


def right(found: list[Finding]) -> bool:
    return not any(finding.wrong for finding in found)


def changed(settings: Settings, **given: object) -> Settings:
    return settings.model_copy(update=given)


def test_a_carrier_that_knows_us_is_ready(known: Settings) -> None:
    assert right(at_carrier.is_carrier_ready(known)) and right(at_carrier.is_clock_right(known))


def test_wrong_credentials_are_told_from_a_carrier_that_is_away(known: Settings) -> None:
    stranger = changed(known, twilio_auth_tokens=("wrong",))
    assert "credentials" in wrong(at_carrier.is_carrier_ready(stranger))
    away = changed(known, twilio_api_url="http://127.0.0.1:9")
    assert "does not answer" in wrong(at_carrier.is_carrier_ready(away))


def test_a_number_that_leads_here_is_right(known: Settings, line: str) -> None:
    assert right(at_carrier.lead_numbers_here(known))


@pytest.mark.parametrize(
    ("field", "leads", "says"),
    [
        (
            "voice_url",
            "https://demo.twilio.com/welcome",
            "“A call comes in” leads to https://demo.twilio.com",
        ),
        ("voice_fallback_url", "", "“Primary handler fails” is empty"),
        ("status_callback", f"{HERE}/voice/incoming", "“Call status changes” leads to"),
        ("sms_url", "https://hotline.test/sms/incoming", "“A message comes in” leads to https:"),
        ("status_callback_method", "GET", "the status is told by GET"),
        ("voice_application_sid", "AP1", "is answered by an application"),
    ],
)
def test_a_number_that_leads_elsewhere_is_named(
    known: Settings, carrier: RunningCarrier, line: str, field: str, leads: str, says: str
) -> None:
    carrier.exchange.numbers[LINE][field] = leads
    assert says in wrong(at_carrier.lead_numbers_here(known))


def test_how_often_the_carrier_tries_an_address_is_theirs_to_choose(
    known: Settings, carrier: RunningCarrier, line: str
) -> None:
    carrier.exchange.numbers[LINE]["sms_url"] = f"{HERE}/sms/incoming#rc=3&rp=all"
    assert right(at_carrier.lead_numbers_here(known))


def test_a_fallback_document_on_another_host_is_right_when_it_is_asked_by_get(
    known: Settings, carrier: RunningCarrier, line: str
) -> None:
    number = carrier.exchange.numbers[LINE]
    number["voice_fallback_url"] = "https://files.example/sorry/6620000142/incoming.xml"
    assert "files.example" in wrong(at_carrier.lead_numbers_here(known))
    number["voice_fallback_method"] = "GET"
    assert right(at_carrier.lead_numbers_here(known))


def test_no_fallback_is_asked_for_where_the_carrier_has_none(
    known: Settings, carrier: RunningCarrier, line: str
) -> None:
    carrier.exchange.numbers[LINE]["voice_fallback_url"] = ""
    assert right(at_carrier.lead_numbers_here(changed(known, carrier="somleng")))


def test_a_number_that_is_not_ours_is_named(known: Settings, carrier: RunningCarrier, line: str) -> None:
    carrier.exchange.numbers.clear()
    assert "not a number of this account" in wrong(at_carrier.lead_numbers_here(known))


@pytest.fixture
def late_carrier() -> Iterator[str]:
    """One that lives in 2020."""

    class Late(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return "Wed, 01 Jan 2020 00:00:00 GMT"

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Late)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_clock_that_is_wrong_is_told(settings: Settings, late_carrier: str) -> None:
    assert "ahead of the carrier" in wrong(
        at_carrier.is_clock_right(changed(settings, twilio_api_url=late_carrier))
    )


def test_the_database_is_at_this_versions_tables(settings: Settings, engine: sa.Engine) -> None:
    assert right(database.is_database_ready(settings))
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'older'"))
    assert "not those of this version" in wrong(database.is_database_ready(settings))
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
    assert "no tables" in wrong(database.is_database_ready(settings))
    away = changed(settings, database_url="postgresql+psycopg://x@127.0.0.1:9/x")
    assert "does not answer" in wrong(database.is_database_ready(away))


def test_without_a_line_nobody_is_answered(settings: Settings, engine: sa.Engine) -> None:
    assert "No line" in wrong(database.is_line_in_service(settings))


def test_placeholder_voices_are_for_rehearsal_only(settings: Settings) -> None:
    assert right(prompts.is_everything_spoken(settings))
    found = prompts.is_everything_spoken(changed(settings, env="production"))
    assert all("placeholder voices" in one.says and "Record people" in one.mend for one in found)


def test_prompts_that_nobody_speaks_are_named(settings: Settings, tmp_path: Path) -> None:
    found = prompts.is_everything_spoken(changed(settings, data=tmp_path))
    assert any("no sound for" in one.says and "hotline prompts make" in one.mend for one in found)


def test_audio_that_cannot_be_kept_is_told(settings: Settings, tmp_path: Path) -> None:
    assert right(room.is_audio_kept(settings)) and right(room.is_there_room(settings))
    (tmp_path / "file").touch()
    assert "cannot be kept" in wrong(
        room.is_audio_kept(changed(settings, media_url=f"file:{tmp_path}/file/media"))
    )


def test_a_disk_that_is_nearly_full_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "ENOUGH", 1 << 60)
    assert all("GB are free" in one.says for one in room.is_there_room(settings))


def test_keys_are_confirmed_by_a_person_and_again_when_they_change(
    settings: Settings, tmp_path: Path
) -> None:
    live = changed(settings, env="production", data=tmp_path)
    assert "Nobody has said" in wrong(keys.are_keys_backed_up(live))
    keys.confirm_backup(live)
    assert right(keys.are_keys_backed_up(live))
    rotated = changed(live, data_keys=(("k2", b"n" * 32), *live.data_keys))
    assert "have changed" in wrong(keys.are_keys_backed_up(rotated))


def test_a_redis_that_is_away_is_told(settings: Settings) -> None:
    assert right(at_work.is_redis_ready(settings))
    away = changed(settings, redis_url="redis://127.0.0.1:9/0")
    assert "takes no writes" in wrong(at_work.is_redis_ready(away))
    assert "Nobody knows" in wrong(at_work.is_worker_alive(away))


def test_the_sweep_is_known_by_its_lock(settings: Settings, engine: sa.Engine) -> None:
    assert "No sweep runs" in wrong(at_work.is_sweep_alive(settings))
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": SWEEPING})
        assert right(at_work.is_sweep_alive(settings))


def test_a_hotline_that_runs_is_in_order(settings: Settings, line: str, tmp_path: Path) -> None:
    redis_url = settings.redis_url + "?db=7"  # no other test's workers
    quiet = changed(settings, redis_url=redis_url, media_url=f"file:{tmp_path}/media")
    assert "No worker runs" in wrong(at_work.is_worker_alive(quiet))
    with run_hotline(quiet, tmp_path) as running:
        seen = changed(
            quiet,
            twilio_api_url=running.phone_url,
            public_url=running.environment["PUBLIC_URL"],
        )
        wait_until(lambda: right(at_work.is_sweep_alive(seen)), 30, "the sweep runs")
        wait_until(lambda: right(at_work.is_worker_alive(seen)), 30, "the worker runs")
        answers = ask_all(seen)
        assert [answer.about for answer in answers] == list(QUESTIONS)
        assert not [finding for answer in answers for finding in answer.findings if finding.wrong]


def test_an_administrator_sees_it_as_a_page(app: Flask, signed_in: SignIn) -> None:
    page = signed_in("administrator").get("/admin/check")
    assert page.status_code == 200
    assert all(about in page.text for about in QUESTIONS)
    assert "No line is in service." in page.text and "hotline line add" in page.text
