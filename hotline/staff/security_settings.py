"""What Flask-Security is told. Where its defaults are weak, the comment says so."""

import base64
from datetime import timedelta
from typing import Any

from hotline.db import utcnow
from hotline.settings import Settings
from hotline.staff.passwords import SHORTEST
from hotline.staff.session_life import LASTS
from hotline.vault.keys import derive

FRESH = timedelta(minutes=15)  # since the password, for changing how one signs in

# What its pages say, in the words of ours.
WORDS = {
    "PASSWORD_CHANGE": "Your password is changed. Everywhere else you are signed out.",
    "PASSWORD_IS_THE_SAME": "That is the password you have now.",
    "PASSWORD_NOT_PROVIDED": "The password is missing.",
    "INVALID_PASSWORD": "That is not your password.",
    "RETYPE_PASSWORD_MISMATCH": "The two are not the same.",
    "REAUTHENTICATION_SUCCESSFUL": "Thank you. Go on.",
    "TWO_FACTOR_INVALID_TOKEN": "That code is not right, or was used already. Wait for the next one.",
    "TWO_FACTOR_LOGIN_SUCCESSFUL": "You are signed in.",
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": "The second factor is set up. Make recovery codes, too.",
    "TWO_FACTOR_DISABLED": "The second factor is off.",
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": "That cannot be chosen here.",
    "TWO_FACTOR_PERMISSION_DENIED": "Begin with your name and password.",
    "TWO_FACTOR_SETUP_EXPIRED": "That took longer than %(within)s. Begin again.",
    "INVALID_RECOVERY_CODE": "That is not one of your codes, or it was used already.",
}


def security_settings(settings: Settings) -> dict[str, Any]:
    """Flask's configuration of cookies, tokens, sign-in and the second factor."""
    secret = settings.secret_key.encode()
    safe = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": derive(secret, "session cookies").hex(),
        "SESSION_COOKIE_NAME": "__Host-hotline" if safe else "hotline",  # no neighbouring host can plant one
        "SESSION_COOKIE_SECURE": safe,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": LASTS,
        "WTF_CSRF_TIME_LIMIT": None,  # an hour by default: who wrote for longer would lose the words
        "WTF_CSRF_SSL_STRICT": False,  # pages send no referrer
        "SECURITY_URL_PREFIX": "/staff",
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGOUT_CSRF": True,  # off by default: any page could sign staff out
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/staff/sign-in",
        "SECURITY_VERIFY_URL": "/again",
        "SECURITY_POST_VERIFY_VIEW": "/me",
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_RETURN_GENERIC_RESPONSES": True,  # nobody learns who has an account
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},  # else it asks the DNS
        "SECURITY_DATETIME_FACTORY": utcnow,
        "SECURITY_FRESHNESS": FRESH,
        "SECURITY_FRESHNESS_GRACE_PERIOD": FRESH,
        **{f"SECURITY_MSG_{name}": (words, "info") for name, words in WORDS.items()},
    } | _passwords(secret) | _second_factor(secret)  # fmt: skip


def _passwords(secret: bytes) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_SALT": derive(secret, "passwords").hex(),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # as hotline.staff.passwords hashes
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/password",
        "SECURITY_POST_CHANGE_VIEW": "/me",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
    }


def _second_factor(secret: bytes) -> dict[str, Any]:
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,  # no cookie stands in for the code
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_SETUP_URL": "/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-factor/code",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/second-factor/which",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/me",
        "SECURITY_TWO_FACTOR_ERROR_VIEW": "/staff/sign-in",
        "SECURITY_TOTP_SECRETS": {"1": derive(secret, "codes").hex()},
        "SECURITY_TOTP_ISSUER": "Hotline",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [  # else they lie in clear text
            base64.urlsafe_b64encode(derive(secret, "recovery codes")).decode()
        ],
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/recovery",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
    }
