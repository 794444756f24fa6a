"""X-Twilio-Signature: only the carrier may speak through its door.

The signed text is the address as it was pasted (PUBLIC_URL + raw path + raw query, never Host or
X-Forwarded-*) and the form's fields. Twilio, "Validating requests".
"""

import hmac

from flask import Request
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict


def is_signed(
    tokens: tuple[str, ...], public_url: str, request: Request, fields: MultiDict[str, str]
) -> bool:
    """Whether one of our tokens signed this request; nonsense of any kind is not signed."""
    given = request.headers.get("X-Twilio-Signature", "")
    address = public_url + raw_path(request)
    form = MultiDict[str, str]() if request.method == "GET" else fields
    return any(_matches(token, address, form, given) for token in tokens)


def raw_path(request: Request) -> str:
    """Path and query exactly as they were sent: decoding and encoding them again breaks signatures."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    return str(raw) if raw else request.full_path.rstrip("?")


def _matches(token: str, address: str, form: MultiDict[str, str], given: str) -> bool:
    validator = RequestValidator(token)
    try:
        expected = validator.compute_signature(address, form)
        if hmac.compare_digest(expected.encode(), given.encode()):
            return True
        return bool(validator.validate(address, form, given))  # the carrier may name the port or not
    except Exception:  # the validator raises on nonsense instead of answering False (twilio 9.13.0)
        return False
