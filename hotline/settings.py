"""Every setting of the hotline, typed, read once from the environment.

In demo and test what is unset falls to the embedded defaults; in production a missing
setting stops the start with one sentence that names it.
"""

import base64
import binascii
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from hotline.flow.opening import read_hours

TWILIO = "https://api.twilio.com"
KEY_BYTES = 32
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")
PROFILES = Path(__file__).parent / "carrier" / "known"  # one file a carrier, by its name
DEMO = "demo.env"  # a demo's settings, in HOTLINE_DATA, where other commands find them


class WrongSettings(Exception):
    """The hotline cannot start with these settings; the text says which and why."""


class Settings(BaseSettings):
    """One value object, handed to whoever needs it; nothing else reads the environment."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    env: Literal["demo", "test", "production"] = Field("production", validation_alias="HOTLINE_ENV")
    data: Path = Field(Path(".hotline"), validation_alias="HOTLINE_DATA")
    door: Literal["carrier", "console", "all"] = Field("all", validation_alias="HOTLINE_DOOR")
    zone: str = Field("UTC", validation_alias="HOTLINE_ZONE")
    office: str = Field("", validation_alias="HOTLINE_OFFICE")
    working_language: str = Field("en", validation_alias="HOTLINE_WORKING_LANGUAGE")
    rehearsal: bool = Field(False, validation_alias="HOTLINE_REHEARSAL")
    # How many proxies of ours stand before the console, each adding to X-Forwarded-For.
    proxies: int = Field(0, ge=0, le=5, validation_alias="HOTLINE_PROXIES")

    public_url: str = Field("", validation_alias="PUBLIC_URL")
    database_url: str = Field("", validation_alias="DATABASE_URL")
    redis_url: str = Field("", validation_alias="REDIS_URL")
    media_url: str = Field("", validation_alias="MEDIA_URL")
    # For s3: alone. Without keys the machine's own role at Amazon is used.
    s3_endpoint_url: str = Field("", validation_alias="S3_ENDPOINT_URL")
    aws_access_key_id: str = Field("", validation_alias="AWS_ACCESS_KEY_ID", repr=False)
    aws_secret_access_key: str = Field("", validation_alias="AWS_SECRET_ACCESS_KEY", repr=False)
    aws_region: str = Field("", validation_alias="AWS_DEFAULT_REGION")

    secret_key: str = Field("", validation_alias="SECRET_KEY", repr=False)
    data_keys: Annotated[tuple[tuple[str, bytes], ...], NoDecode] = Field(
        (), validation_alias="DATA_KEYS", repr=False
    )
    lookup_key: Annotated[bytes, NoDecode] = Field(b"", validation_alias="LOOKUP_KEY", repr=False)
    audit_key: Annotated[bytes, NoDecode] = Field(b"", validation_alias="AUDIT_KEY", repr=False)

    twilio_account_sid: str = Field("", validation_alias="TWILIO_ACCOUNT_SID")
    twilio_auth_tokens: Annotated[tuple[str, ...], NoDecode] = Field(
        (), validation_alias="TWILIO_AUTH_TOKEN", repr=False
    )
    twilio_api_url: str = Field(TWILIO, validation_alias="TWILIO_API_URL")
    # Which profile describes the carrier; empty: by the host of its API.
    carrier: str = Field("", validation_alias="HOTLINE_CARRIER")
    # Hosts, beside those of the profile, that a recording may be fetched from by a redirect.
    media_hosts: Annotated[tuple[str, ...], NoDecode] = Field((), validation_alias="HOTLINE_MEDIA_HOSTS")

    # Who bears it may read counts and ages at /metrics; empty: there is no such page.
    metrics_token: str = Field("", validation_alias="HOTLINE_METRICS_TOKEN", repr=False)

    # What callers meet. Each starting value comes from a peer in use (docs/menu-trees.md).
    most_turns: int = Field(30, ge=5, le=500, validation_alias="HOTLINE_MOST_TURNS")
    voicemail_seconds: int = Field(300, ge=10, le=3600, validation_alias="HOTLINE_VOICEMAIL_SECONDS")
    silence_seconds: int = Field(10, ge=2, le=60, validation_alias="HOTLINE_SILENCE_SECONDS")
    # What one segment costs us, with its currency, such as "0.0465 USD"; empty: staff see segments alone.
    text_price: str = Field(
        "", pattern=r"^([0-9]+(\.[0-9]+)? [A-Z]{3})?$", validation_alias="HOTLINE_TEXT_PRICE"
    )
    # Words by which the hotline is known, beside HOTLINE_OFFICE: not in a text to who asked not to have it named.
    names: Annotated[tuple[str, ...], NoDecode] = Field((), validation_alias="HOTLINE_NAMES")
    text_reply_minutes: int = Field(60, ge=1, validation_alias="HOTLINE_TEXT_REPLY_MINUTES")

    # Calls of one number within a minute that are answered; 0: all. Unset: 3 in production, else all.
    calls_a_minute: int | None = Field(None, ge=0, le=1000, validation_alias="HOTLINE_CALLS_A_MINUTE")

    # Calls that we place: how many in a day, how many to one number that rang, where to, and when.
    callbacks_a_day: int = Field(200, ge=0, validation_alias="HOTLINE_CALLBACKS_A_DAY")
    callbacks_a_number: int = Field(3, ge=0, validation_alias="HOTLINE_CALLBACKS_A_NUMBER")
    callback_countries: Annotated[tuple[str, ...], NoDecode] = Field(
        ("66", "60", "95", "855", "856", "977", "880", "62", "84", "91", "63"),
        validation_alias="HOTLINE_CALLBACK_COUNTRIES",
    )
    callback_hours: str = Field("mon-sun 08:00-21:00", validation_alias="HOTLINE_CALLBACK_HOURS")

    # What staff are held to.
    claim_minutes: int = Field(30, ge=1, validation_alias="HOTLINE_CLAIM_MINUTES")
    danger_minutes: int = Field(10, ge=1, validation_alias="HOTLINE_DANGER_MINUTES")
    urgent_hours: int = Field(4, ge=1, validation_alias="HOTLINE_URGENT_HOURS")
    standard_hours: int = Field(24, ge=1, validation_alias="HOTLINE_STANDARD_HOURS")

    # How many days after their last check messages of a country, and places where help is, are still told.
    rights_days: int = Field(365, ge=1, validation_alias="HOTLINE_RIGHTS_DAYS")
    help_days: int = Field(180, ge=1, validation_alias="HOTLINE_HELP_DAYS")

    # How long the hotline keeps asking the carrier.
    intake_hours: int = Field(48, ge=1, validation_alias="HOTLINE_INTAKE_HOURS")
    keep_days: int = Field(180, ge=1, validation_alias="HOTLINE_KEEP_DAYS")
    audit_years: int = Field(5, ge=1, validation_alias="HOTLINE_AUDIT_YEARS")
    call_lost_minutes: int = Field(10, ge=1, validation_alias="HOTLINE_CALL_LOST_MINUTES")
    lease_seconds: float = Field(30.0, ge=1, validation_alias="HOTLINE_LEASE_SECONDS")
    reconcile_seconds: int = Field(600, ge=2, validation_alias="HOTLINE_RECONCILE_SECONDS")

    @property
    def known_as(self) -> tuple[str, ...]:
        """Every name of the hotline."""
        return tuple(name for name in ("hotline", self.office, *self.names) if name)

    @property
    def most_calls_a_minute(self) -> int:
        if self.calls_a_minute is not None:
            return self.calls_a_minute
        return 3 if self.env == "production" and not self.rehearsal else 0

    @field_validator("public_url", "twilio_api_url", "s3_endpoint_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        """Operators paste it without scheme or with a slash at the end; only the second is harmless."""
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be a whole address such as https://hotline.example")
        return value.rstrip("/")

    @field_validator("media_url")
    @classmethod
    def _known_store(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme == "s3" and BUCKET.match(parts.netloc) and not (parts.query or parts.fragment):
            return value
        if value and parts.scheme != "file":
            raise ValueError("must be file:/folder (of this machine) or s3://bucket/prefix")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _long_token(cls, value: str) -> str:
        if value and len(value) < 16:
            raise ValueError("must be at least 16 random characters")
        return value

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError("must name a time zone such as Asia/Bangkok") from unknown
        return value

    @field_validator("callback_hours")
    @classmethod
    def _readable_hours(cls, value: str) -> str:
        read_hours(value)
        return value

    @field_validator("carrier")
    @classmethod
    def _known_carrier(cls, value: str) -> str:
        known = sorted(path.stem for path in PROFILES.glob("*.yaml"))
        if value and value not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return value

    @field_validator("callback_countries", "media_hosts", "names", "twilio_auth_tokens", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return tuple(t.strip() for t in value.split(",") if t.strip()) if isinstance(value, str) else value

    @field_validator("lookup_key", "audit_key", mode="before")
    @classmethod
    def _one_key(cls, value: Any) -> Any:
        return _key(value) if isinstance(value, str) else value

    @field_validator("data_keys", mode="before")
    @classmethod
    def _ring(cls, value: Any) -> Any:
        """`id:base64`, newest first, comma-separated."""
        if not isinstance(value, str):
            return value
        pairs = [entry.strip().partition(":") for entry in value.split(",") if entry.strip()]
        if any(not (1 <= len(name) <= 16 and name.isalnum()) for name, _, _ in pairs):
            raise ValueError("each key is written id:base64, the id in letters and digits")
        if len({name for name, _, _ in pairs}) != len(pairs):
            raise ValueError("two keys bear the same id")
        return tuple((name, _key(text)) for name, _, text in pairs)

    @model_validator(mode="after")
    def _complete(self, info: ValidationInfo) -> "Settings":
        missing = [
            name
            for name, value in (
                ("PUBLIC_URL", self.public_url),
                ("DATABASE_URL", self.database_url),
                ("REDIS_URL", self.redis_url),
                ("MEDIA_URL", self.media_url),
                ("SECRET_KEY", self.secret_key),
                ("DATA_KEYS", self.data_keys),
                ("LOOKUP_KEY", self.lookup_key),
                ("AUDIT_KEY", self.audit_key),
                ("TWILIO_ACCOUNT_SID", self.twilio_account_sid),
                ("TWILIO_AUTH_TOKEN", self.twilio_auth_tokens),
            )
            if not value
        ] + self._missing_for_s3()
        if missing:
            raise ValueError(f"{', '.join(missing)} must be set")
        if self.env == "production" and not self.public_url.startswith("https://"):
            raise ValueError("PUBLIC_URL must begin with https:// in production")
        return self

    def _missing_for_s3(self) -> list[str]:
        if not self.media_url.startswith("s3:"):
            return []
        keys = {
            "AWS_ACCESS_KEY_ID": self.aws_access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.aws_secret_access_key,
        }
        if not self.s3_endpoint_url:  # Amazon's own, which knows regions and roles
            missing = [] if self.aws_region else ["AWS_DEFAULT_REGION"]
            return missing + [name for name in keys if any(keys.values()) and not keys[name]]
        return [name for name, value in keys.items() if not value]


def read_settings(**given: Any) -> Settings:
    """Read the environment, with `given` (by environment name) ahead of it.

    Raises:
        WrongSettings: one line a fault, each naming its setting; no value is shown.
    """
    try:
        return Settings(**given)
    except ValidationError as faults:
        lines = []
        for fault in faults.errors():
            name = str(fault["loc"][0]) if fault["loc"] else ""
            said = fault["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {said}" if name else said)
        raise WrongSettings("\n".join(lines)) from None


def read_demo(data: Path) -> dict[str, str]:
    """The settings that a demo left, by their names in the environment. Raises: FileNotFoundError."""
    lines = (data / DEMO).read_text("utf-8").splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines) if name and value}


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as bad:
        raise ValueError("a key is 32 random bytes in base64") from bad
    if len(key) != KEY_BYTES:
        raise ValueError("a key is 32 random bytes in base64")
    return key
