"""Ask the hotline, as the carrier asks: signed, within 15 seconds, once more when that fails."""

import random
import threading
import time
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

import requests
from twilio.request_validator import RequestValidator

from hotline.rehearsal.config import Config, Faults

CONNECT, READ = 5, 15  # seconds (Twilio, "Webhooks: connection overrides")


@dataclass(frozen=True)
class Answer:
    """What came back, from where, and how long it took."""

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
    """Send a webhook and wait for its answer; the second try comes at once. Raises: NoAnswer."""
    address = urldefrag(urljoin(config.webhooks + "/", url)).url
    if faults.unreachable and "/fallback" not in address:
        raise NoAnswer(address, 11200, "the hotline is out of reach")
    failed = ""
    for _ in range(2):
        try:
            answer = _send(config, address, fields, method)
            if faults.twice:
                answer = _send(config, address, fields, method)
        except requests.RequestException as broken:
            failed = type(broken).__name__
            continue
        if answer.status < 500:
            break
        failed = f"status {answer.status}"
    else:
        raise NoAnswer(address, 11200, f"no answer: {failed}")
    if answer.status >= 400:
        raise NoAnswer(address, 11200, f"the answer's status is {answer.status}")
    return answer


def tell(config: Config, faults: Faults, url: str, fields: dict[str, str]) -> None:
    """Send a callback from a thread of its own; nobody waits for it."""
    if faults.loses():
        return

    def deliver() -> None:
        if faults.shuffle:
            time.sleep(random.uniform(0, 1.5))
        try:
            ask(config, faults, url, fields)
        except NoAnswer:
            return  # as the carrier: written into its log, and lost

    threading.Thread(target=deliver, daemon=True).start()


def _send(config: Config, address: str, fields: dict[str, str], method: str) -> Answer:
    signature = RequestValidator(config.auth_token).compute_signature(
        address, fields if method == "POST" else {}
    )
    began = time.monotonic()
    answer = requests.request(
        method,
        address,
        data=fields if method == "POST" else None,
        headers={"X-Twilio-Signature": signature, "User-Agent": "TwilioProxy/1.1 (rehearsal)"},
        timeout=(CONNECT, READ),
    )
    return Answer(address, answer.status_code, answer.content, int((time.monotonic() - began) * 1000))
