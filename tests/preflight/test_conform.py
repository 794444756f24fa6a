"""The conformance run: right against a carrier that does what its profile claims, else a sentence that says what is not so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import pytest
from click.testing import CliRunner

from hotline.carrier.errors import Busy, CarrierDown, CarrierError
from hotline.carrier.profiles import Profile, load_profiles
from hotline.cli.check import check
from hotline.preflight import conform as run
from hotline.preflight import pictures, trial
from hotline.preflight.ask_all import Answer
from hotline.preflight.deletion import Forgotten, is_forgotten
from hotline.preflight.verbs import are_our_verbs_played
from hotline.rehearsal.gaps import SOMLENG, TWILIO, Gaps
from hotline.rehearsal.twiml import Onward
from hotline.settings import Settings
from tests.carriers import RunningCarrier, run_carrier

BUCKET = ("localhost",)  # where a rehearsal with Somleng's gaps keeps its sounds


@contextmanager
def proved(
    settings: Settings, gaps: Gaps, key: str, **more: Any
) -> Iterator[tuple[RunningCarrier, Settings]]:
    with run_carrier(gaps=gaps) as carrier:
        named = {"twilio_api_url": carrier.url, "carrier": key, "media_hosts": BUCKET}
        yield carrier, settings.model_copy(update=named | more)


def faults(answers: list[Answer]) -> dict[str, str]:
    return {answer.about: one.says for answer in answers for one in answer.findings if one.wrong}


@pytest.mark.parametrize(("key", "gaps"), [("twilio", TWILIO), ("somleng", SOMLENG), ("other", TWILIO)])
def test_a_carrier_that_does_what_its_profile_claims_conforms(
    settings: Settings, key: str, gaps: Gaps
) -> None:
    with proved(settings, gaps, key) as (carrier, known):
        answers = run.conform(known)
        held = carrier.exchange.recordings
    assert faults(answers) == {}
    said = {answer.about: " ".join(one.says for one in answer.findings) for answer in answers}
    assert set(run.SHOWN) | {"Signature", "Lists", "Recordings"} <= set(said)
    assert "Play, Gather and Reject are proved" in said["Verbs in a call"]
    assert (
        said["Keywords"]
        == f"{'Nobody replies' if key == 'somleng' else 'It replies'} to HELP where we do not."
    )
    assert trial.FROM not in carrier.exchange.numbers, "given back"
    assert "can be fetched" in said["Recordings"]
    assert ("It deletes" in said["Recordings"]) is (key != "somleng") and bool(held) is (key == "somleng")
    assert ("It deletes a picture" in said["Pictures"]) is (key != "somleng") and not carrier.exchange.media
    assert "is filtered by To and From" in said["Lists"] or key == "somleng"


@pytest.mark.parametrize(
    ("gap", "about", "says"),
    [
        ("few_verbs", "Verbs in a call", "with Pause, Say, Redirect was not followed to its end"),
        ("one_status", "Callbacks of calls", "initiated, ringing, answered is not told"),
        ("only_completed", "Callbacks of recordings", "in-progress, absent is not told"),
        ("record_acts", "Silence at the microphone", "goes to its action, and not as"),
        ("no_fallback", "Fallback", "nobody else is asked"),
        ("no_whisper", "Putting through", "is not asked for a key first"),
        ("no_codes", "Refusals", "bears no code"),
        ("no_codes", "Keywords", "Nobody replies to HELP where we do not, and"),
        ("no_filters", "Lists", "is not filtered by"),
        ("keeps_recordings", "Recordings", "still has a recording that it was told to delete"),
        ("keeps_media", "Pictures", "still has a picture that it was told to delete"),
        ("media_elsewhere", "Recordings", "fetched from localhost, which the profile does not name"),
        ("no_mms", "Pictures", "knows of nothing that comes with a text"),
    ],
)
def test_a_claim_that_is_false_is_told_and_how_to_mend_it(
    settings: Settings, gap: str, about: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "PATIENCE", 20.0)
    hosts = () if gap == "media_elsewhere" else BUCKET
    with proved(settings, Gaps.read(gap), "twilio", media_hosts=hosts) as (_, known):
        answers = run.conform(known)
    wrong = faults(answers)
    assert says in wrong[about]
    mends = " ".join(one.mend for answer in answers for one in answer.findings)
    assert "hotline/carrier/known/twilio.yaml" in mends or "HOTLINE_MEDIA_HOSTS=localhost" in mends


@pytest.mark.parametrize(
    ("place", "does", "says"),
    [
        ("play._fetch", lambda _call, _address: (0.0, {}), "Play does not fetch its sound"),
        ("follow.gather", lambda _call, _verb: None, "Gather does not tell the key"),
        ("follow.gather", lambda _call, _verb: Onward("/speak"), "nothing pressed the call does not go on"),
        ("follow.stays_unanswered", lambda _call, _verbs: False, "Reject does not end a ring as busy"),
    ],
)
def test_a_verb_that_is_taken_and_not_done_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, place: str, does: object, says: str
) -> None:
    monkeypatch.setattr(f"hotline.rehearsal.{place}", does)
    with proved(settings, TWILIO, "twilio") as (_, known):
        answers = {answer.about: answer.findings for answer in run.conform(known)}
    wrong = [one for one in answers["Verbs in a call"] if one.wrong]
    assert says in " ".join(one.says for one in wrong) and "twilio.yaml" in wrong[0].mend


@pytest.mark.parametrize(
    ("hosts", "says"), [(BUCKET, "can be fetched (7 bytes)"), ((), "fetched from localhost")]
)
def test_a_picture_that_is_there_is_fetched(
    settings: Settings, hosts: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "is_rehearsal", lambda _url: False)
    with proved(settings, TWILIO, "other", media_hosts=hosts) as (carrier, known):
        carrier.texted("MM1", "+66812345678", "+6620000142", "", ("ME1", "image/jpeg", b"picture"))
        answers = {answer.about: answer.findings for answer in run.conform(known)}
        held = list(carrier.exchange.media)
    found, *more = answers["Pictures"]
    assert says in found.says and found.wrong is (not hosts) and held == ["ME1"]
    assert [one.says for one in more] == [pictures.UNTRIED] * len(hosts)


def test_a_text_that_is_not_there_says_nothing_of_the_profile(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "is_rehearsal", lambda _url: False)
    with proved(settings, TWILIO, "twilio") as (carrier, known):
        carrier.texted("MM1", "+66812345678", "+6620000142", "", ("ME1", "image/jpeg", b"picture"))
        carrier.texted("MM2", "+66812345678", "+6620000142", "", ("ME2", "image/jpeg", b"picture"))
        del carrier.exchange.media["ME2"]
        fetched = {answer.about: answer.findings for answer in run.conform(known)}["Pictures"]
        assert "can be fetched (7 bytes)" in fetched[0].says, "the newest that is held still"
        for named in ("MMbogus", "../../x", "MM2"):
            wrong = {answer.about: answer.findings for answer in run.conform(known, run.MayGo(text=named))}[
                "Pictures"
            ]
            assert [one.wrong for one in wrong] == [True] and f"There is no text {named}" in wrong[0].says
            assert "mms" not in wrong[0].mend and list(carrier.exchange.media) == ["ME1"]


@pytest.mark.parametrize("passing", [Busy("429"), CarrierDown("away")])
def test_a_carrier_that_is_busy_is_not_said_to_keep_what_it_deletes(passing: CarrierError) -> None:
    def delete() -> None:
        raise passing

    thing = Forgotten("deletes_media", "a picture", delete, lambda: None)
    (told,) = is_forgotten(load_profiles()["twilio"], thing)
    assert "could not be tried just now" in told.says and "deletes_media" not in told.mend


def test_webhooks_that_another_token_signs_are_told(settings: Settings) -> None:
    with proved(settings, TWILIO, "twilio") as (carrier, known):
        carrier.exchange.config = replace(carrier.exchange.config, auth_token="another")
        refused = run.conform(known)
        assert "does not accept our credentials" in faults(refused)["Credentials"]
        assert len(refused) == 3, "nothing else is asked"
        held = trial.hold_trial(
            run.account_of(known.model_copy(update={"twilio_auth_tokens": ("another",)})), carrier.url
        )
    (wrong,) = run.is_signed(load_profiles()["twilio"], held, known.twilio_auth_tokens)
    assert "do not bear the signature X-Twilio-Signature" in wrong.says


def test_a_real_account_is_neither_called_nor_changed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "is_rehearsal", lambda _url: False)
    with proved(settings, TWILIO, "twilio") as (carrier, known):
        carrier.hold("RE1", b"\x01\x02" * 8000)
        carrier.hold("RE2", b"\x01\x02" * 8000)
        for text, media in (("MM1", "ME1"), ("MM2", "ME2")):
            carrier.texted(text, "+66812345678", "+6620000142", "", (media, "image/jpeg", b"picture"))
        answers = run.conform(known)
        assert faults(answers) == {}
        assert not carrier.exchange.calls and sorted(carrier.exchange.texts) == ["MM1", "MM2"]
        assert sorted(carrier.exchange.recordings) == ["RE1", "RE2"]
        assert sorted(carrier.exchange.media) == ["ME1", "ME2"]
        said = " ".join(one.says for answer in answers for one in answer.findings)
        assert "Not proved without a call" in said and "Deleting was not tried" in said
        assert faults(run.conform(known, run.MayGo(recording="RE1", text="MM1"))) == {}
        assert sorted(carrier.exchange.recordings) == ["RE2"] and sorted(carrier.exchange.media) == ["ME2"]


def test_verbs_that_a_carrier_does_not_play_are_named() -> None:
    profile: Profile = load_profiles()["twilio"]
    (wrong,) = are_our_verbs_played(replace(profile, verbs=profile.verbs - {"Record"}))
    assert "Our answers use Record" in wrong.says and "verbs" in wrong.mend
    (fine,) = are_our_verbs_played(replace(profile, verbs=profile.verbs - {"Dial", "Number"}, whispers=False))
    assert not fine.wrong and "reach the microphone" in fine.says


def test_only_a_rehearsal_carrier_is_one(carrier: RunningCarrier) -> None:
    assert trial.is_rehearsal(carrier.url)
    assert not trial.is_rehearsal("https://api.twilio.com")
    assert not trial.is_rehearsal("http://127.0.0.1:9")


def test_the_command_prints_each_claim_and_fails_where_one_is_false(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proved(settings, Gaps(no_codes=True), "twilio") as (_, known):
        monkeypatch.setattr("hotline.cli.check.known_settings", lambda: known)
        ended = CliRunner().invoke(check, ["--carrier"])
    assert ended.exit_code == 1
    assert (
        "✓ Profile: Twilio (twilio)" in ended.output and "✗ Refusals: A refusal bears no code" in ended.output
    )
    assert "    → Write in hotline/carrier/known/twilio.yaml" in ended.output
    for option in ("--delete", "--delete-picture"):
        assert CliRunner().invoke(check, [option, "RE1"]).exit_code == 2


def test_each_gap_is_seen_by_some_claim_or_is_harmless() -> None:
    """A new gap needs a claim, or a reason why the hotline need not know."""
    harmless = {"plain_ids", "any_status"}  # ids are opaque here; our errors are answers
    seen = {
        "few_verbs", "one_status", "only_completed", "record_acts", "no_fallback", "no_whisper", "no_codes",
        "no_filters", "keeps_recordings", "keeps_media", "media_elsewhere", "no_mms",
    }  # fmt: skip
    assert {one.name for one in fields(Gaps)} == harmless | seen
