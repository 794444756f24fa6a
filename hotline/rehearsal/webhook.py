"""Ask the hotline, as the carrier asks: signed, within 15 seconds, once more when that fails."""

import random
import threading
import time
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import requests
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
    """Send a webhook and wait for its answer; the second try comes at once. Raises: NoAnswer.

    With `any_status` there is no second try, and whatever is answered is an answer.
    """
    address = urldefrag(urljoin(config.webhooks + "/", url)).url
    if faults.unreachable and "/fallback" not in address:
        raise NoAnswer(address, 11200, "the hotline is out of reach")
    failed = ""
    careless = config.gaps.any_status
    for _ in range(1 if careless else 2):
        try:
            answer = _send(config, address, fields, method)
            if faults.twice:
                answer = _send(config, address, fields, method)
        except requests.RequestException as broken:
            failed = type(broken).__name__
            continue
        if answer.status < 500 or careless:
            break
        failed = f"status {answer.status}"
    else:
        raise NoAnswer(address, 11200, f"no answer: {failed}")
    if answer.status >= 400 and not careless:
        raise NoAnswer(address, 11200, f"the answer's status is {answer.status}")
    return answer


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
