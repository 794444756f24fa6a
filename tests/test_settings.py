"""A wrong setting names itself at the start, and shows no secret."""

from pathlib import Path

import pytest

from hotline.settings import WrongSettings, read_settings
from tests.conftest import settings_for


def _settings(**given: object) -> object:
    return settings_for("postgresql+psycopg://h@/h", "redis://h", Path("data"), **given)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATA_KEYS", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(WrongSettings) as wrong:
        read_settings()
    for name in ("PUBLIC_URL", "DATABASE_URL", "DATA_KEYS", "TWILIO_AUTH_TOKEN"):
        assert name in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "hotline.example"),
        ("PUBLIC_URL", "https://hotline.example/?a=1"),
        ("DATA_KEYS", "k1:secret-but-short"),
        ("DATA_KEYS", "k1"),
        ("LOOKUP_KEY", "secret-but-short"),
        ("HOTLINE_ZONE", "Asia/Nowhere"),
        ("HOTLINE_ENV", "producton"),
        ("MEDIA_URL", "ftp://elsewhere"),
        ("MEDIA_URL", "s3://"),
        ("MEDIA_URL", "s3://No_Bucket/audio"),
        ("S3_ENDPOINT_URL", "minio.example"),
        ("HOTLINE_MOST_TURNS", "many"),
        ("HOTLINE_VOICEMAIL_SECONDS", "-3"),
    ],
)
def test_a_wrong_setting_names_itself_and_shows_no_value(name: str, value: str) -> None:
    with pytest.raises(WrongSettings) as wrong:
        _settings(**{name: value})
    assert str(wrong.value).startswith(f"{name}:")
    assert "secret-but-short" not in str(wrong.value)


def test_production_asks_for_https() -> None:
    with pytest.raises(WrongSettings, match="https"):
        _settings(HOTLINE_ENV="production")


def test_a_pasted_slash_at_the_end_and_several_tokens_are_understood() -> None:
    read = _settings(PUBLIC_URL="http://hotline.test/", TWILIO_AUTH_TOKEN="new, old")
    assert read.public_url == "http://hotline.test"  # type: ignore[attr-defined]
    assert read.twilio_auth_tokens == ("new", "old")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "AWS_DEFAULT_REGION must be set"),
        (
            {"S3_ENDPOINT_URL": "https://s3.example"},
            "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY must be set",
        ),
        ({"AWS_DEFAULT_REGION": "eu-1", "AWS_ACCESS_KEY_ID": "a"}, "AWS_SECRET_ACCESS_KEY must be set"),
    ],
)
def test_a_bucket_names_what_it_lacks(
    given: dict[str, str], missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "S3_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(WrongSettings) as wrong:
        _settings(MEDIA_URL="s3://hotline/audio", **given)
    assert str(wrong.value) == missing


def test_a_bucket_at_amazon_may_be_opened_by_the_machines_role() -> None:
    read = _settings(MEDIA_URL="s3://hotline/audio", AWS_DEFAULT_REGION="eu-central-1")
    assert read.media_url == "s3://hotline/audio"  # type: ignore[attr-defined]
