"""Ask the hotline, as the carrier asks: signed, within 15 seconds, once more where no connection was made."""

import random
import threading
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

import requests
import urllib3
from twilio.request_validator import RequestValidator

from hotline.rehearsal.config import Config, Faults

CONNECT, READ = 5, 15  # seconds (Twilio, "Webhooks: connection overrides")


@dataclass(frozen=True)
class Answer:
    """What came back, from where, and how long it took."""

    method: str
    url: str
    status: int
    body: bytes
    took_ms: int


class NoAnswer(Exception):
    """The hotline did not answer, or not well. `code` is Twilio's error."""

    def __init__(self, url: str, code: int, says: str) -> None:
        super().__init__(says)
        self.url = url
        self.code = code


def ask(config: Config, faults: Faults, url: str, fields: dict[str, str], method: str = "POST") -> Answer:
    """Send a webhook and wait for its answer; another try comes at once. Raises: NoAnswer.

    The URL's fragment says how many there are (`rc`) and after which failures (`rp`); by default one, and after `ct`
    alone (Twilio, "Webhooks: connection overrides"). With `any_status` there is none, and whatever is answered is an
    answer.
    """
    address, fragment = urldefrag(urljoin(config.webhooks + "/", url))
    if faults.unreachable and "/fallback" not in address:
        raise NoAnswer(address, 11200, "the hotline is out of reach")
    said = {"rc": "1", "rp": "ct"} | dict(parse_qsl(fragment))
    more = min(int(said["rc"]), 5) if said["rc"].isdecimal() else 1
    careless = config.gaps.any_status
    for left in reversed(range(1 if careless else more + 1)):
        try:
            answer = _send(config, address, fields, method)
            if faults.twice:
                answer = _send(config, address, fields, method)
            if answer.status < 400 or careless:
                return answer
            kind, failed = f"{answer.status // 100}xx", f"the answer's status is {answer.status}"
        except requests.RequestException as broken:
            kind, failed = _kind_of(broken), f"no answer: {type(broken).__name__}"
        if not left or not {kind, "all"} & set(said["rp"].split(",")):
            break
    raise NoAnswer(address, 11200, failed)


def tell(
    config: Config, faults: Faults, url: str, fields: dict[str, str], method: str = "POST"
) -> threading.Thread | None:
    """Send a callback from a thread of its own, which is the answer; none where the callback is lost."""
    if faults.loses():
        return None

    def deliver() -> None:
        time.sleep(faults.delay_s + (random.uniform(0, 1.5) if faults.shuffle else 0))
        try:
            ask(config, faults, url, fields, method)
        except NoAnswer:
            return  # as the carrier: written into its log, and lost

    delivering = threading.Thread(target=deliver, daemon=True)
    delivering.start()
    return delivering


def _kind_of(broken: requests.RequestException) -> str:
    """ct: no connection was made; rt: it broke, or no answer came in time."""
    reason = getattr(broken.args[0] if broken.args else None, "reason", None)
    no_connection = urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError
    return "ct" if isinstance(reason, no_connection) else "rt"


def _send(config: Config, address: str, fields: dict[str, str], method: str) -> Answer:
    """The signature is over the address as it is sent: encoded, and with the fields where it is a GET."""
    form, sent_to = fields, address
    if method == "GET":
        form, sent_to = {}, address + ("&" if urlsplit(address).query else "?") + urlencode(fields)
    sent_to = str(requests.Request(method, sent_to).prepare().url)
    signature = RequestValidator(config.auth_token).compute_signature(sent_to, form)
    began = time.monotonic()
    answer = requests.request(
        method,
        sent_to,
        data=form or None,
        headers={"X-Twilio-Signature": signature, "User-Agent": "TwilioProxy/1.1 (rehearsal)"},
        timeout=(CONNECT, READ),
    )
    took = int((time.monotonic() - began) * 1000)
    return Answer(method, address, answer.status_code, answer.content, took)
