"""A long run of nonsense at every webhook, rightly signed, and at every form, by somebody who may.

    .venv/bin/python -m benchmarks.fuzz [requests]     (200,000)

Against gunicorn. Prints what was answered, how fast, and what must not be: an answer of 500 or more, one slower
than 2 s, anything half written. Ends with 1 where there is any.
"""

import itertools
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import requests
import sqlalchemy as sa
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from hotline import create_app
from hotline.db import make_engine, utcnow
from hotline.settings import Settings
from hotline.webhooks.form import Form
from tests.faults.world import a_world
from tests.fuzzing import FormRequest, Request, make_form_requests, make_requests
from tests.signing_in import PASSWORD, make_member, token_of
from tests.web.test_fuzz_forms import names_of_fields, routes_of
from tests.webhooks.test_fuzz import HALF_WRITTEN

REQUESTS, CLIENTS, SLOWEST = 200_000, 8, 2.0
FORMS = 8  # one request in so many goes to a form: more than a member's limit would be refused unread
PATIENCE = 30.0  # seconds


@dataclass
class Found:
    """What came of it."""

    codes: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def ask(self, send: Callable[[], requests.Response], what: object) -> None:
        began = time.monotonic()
        try:
            try:
                code = send().status_code
            except requests.ConnectionError:  # kept alive no longer: a worker had answered its share
                code = send().status_code
        except requests.RequestException as broken:
            code = 599
            what = (broken, what)
        took = time.monotonic() - began
        self.codes[code] += 1
        self.slowest = max(self.slowest, took)
        if code >= 500 or took > SLOWEST:
            self.wrong.append(f"{code} after {took:.1f} s: {what!r}"[:600])


def main(count: str = str(REQUESTS)) -> int:
    with tempfile.TemporaryDirectory(prefix="hotline-fuzz-") as folder:
        Path(folder).chmod(0o711)
        with a_world(Path(folder), outage=0, seed=1) as world:
            return _fuzz(world.settings, int(count))


def _fuzz(settings: Settings, count: int) -> int:
    engine = make_engine(settings)
    with Session(engine) as session:
        emails = [
            make_member(session, "caseworker", ("my", "th"), f"F {chr(97 + at)}").email
            for at in range(CLIENTS)
        ]
    routes = routes_of(create_app(settings), "caseworker")
    found, began = Found(), time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(
            pool.map(
                lambda at: _client(settings, emails[at], at, count // CLIENTS, routes, found), range(CLIENTS)
            )
        )
    took = time.monotonic() - began
    for what, query in HALF_WRITTEN.items():
        with engine.connect() as connection:
            if connection.scalar(sa.text(query)):
                found.wrong.append(f"half written: {what}")
    told = ", ".join(f"{number:,} x {code}" for code, number in sorted(found.codes.items()))
    print(
        f"{found.codes.total():,} requests in {took:.0f} s ({found.codes.total() / took:.0f} a second): {told}"
    )
    print(f"slowest {found.slowest:.2f} s; wrong: {len(found.wrong)}")
    print("\n".join(found.wrong[:20]))
    return 1 if found.wrong else 0


def _client(
    settings: Settings, email: str, seed: int, count: int, routes: list[tuple[str, str, str]], found: Found
) -> None:
    browser, carrier = requests.Session(), requests.Session()
    here, page = settings.public_url, browser.get(f"{settings.public_url}/staff/sign-in").text
    fields = {"email": email, "password": PASSWORD, "csrf_token": token_of(page), "submit": "Login"}
    browser.post(f"{here}/staff/sign-in", data=fields)
    token = token_of(browser.get(f"{here}/me").text)
    webhooks, forms = make_requests(seed), make_form_requests(seed, routes, names_of_fields(), _ids(settings))
    for number in itertools.islice(itertools.count(), count):
        if number % FORMS:
            one = next(webhooks)
            found.ask(lambda one=one: carrier.send(_signed(settings, one), timeout=PATIENCE), one)  # type: ignore[misc]
        else:
            form = next(forms)
            found.ask(lambda form=form: _fill_in(browser, here, form, token), form)  # type: ignore[misc]


def _signed(settings: Settings, one: Request) -> requests.PreparedRequest:
    pairs = Form.of(one.body, path="", query="", at=utcnow()).pairs
    try:
        signature = RequestValidator(settings.twilio_auth_tokens[0]).compute_signature(
            settings.public_url + one.path, MultiDict(pairs)
        )
    except UnicodeEncodeError:  # what is no text cannot be signed
        signature = "none"
    headers = {"Content-Type": one.kind, "X-Twilio-Signature": signature}
    made = requests.Request("POST", settings.public_url, data=one.body, headers=headers).prepare()
    made.url = settings.public_url + one.path  # as it is: the address is what was signed
    return made


def _fill_in(browser: requests.Session, here: str, form: FormRequest, token: str) -> requests.Response:
    pairs = (*form.fields, (b"csrf_token", token.encode()))
    body = form.json or b"&".join(n.replace(b"&", b"%26") + b"=" + v.replace(b"&", b"%26") for n, v in pairs)
    kind = "application/json" if form.json else "application/x-www-form-urlencoded"
    headers = {"Content-Type": kind, "X-CSRFToken": token}
    return browser.request(
        form.method, here + form.path, data=body, headers=headers, allow_redirects=False, timeout=PATIENCE
    )


def _ids(settings: Settings) -> dict[str, list[str]]:
    """Of what the webhooks have made so far, and of nothing where there is nothing yet."""
    with make_engine(settings, pooled=False).connect() as connection:
        reports = [str(one) for one in connection.scalars(sa.text("SELECT id FROM reports LIMIT 20"))]
    return {"report_id": reports, "*": reports}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
