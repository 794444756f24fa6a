"""The demo's settings and keys: made once, kept in HOTLINE_DATA/demo.env, readable by its owner only."""

import base64
import os
import secrets
from pathlib import Path

from hotline.demo.checks import NotReady
from hotline.embedded import postgres, valkey
from hotline.settings import DEMO, read_demo

DATABASE = "hotline"
CARRIER = ("TWILIO_API_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")


def take_settings(data: Path, port: int) -> dict[str, str]:
    """Settings by their names in the environment, whose own values win; written down for other commands.

    Raises:
        NotReady: a carrier is named without its credentials.
    """
    kept = read_demo(data) if (data / DEMO).exists() else _made()
    database = postgres.home(data / "postgres")
    settings = {
        **kept,
        "HOTLINE_ENV": "demo",
        "HOTLINE_DATA": str(data.resolve()),
        "HOTLINE_ZONE": "Asia/Bangkok",
        "HOTLINE_OFFICE": "Samut Sakhon office",
        "HOTLINE_REHEARSAL": "1",
        "HOTLINE_TEXT_PRICE": "0.02 USD",  # made up
        # Who rehearses at night is called back, too.
        "HOTLINE_CALLBACK_HOURS": "" if os.environ.get("TWILIO_API_URL") else "mon-sun 00:00-24:00",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": postgres.url_of(postgres.socket_folder(database), DATABASE),
        "REDIS_URL": valkey.url_of(data / "valkey"),
        "MEDIA_URL": f"file:{data.resolve() / 'media'}",
        "TWILIO_API_URL": f"http://127.0.0.1:{port + 1}",
        "HOTLINE_CARRIER": "",
        # Where the rehearsal carrier keeps what comes with texts.
        "HOTLINE_MEDIA_HOSTS": "" if os.environ.get("TWILIO_API_URL") else "localhost",
    }
    settings |= {
        name: os.environ[name] for name in settings if os.environ.get(name) and name != "HOTLINE_DATA"
    }
    if os.environ.get("TWILIO_API_URL"):
        missing = [name for name in CARRIER if not os.environ.get(name)]
        if missing:
            raise NotReady(f"With TWILIO_API_URL set, {' and '.join(missing)} must be set, too.")
        settings["HOTLINE_REHEARSAL"] = "0"
    _write(data / DEMO, settings)
    return settings


def has_own_carrier(settings: dict[str, str]) -> bool:
    """Whether the rehearsal carrier is this demo's carrier."""
    return settings["HOTLINE_REHEARSAL"] == "1"


def _made() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "DATA_KEYS": f"k1:{_key()}",
        "LOOKUP_KEY": _key(),
        "AUDIT_KEY": _key(),
        "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write(path: Path, settings: dict[str, str]) -> None:
    making = path.with_suffix(".part")
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in settings.items())
    making.replace(path)
