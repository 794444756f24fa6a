"""A call that the hotline asks for: to a phone, with documents of its own."""

from collections.abc import Mapping

from hotline.rehearsal.call import Call, Handling
from hotline.rehearsal.exchange import Exchange
from hotline.rehearsal.twiml import Onward

RING_SECONDS = "60"  # Twilio, "Timeout"


class BadCall(ValueError):
    """The carrier refuses to call; `code` is Twilio's error."""

    def __init__(self, code: int, says: str) -> None:
        super().__init__(says)
        self.code = code


def dial(exchange: Exchange, form: Mapping[str, str], events: list[str]) -> Call:
    """Call as the form of POST Calls.json says; the phone rings at once. Raises: BadCall."""
    for name, code in (("To", 21201), ("From", 21213), ("Url", 21205)):
        if not form.get(name):
            raise BadCall(code, f"No '{name}' parameter is given")
    if not form["To"].startswith("+"):
        raise BadCall(21211, "The 'To' number is not a valid phone number")
    if not form["Url"].startswith(("http://", "https://")):
        raise BadCall(21205, "The 'Url' is not a valid address")
    wait = form.get("Timeout", RING_SECONDS)
    handling = Handling(
        first=Onward(form["Url"], _method(form, "Method")),
        fallback=form.get("FallbackUrl", ""),
        status=form.get("StatusCallback", ""),
        status_method=_method(form, "StatusCallbackMethod"),
        events=tuple(" ".join(events).split()) or ("completed",),
        ring_seconds=int(wait if wait.isdigit() else RING_SECONDS),
    )
    call = Call(
        exchange, form["From"], form["To"], status="queued", direction="outbound-api", handling=handling
    )
    call.start()
    return call


def _method(form: Mapping[str, str], name: str) -> str:
    return "GET" if form.get(name, "").upper() == "GET" else "POST"
