"""The hotline calls a phone."""

from typing import Any

import requests

from tests.rehearsal.hotlines import CALLER, LINE, Rehearsal

EVENTS = ["initiated", "ringing", "answered", "completed"]


def call_out(rehearsal: Rehearsal, **form: Any) -> requests.Response:
    """POST Calls.json; what is nothing is left out."""
    wanted = {
        "To": CALLER,
        "From": LINE,
        "Url": f"{rehearsal.hotline.url}/out?about=7",
        "StatusCallback": f"{rehearsal.hotline.url}/told",
        "StatusCallbackEvent": EVENTS,
    }
    asked = {name: value for name, value in (wanted | form).items() if value}
    return requests.post(f"{rehearsal.account_url}/Calls.json", data=asked, auth=rehearsal.credentials)
