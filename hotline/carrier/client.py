"""The carrier's REST API (Twilio, 2010-04-01), as far as the hotline needs it.

The twilio package's own client builds its addresses from Twilio's host name; services that speak
the same language, and tests, live elsewhere. So: requests, and the API's description as the test
(tests/carrier/test_contract.py).
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests
import urllib3

from hotline.carrier.errors import (
    AnswerLost,
    Busy,
    CarrierDown,
    CutOff,
    NotThere,
    RefusedByCarrier,
    TooLarge,
)
from hotline.carrier.profiles import profile_of

__all__ = ["AnswerLost", "Carrier", "Fetched", "RefusedByCarrier"]

CONNECT, READ = 5.0, 10.0  # seconds, each
LONGEST_FETCH = 60.0  # seconds for a whole recording
MOST_BYTES = 128 * 1024 * 1024  # an hour of 16-bit audio at 16 kHz
MOST_REDIRECTS = 3
PAGE = 200


@dataclass(frozen=True)
class Fetched:
    """A recording as it came."""

    body: bytes
    sha256: bytes


class Carrier:
    """One account at one carrier."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str) -> None:
        self._account = f"{api_url}/2010-04-01/Accounts/{quote(account_sid, safe='')}"
        self._api_url = api_url
        self._auth = (account_sid, auth_token)
        self.profile = profile_of(api_url)

    def fetch_recording(self, sid: str) -> Fetched:
        """All bytes of a recording, within a minute; its length is what was promised.

        Raises:
            NotThere, Busy, CarrierDown, CutOff, RefusedByCarrier, TooLarge.
        """
        until = time.monotonic() + LONGEST_FETCH
        try:
            with self._follow(f"{self._account}/Recordings/{quote(sid, safe='')}.wav") as answer:
                _check(answer)
                return _read(answer, until)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as broken:
            raise CutOff(type(broken).__name__) from None

    def delete_recording(self, sid: str) -> None:
        """Delete it; gone already is gone. Raises: Busy, CarrierDown, RefusedByCarrier."""
        try:
            self._ask("DELETE", f"{self._account}/Recordings/{quote(sid, safe='')}.json")
        except NotThere:
            return

    def send_text(self, from_: str, to: str, body: str, status_callback: str, valid_seconds: int) -> str:
        """Hand a text over; the answer is its id.

        Raises:
            AnswerLost, Busy, RefusedByCarrier.
        """
        form = {
            "From": from_,
            "To": to,
            "Body": body,
            "StatusCallback": status_callback,
            "ValidityPeriod": str(valid_seconds),
        }
        try:
            return str(self._ask("POST", f"{self._account}/Messages.json", data=form).json()["sid"])
        except (CarrierDown, KeyError, ValueError) as lost:
            raise AnswerLost(type(lost).__name__) from None

    def find_sent_text(self, to: str, from_: str, since: datetime, body: str) -> str | None:
        """The id of a text like this that the carrier took since then, if it did."""
        for text in self._list(
            "Messages", "messages", {"To": to, "From": from_}, since - timedelta(minutes=2)
        ):
            if text.get("body") == body and text.get("to") == to and text.get("direction") != "inbound":
                return str(text["sid"])
        return None

    def call_status(self, sid: str) -> str:
        """The carrier's word for where a call is. Raises: NotThere, Busy, CarrierDown, RefusedByCarrier."""
        answer = self._ask("GET", f"{self._account}/Calls/{quote(sid, safe='')}.json")
        try:
            return str(answer.json()["status"])
        except (KeyError, ValueError):
            raise CarrierDown("not JSON") from None

    def _list(
        self, resource: str, key: str, query: dict[str, str], since: datetime
    ) -> Iterator[dict[str, Any]]:
        """Newest first, page by page, until older than `since`."""
        address: str | None = f"{self._account}/{resource}.json"
        asked: dict[str, str] | None = query | {"PageSize": str(PAGE)}
        while address:
            page = self._ask("GET", address, params=asked).json()
            for item in page.get(key, []):
                if _made_at(item) < since:
                    return
                yield item
            onward = page.get("next_page_uri")
            address, asked = (urljoin(self._api_url + "/", onward) if onward else None), None
            if address and urlsplit(address).netloc != urlsplit(self._api_url).netloc:
                return  # a page elsewhere would get our credentials

    def _ask(self, method: str, address: str, **more: Any) -> requests.Response:
        try:
            answer = requests.request(
                method, address, auth=self._auth, timeout=(CONNECT, READ), allow_redirects=False, **more
            )
        except requests.RequestException as broken:
            raise CarrierDown(type(broken).__name__) from None
        _check(answer)
        return answer

    def _follow(self, address: str) -> requests.Response:
        """Ask for media; redirects only to the carrier's own media hosts, and without credentials."""
        auth: tuple[str, str] | None = self._auth
        for _ in range(MOST_REDIRECTS + 1):
            answer = requests.get(
                address, auth=auth, timeout=(CONNECT, READ), allow_redirects=False, stream=True
            )
            if not answer.is_redirect:
                return answer
            answer.close()
            address = urljoin(address, answer.headers["Location"])
            if urlsplit(address).hostname not in self.profile.media_hosts:
                raise RefusedByCarrier(answer.status_code)
            auth = None
        raise RefusedByCarrier(310)


def _check(answer: requests.Response) -> None:
    status = answer.status_code
    if status < 300:
        return
    if status == 404:
        raise NotThere("404")
    if status == 429:
        raise Busy("429", _seconds(answer.headers.get("Retry-After")))
    if status >= 500:
        raise CarrierDown(str(status))
    try:
        code = answer.json().get("code")
    except (ValueError, AttributeError):
        code = None
    raise RefusedByCarrier(status, code if isinstance(code, int) else None)


def _read(answer: requests.Response, until: float) -> Fetched:
    """Take what has come, as it comes: waiting for whole chunks, a byte a second would never time out."""
    promised = answer.headers.get("Content-Length")
    digest, chunks, size = hashlib.sha256(), [], 0
    while chunk := answer.raw.read1(64 * 1024):
        digest.update(chunk)
        chunks.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise TooLarge(str(size))
        if time.monotonic() > until:
            raise CutOff("too slow")
    if promised and promised.isdigit() and int(promised) != size:
        raise CutOff(f"{size} of {promised}")
    return Fetched(b"".join(chunks), digest.digest())


def _seconds(said: str | None) -> float | None:
    return min(float(said), 3600.0) if said and said.isdigit() else None


def _made_at(item: dict[str, Any]) -> datetime:
    try:
        return parsedate_to_datetime(str(item.get("date_created")))
    except (TypeError, ValueError):
        return datetime.now(UTC)
