"""Every webhook told fifty times at once, and a call's webhooks in every order: one effect."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from hotline.intake.ledger import Ledger, keep_ledger
from hotline.settings import Settings
from tests.carrier_says import LINE

TIMES, AT_ONCE = 50, 16


def _webhooks(of: str, caller: str) -> list[tuple[str, dict[str, str]]]:
    """A call by (path, fields), from its first webhook to its last; `of` makes its ids its own."""
    call = {"CallSid": f"CA{of}", "From": caller, "To": LINE, "CallStatus": "in-progress"}
    ended = call | {"CallStatus": "completed", "SequenceNumber": "4"}
    recorded = {"RecordingSid": f"RE{of}", "RecordingDuration": "9", "RecordingStatus": "completed"}
    menu = "at=choose_language&f=000&l=&m=0&r=&t=main&u=s&w=0&z=0"
    main = "at=main_menu&f=110&l=my&m=0&r=&t=main&u=s&w=0&z=1"
    microphone = "at=message&f=110&l=my&m=0&r=7712043&t=main&u=s&w=0&z=2"
    return [
        ("/voice/incoming", call),
        (f"/voice/step?{menu}", call | {"Digits": "1"}),
        (f"/voice/step?{main}", call | {"Digits": "1"}),
        (f"/voice/recorded?{microphone}", call | recorded),
        (f"/voice/recording?{microphone}", {"CallSid": f"CA{of}"} | recorded),
        ("/voice/status", ended),
    ]


def _tell(app: Flask, settings: Settings, path: str, fields: dict[str, str]) -> int:
    address = settings.public_url + path
    signature = RequestValidator(settings.twilio_auth_tokens[0]).compute_signature(address, fields)
    answer = app.test_client().post(
        path,
        data=urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    return answer.status_code


EFFECTS = {
    "call": "SELECT line_id IS NOT NULL, status, ended_at IS NOT NULL, anonymous, tree FROM calls WHERE sid = :call",
    "steps": "SELECT number, node, waits, pressed, language FROM steps WHERE call_sid = :call ORDER BY 1",
    "recording": "SELECT sid = :recording, carrier_seconds FROM recordings WHERE call_sid = :call",
    "report": "SELECT reference, language, language_chosen, urgency, state FROM reports WHERE call_sid = :call",
    "promise": "SELECT kind, state FROM outbox WHERE payload ->> 'recording_sid' = :recording",
    "contact": "SELECT count(*), bool_and(number IS NOT NULL) FROM contacts WHERE id IN"
    " (SELECT contact_id FROM calls WHERE sid = :call UNION SELECT contact_id FROM reports WHERE call_sid = :call"
    " UNION SELECT contact_id FROM recordings WHERE call_sid = :call)",
}


def _effect(session: Session, of: str) -> dict[str, Any]:
    ids = {"call": f"CA{of}", "recording": f"RE{of}"}
    found = {}
    for what, query in EFFECTS.items():
        names = {name: value for name, value in ids.items() if f":{name}" in query}
        found[what] = [tuple(row) for row in session.execute(sa.text(query), names)]
    return found


def test_a_call_told_in_every_order_leaves_the_same(
    app: Flask, settings: Settings, session: Session, line: str
) -> None:
    for path, fields in _webhooks("0", "+66810000000"):
        assert _tell(app, settings, path, fields) == 200
    expected = _effect(session, "0")
    assert [row[1] for row in expected["steps"]] == ["main_menu", "message", "review"]
    orders = list(itertools.permutations(range(6)))

    def tell(number: int) -> None:
        told = _webhooks(str(number), f"+6681{number:07d}")
        for at in orders[number - 1]:
            assert _tell(app, settings, *told[at]) == 200

    with ThreadPoolExecutor(4) as carriers:
        list(carriers.map(tell, range(1, len(orders) + 1)))
    for number, order in enumerate(orders, 1):
        assert _effect(session, str(number)) == expected, f"told in the order {order}"
    assert keep_ledger(session).calls == 1 + len(orders)


def test_everything_told_fifty_times_at_once_happens_once(
    app: Flask, settings: Settings, session: Session, line: str
) -> None:
    text = {"MessageSid": "SM1", "From": "+66810000001", "To": LINE, "Body": "They keep my passport"}
    told = [*_webhooks("0", "+66810000001"), ("/sms/incoming", text)]
    with ThreadPoolExecutor(AT_ONCE) as carriers:
        for path, fields in told:
            codes = list(
                carriers.map(lambda _, at=path, say=fields: _tell(app, settings, at, say), range(TIMES))
            )
            assert set(codes) == {200}, path
    counts = {
        table: session.scalar(sa.text(f"SELECT count(*) FROM {table}"))
        for table in ("calls", "contacts", "steps", "recordings", "reports")
    }
    assert counts == {"calls": 1, "contacts": 1, "steps": 3, "recordings": 1, "reports": 2}
    arrived = session.execute(sa.text("SELECT direction, count(*) FROM messages GROUP BY 1 ORDER BY 1")).all()
    assert [tuple(row) for row in arrived] == [("in", 1), ("out", 1)], "stored once, and answered once"
    assert keep_ledger(session) == Ledger(
        calls=1, reached_microphone=1, stored=0, empty=0, hung_up=0, not_received=0, arriving=1,
        elsewhere=0, unknown=0, texts=1,
    )  # fmt: skip
