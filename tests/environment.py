"""Settings of a test as the environment of a process."""

import base64
import os

from hotline.settings import Settings


def environment_of(settings: Settings) -> dict[str, str]:
    """What a process needs to be the same hotline, and nothing of the one that the tests run in."""
    mine = ("HOTLINE_", "TWILIO_", "AWS_", "S3_")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(mine)},
        "HOTLINE_ENV": settings.env,
        "HOTLINE_DATA": str(settings.data),
        "HOTLINE_DOOR": settings.door,
        "HOTLINE_ZONE": settings.zone,
        "HOTLINE_CARRIER": settings.carrier,
        "HOTLINE_MEDIA_HOSTS": ",".join(settings.media_hosts),
        "PUBLIC_URL": settings.public_url,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "MEDIA_URL": settings.media_url,
        "SECRET_KEY": settings.secret_key,
        "DATA_KEYS": ",".join(f"{name}:{_base64(key)}" for name, key in settings.data_keys),
        "LOOKUP_KEY": _base64(settings.lookup_key),
        "AUDIT_KEY": _base64(settings.audit_key),
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": ",".join(settings.twilio_auth_tokens),
        "TWILIO_API_URL": settings.twilio_api_url,
    }


def _base64(key: bytes) -> str:
    return base64.b64encode(key).decode()
