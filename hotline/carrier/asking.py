"""One request to the carrier's REST API: credentials, limits, and what went wrong by name."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests
import urllib3

from hotline.carrier.errors import (
    Busy,
    CarrierDown,
    CutOff,
    LedElsewhere,
    NotThere,
    RefusedByCarrier,
    TooLarge,
)
from hotline.carrier.profiles import Profile, profile_of

CONNECT, READ = 5.0, 10.0  # seconds, each
LONGEST_FETCH = 60.0  # seconds for a whole recording
GRACE, SLOWEST = 5.0, 4000  # seconds, then bytes a second: a voice on the telephone takes 16,000
LONGEST_ANSWER = 20.0  # seconds for anything else
MOST_BYTES = 128 * 1024 * 1024  # an hour of 16-bit audio at 16 kHz
MOST_REDIRECTS = 3
PAGE = 200


@dataclass(frozen=True)
class Fetched:
    """A body as it came."""

    body: bytes
    sha256: bytes


class Account:
    """One account at one carrier, by its own address: nothing a request names is asked for elsewhere."""

    def __init__(
        self, account_sid: str, auth_token: str, api_url: str, profile: Profile | None = None
    ) -> None:
        self._address = f"{api_url}/2010-04-01/Accounts/{quote(account_sid, safe='')}"
        self._api_url = api_url
        self._auth = (account_sid, auth_token)
        self.profile = profile or profile_of(api_url)

    def ask(self, method: str, *path: str, **more: Any) -> dict[str, Any]:
        """The JSON of an answer, empty where there is none.

        Raises:
            NotThere, Busy, CarrierDown, RefusedByCarrier.
        """
        return self._ask(method, self._at(*path, kind=".json"), **more)

    def ask_time(self) -> datetime | None:
        """What time it is there, where the carrier says so. Raises: as `ask`."""
        try:
            with requests.get(
                self._at(kind=".json"), auth=self._auth, timeout=(CONNECT, READ), allow_redirects=False
            ) as answer:
                _check(answer)
                return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
        except requests.RequestException as broken:
            raise CarrierDown(type(broken).__name__) from None
        except (KeyError, ValueError):
            return None

    def pages(self, *path: str, query: dict[str, str], key: str = "") -> Iterator[list[dict[str, Any]]]:
        """Every page of a list, as the carrier orders it; `key` names it, where its path does not. Raises: as `ask`."""
        key = key or path[-1].lower()
        address: str | None = self._at(*path, kind=".json")
        asked: dict[str, str] | None = query | {"PageSize": str(PAGE)}
        while address:
            page = self._ask("GET", address, params=asked)
            yield [item for item in page.get(key) or [] if isinstance(item, dict)]
            onward = page.get("next_page_uri")
            address, asked = (urljoin(self._api_url + "/", onward) if onward else None), None
            if address and urlsplit(address).netloc != urlsplit(self._api_url).netloc:
                return  # a page elsewhere would get our credentials

    def fetch(self, *path: str, kind: str = "", most: int | None = None) -> Fetched:
        """All bytes of a file, `most` at most, within a minute; its length is what was promised.

        Raises:
            NotThere, Busy, CarrierDown, CutOff, RefusedByCarrier, TooLarge.
        """
        until = time.monotonic() + LONGEST_FETCH
        try:
            with self._follow(self._at(*path, kind=kind)) as answer:
                _check(answer)
                return _read(answer, until, most or MOST_BYTES)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as broken:
            raise CutOff(type(broken).__name__) from None

    def _at(self, *path: str, kind: str) -> str:
        return "/".join((self._address, *(quote(part, safe="") for part in path))) + kind

    def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        until = time.monotonic() + LONGEST_ANSWER
        try:
            with requests.request(
                method,
                address,
                auth=self._auth,
                timeout=(CONNECT, READ),
                allow_redirects=False,
                stream=True,
                **more,
            ) as answer:
                _check(answer)
                body = _read(answer, until, MOST_BYTES).body
                said = json.loads(body) if body else {}
        except (requests.RequestException, urllib3.exceptions.HTTPError, CutOff, TooLarge) as broken:
            raise CarrierDown(type(broken).__name__) from None
        except ValueError:
            raise CarrierDown("not JSON") from None
        if not isinstance(said, dict):
            raise CarrierDown("not JSON")
        return said

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
            host = urlsplit(address).hostname or ""
            if host not in self.profile.media_hosts:
                raise LedElsewhere(answer.status_code, host)
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
        code = json.loads(answer.raw.read(4096)).get("code")
    except (ValueError, AttributeError):
        code = None
    raise RefusedByCarrier(status, code if isinstance(code, int) else None)


def _read(answer: requests.Response, until: float, most: int) -> Fetched:
    """Take what has come, as it comes: waiting for whole chunks, a byte a second would never time out."""
    promised, began = answer.headers.get("Content-Length"), time.monotonic()
    digest, chunks, size = hashlib.sha256(), [], 0
    while chunk := answer.raw.read1(64 * 1024):
        digest.update(chunk)
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            raise TooLarge(str(size))
        took = time.monotonic() - began
        if time.monotonic() > until or (took > GRACE and size < took * SLOWEST):
            raise CutOff("too slow")
    if promised and promised.isdigit() and int(promised) != size:
        raise CutOff(f"{size} of {promised}")
    return Fetched(b"".join(chunks), digest.digest())


def _seconds(said: str | None) -> float | None:
    return min(float(said), 3600.0) if said and said.isdigit() else None
